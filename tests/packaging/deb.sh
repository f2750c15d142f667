#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# deb.sh SOURCE WORK COMPILER: CPack makes libparloop-dev; lintian, where it is installed, has nothing to say; what is
# in the package serves CMake and pkg-config.
set -eu
source=$1 work=$2 compiler=$3
for tool in dpkg-deb gzip; do
  command -v $tool > /dev/null || { echo "SKIPPED: no $tool"; exit 77; }
done
rm -rf "$work"
mkdir -p "$work"
cmake -S "$source" -B "$work/build" -DCMAKE_CXX_COMPILER="$compiler" -DPARLOOP_BUILD_TESTS=OFF \
  -DPARLOOP_BUILD_EXAMPLES=OFF > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
(cd "$work" && cpack --config build/CPackConfig.cmake -G DEB) > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
version=$(sed -n 's/.*VERSION "\(.*\)"/\1/p' "$source/include/parloop/version.hpp")
package=$work/libparloop-dev_$version-1_all.deb
if command -v lintian > /dev/null; then
  # Its first upload closes no bug of Debian's, as nobody has uploaded it.
  lintian --allow-root --suppress-tags initial-upload-closes-no-bugs --fail-on error,warning,info "$package"
else
  echo "no lintian"
fi
dpkg-deb -x "$package" "$work/root"
cmake -S "$source/tests/consumer" -B "$work/program" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$work/root/usr" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
grep -q "parloop_DIR:PATH=$work/root/usr/share/cmake/parloop" "$work/program/CMakeCache.txt"
cmake --build "$work/program" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/program/consumer"
if command -v pkg-config > /dev/null; then
  export PKG_CONFIG_PATH="$work/root/usr/share/pkgconfig"
  # shellcheck disable=SC2046
  $compiler -std=c++20 "$source/tests/consumer/consumer.cpp" $(pkg-config --cflags --libs parloop) -o "$work/found_program"
  "$work/found_program"
fi
