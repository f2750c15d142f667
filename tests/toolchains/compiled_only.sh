#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# macos.sh SOURCE WORK: all main headers and the examples of the origin compile without a warning, and link, for macOS
# on both processors, by clang in the PyPI package ziglang. Nothing is run.
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
for processor in x86_64 aarch64; do
  for program in "$work/headers" "$source/examples/image_copy" "$source/examples/array_add" "$source/examples/monte_carlo_pi"; do
    echo "$processor $program"
    "$python" -m ziglang c++ -target "$processor-macos" -std=c++20 -O1 -Wall -Wextra -Wconversion -Wshadow -Werror \
      -I"$source/include" "$program.cpp" -o "$work/program"
  done
done
