#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# tidy.sh SOURCE WORK [FILE...]: clang-tidy, by .clang-tidy, has nothing to say of the headers, nor of FILEs.
# PARLOOP_CLANG_TIDY names the program.
set -eu
source=$1 work=$2
shift 2
tidy=${PARLOOP_CLANG_TIDY:-clang-tidy}
command -v "$tidy" > /dev/null || { echo "SKIPPED: no clang-tidy"; exit 77; }
mkdir -p "$work"
cat > "$work/all.cpp" << 'END'
#include <parloop/backend/checked.hpp>
#include <parloop/backend/traced.hpp>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>
END
cp "$source/.clang-tidy" "$work"
export tidy source
printf '%s\n' "$work/all.cpp" "$@" > "$work/files"
xargs -P "$(nproc)" -I FILE sh -c '
  "$tidy" --quiet FILE -- -std=c++20 -I"$source/include" 2> "$1/$(basename FILE).log" || { cat "$1/$(basename FILE).log"; exit 1; }
' sh "$work" < "$work/files"
echo "$(wc -l < "$work/files") files"
