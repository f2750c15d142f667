#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# compiled_only.sh SOURCE WORK: all main headers compile without a warning, and link, for macOS on both processors, with
# the examples of the origin, and for Windows on ARM, by clang in the PyPI package ziglang. Nothing is run.
set -eu
source=$1
work=$2
python=${PARLOOP_PYTHON:-python3}
if ! "$python" -m ziglang version > /dev/null 2>&1; then
  echo "SKIPPED: no ziglang for $python (python3 -m pip install ziglang)"
  exit 77
fi
mkdir -p "$work"
cat > "$work/headers.cpp" <<'END'
#include <parloop/backend/checked.hpp>
#include <parloop/backend/doctor.hpp>
#include <parloop/backend/traced.hpp>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>
int main() { parloop::parallel_for(parloop::prange(9), [](parloop::index_t) {}); }
END
build() {  # build TARGET PROGRAM
  echo "$1 $2"
  "$python" -m ziglang c++ -target "$1" -std=c++20 -O1 -Wall -Wextra -Wconversion -Wshadow -Werror -I"$source/include" \
    "$2.cpp" -o "$work/program"
}
for program in "$work/headers" "$source/examples/image_copy" "$source/examples/array_add" "$source/examples/monte_carlo_pi"; do
  build x86_64-macos "$program"
  build aarch64-macos "$program"
done
build aarch64-windows-gnu "$work/headers"
