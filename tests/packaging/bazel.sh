#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# bazel.sh SOURCE WORK COMPILER: a program that depends on @parloop is built by Bazel and runs. Without the network, so
# MODULE.bazel is not read: BUILD.bazel is, with rules of Bazel's own in the place of rules_cc.
set -eu
source=$1 work=$2
export CC="$3"
java=/usr/share/bazel/rules/java
command -v bazel > /dev/null && [ -d $java ] || { echo "SKIPPED: no bazel-bootstrap, bazel-rules-java of Debian"; exit 77; }
rm -rf "$work/program" "$work/rules_cc" "$work/parloop"
mkdir -p "$work/program" "$work/rules_cc/cc" "$work/parloop"
cp -r "$source/include" "$source/BUILD.bazel" "$source/LICENSE" "$work/parloop"
touch "$work/parloop/WORKSPACE" "$work/rules_cc/WORKSPACE" "$work/rules_cc/cc/BUILD"
for rule in cc_library cc_binary cc_import cc_test cc_toolchain cc_toolchain_suite; do
  echo "$rule = native.$rule"
done > "$work/rules_cc/cc/defs.bzl"
cat > "$work/program/WORKSPACE" << END
local_repository(name = "parloop", path = "$work/parloop")
local_repository(name = "rules_cc", path = "$work/rules_cc")
local_repository(name = "rules_java", path = "$java")
END
echo 'cc_binary(name = "consumer", srcs = ["consumer.cpp"], deps = ["@parloop"])' > "$work/program/BUILD.bazel"
cp "$source/tests/consumer/consumer.cpp" "$work/program"
cd "$work/program"
bazel --batch --output_user_root="$work/root" build --cxxopt=-std=c++20 //:consumer > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
bazel-bin/consumer
