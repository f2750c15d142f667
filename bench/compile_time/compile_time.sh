#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# How long one file with one loop takes to compile, with parloop and with oneTBB, optimised (-O2) and not (-O0), in
# alternating rounds.
# Usage: [CXX=clang++] compile_time.sh [rounds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cxx=${CXX:-g++}
rounds=${1:-9}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! "$cxx" -std=c++20 -fsyntax-only "$here/tbb.cpp" 2>"$work/errors"; then
  echo "Not installed, not measured: oneTBB"
  rivals="parloop_all parloop parloop_elsewhere"
else
  rivals="parloop_all parloop parloop_elsewhere tbb"
fi
rivals="$rivals $(for rival in $rivals; do echo "${rival}_O0"; done | tr '\n' ' ')"

# NAME: of a source file, or of one that is not optimised: NAME_O0.
compile() {
  case "$1" in *_O0) level=-O0 ;; *) level=-O2 ;; esac
  "$cxx" -std=c++20 $level -I"$here/../../include" -c "$here/${1%_O0}.cpp" -o "$work/$1.o"
}

for rival in $rivals; do compile "$rival"; done # reads the headers from disk
round=0
while [ "$round" -lt "$rounds" ]; do
  for rival in $rivals; do
    start=$(date +%s%N)
    compile "$rival"
    end=$(date +%s%N)
    echo $((end - start)) >>"$work/$rival.ns"
  done
  round=$((round + 1))
done

# The value at a place between 0 (smallest) and 4 (largest) quarters, in ns.
quarter() { sort -n "$work/$1.ns" | sed -n "$((1 + (rounds - 1) * $2 / 4))p"; }

echo "One file with one loop, $cxx -c, -O2 and (_O0) -O0, $rounds rounds"
echo
echo "| library | median s | quartiles | / oneTBB |"
echo "|---|---|---|---|"
for rival in $rivals; do
  case "$rival" in *_O0) last=tbb_O0 ;; *) last=tbb ;; esac
  [ -e "$work/$last.ns" ] || last=$rival
  echo "$rival $(quarter "$rival" 2) $(quarter "$rival" 1) $(quarter "$rival" 3) $(quarter "$last" 2)" |
    awk '{ printf "| %s | %.3f | %.3f ... %.3f | %.3f |\n", $1, $2 / 1e9, $3 / 1e9, $4 / 1e9, $2 / $5 }'
done
