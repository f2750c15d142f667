#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# conan.sh SOURCE WORK COMPILER: the recipe makes a package in a cache of its own, and its test package runs.
set -eu
source=$1 work=$2
conan=${PARLOOP_CONAN:-conan}
command -v "$conan" > /dev/null || { echo "SKIPPED: no conan (python3 -m pip install conan; PARLOOP_CONAN names it)"; exit 77; }
rm -rf "$work"
mkdir -p "$work/parloop"
cp -r "$source/include" "$source/LICENSE" "$source/packaging" "$work/parloop"  # the test package writes beside itself
export CONAN_HOME="$work/home" CXX="$3"
{
  "$conan" profile detect
  "$conan" create "$work/parloop/packaging/conan" -s compiler.cppstd=20 -c "tools.build:compiler_executables={'cpp':'$3'}"
} > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
grep -q "parloop/$(sed -n 's/.*VERSION "\(.*\)"/\1/p' "$source/include/parloop/version.hpp")" "$work/log"
grep -q 'Running test()' "$work/log"
