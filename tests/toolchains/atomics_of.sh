#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# atomics_of.sh OBJDUMP PROGRAM lse|exclusive: whether the library's functions in a program for 64-bit ARM use these
# atomic operations and not the others.
set -eu
"$1" -d -C "$2" | awk -v wanted="$3" '
  /^[0-9a-f]+ </ { own = /parloop::/ }
  own && $3 ~ /^(ldadd|ldset|ldclr|cas|swp)/ { ++lse }
  own && $3 ~ /^ld[a]?xr/ { ++exclusive }
  own && /__aarch64_(ldadd|ldset|ldclr|cas|swp)/ && /bl/ { ++called }
  END {
    printf "%d of LSE, %d exclusive loads, %d calls\n", lse, exclusive, called
    exit !(called == 0 && (wanted == "lse" ? lse > 20 && exclusive == 0 : exclusive > 20 && lse == 0))
  }'
