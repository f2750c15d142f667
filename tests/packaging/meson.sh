#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# meson.sh SOURCE WORK COMPILER: a program that has parloop as a Meson subproject, by packaging/parloop.wrap, is built
# and runs. Then parloop is installed by Meson, and found by pkg-config.
set -eu
source=$1 work=$2
export CXX="$3"
for tool in meson ninja git pkg-config; do
  command -v $tool > /dev/null || { echo "SKIPPED: no $tool"; exit 77; }
done
rm -rf "$work"
mkdir -p "$work/program/subprojects" "$work/origin"
# The wrap fetches from a repository: one made of the files as they are.
(cd "$source" && cp -r include meson.build LICENSE "$work/origin")
git -C "$work/origin" init -q
git -C "$work/origin" add .
git -C "$work/origin" -c user.name=test -c user.email=test commit -q -m test
git -C "$work/origin" tag "$(sed -n 's/^revision = //p' "$source/packaging/parloop.wrap")"
sed "s#^url = .*#url = file://$work/origin#" "$source/packaging/parloop.wrap" > "$work/program/subprojects/parloop.wrap"
cp "$source/tests/consumer/consumer.cpp" "$work/program"
cat > "$work/program/meson.build" << 'END'
project('program', 'cpp', default_options: ['cpp_std=c++20'])
executable('program', 'consumer.cpp', dependencies: dependency('parloop'))
END
meson setup "$work/build" "$work/program" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
ninja -C "$work/build" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/build/program"

meson setup "$work/own" "$work/origin" --prefix "$work/installed" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
meson install -C "$work/own" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
export PKG_CONFIG_PATH="$work/installed/share/pkgconfig"
# shellcheck disable=SC2046
$CXX -std=c++20 "$source/tests/consumer/consumer.cpp" $(pkg-config --cflags --libs parloop) -o "$work/installed_program"
"$work/installed_program"
echo "version $(pkg-config --modversion parloop)"
