#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# release.sh SOURCE WORK COMPILER: packaging/release makes the same bytes twice; what it makes is whole, and serves a
# program; without a tag it refuses.
set -eu
source=$1 work=$2
git -C "$source" rev-parse -q --verify HEAD > /dev/null 2>&1 || { echo "SKIPPED: no git repository"; exit 77; }
for tool in "${PARLOOP_REUSE:-reuse}" dpkg-deb gzip python3; do
  command -v "$tool" > /dev/null || { echo "SKIPPED: no $tool (reuse: python3 -m pip install reuse)"; exit 77; }
done
rm -rf "$work"
mkdir -p "$work"
"$source/packaging/release" --draft "$work/first" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$source/packaging/release" --draft "$work/second" > /dev/null
cmp "$work/first/SHA256SUMS" "$work/second/SHA256SUMS"
(cd "$work/first" && sha256sum -c --quiet SHA256SUMS)
test "$(wc -l < "$work/first/SHA256SUMS")" -eq 6
test -s "$work/first/notes.md"

version=$(sed -n 's/.*VERSION "\(.*\)"/\1/p' "$source/include/parloop/version.hpp")
headers=$(git -C "$source" ls-tree -r --name-only HEAD include | grep -c 'pp$')
listed=$(grep -c '^FileName: ./include/parloop/.*pp$' "$work/first/parloop-$version.spdx")
test "$listed" -eq "$headers" || { echo "$listed headers are in the bill of materials, not $headers"; exit 1; }
if grep -q 'LicenseInfoInFile: NOASSERTION' "$work/first/parloop-$version.spdx"; then exit 1; fi
mkdir "$work/sources"
tar -xzf "$work/first/parloop-$version.tar.gz" -C "$work/sources"
mkdir -p "$work/include/parloop"
cp "$work/first/parloop.hpp" "$work/include/parloop"
for include in "$work/sources/parloop-$version/include" "$work/include"; do
  "$3" -std=c++20 -pthread -I"$include" "$source/tests/consumer/consumer.cpp" -o "$work/consumer"
  "$work/consumer"
done
if ! git -C "$source" rev-parse -q --verify "v$version" > /dev/null; then
  if "$source/packaging/release" "$work/third" > "$work/log" 2>&1; then
    echo "released without a tag"
    exit 1
  fi
fi
