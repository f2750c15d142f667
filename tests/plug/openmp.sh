#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
# openmp.sh WAY COMPILER SOURCE PLUG INCLUDE WORK CXX [ARGUMENT...]
# Builds an OpenMP program and runs it on the compiler's own runtime and on the libgomp plug; both print the same.
# WAY: preloaded, linked (PLUG before the compiler's own), included (one .cpp of the program), tsan (included, under the
# thread sanitizer).
set -eu
way=$1 compiler=$2 source=$3 plug=$4 include=$5 work=$6 cxx=$7
shift 7
mkdir -p "$work"
cd "$work"
flags="-fopenmp -O2 -Wall"
"$compiler" $flags "$source" -o stock
case $way in
  preloaded) ;;
  linked) "$compiler" $flags "$source" "$plug" -Wl,-rpath,"$(dirname "$plug")" -o linked ;;
  included | tsan)
    extra=""
    [ "$way" = tsan ] && extra="-fsanitize=thread -g"
    echo '#include <parloop/plug/libgomp.hpp>' > plug.cpp
    "$cxx" -std=c++20 -O2 -Wall -Wextra -Werror $extra -I "$include" -c plug.cpp -o plug.o
    "$compiler" $flags $extra -c "$source" -o program.o
    "$cxx" $extra program.o plug.o -pthread -o "$way" ;;
esac
if [ "${1:-}" = fork ]; then  # libgomp's child hangs, so its answer is known only up to there
  ./stock > expected
  echo "forked child: 7" >> expected
else
  ./stock > expected
fi
# That the plug was there shows in what it says of a variable that it does not follow.
export OMP_PLACES=cores
if [ "$way" = preloaded ]; then
  LD_PRELOAD="$plug" ./stock "$@" > seen 2> said || { echo "exit code $?"; cat said; exit 1; }
else
  "./$way" "$@" > seen 2> said || { echo "exit code $?"; cat said; exit 1; }
fi
grep -q "parloop: OMP_PLACES is not followed" said || { echo "the plug did not run it"; cat said; exit 1; }
diff expected seen
