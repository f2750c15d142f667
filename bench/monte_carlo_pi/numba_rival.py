# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Numba's loop, serial and parallel, as its users write it. Answers each line "serial|parallel N" with "SECONDS HITS"."""
import random
import sys
import time

import numba


def hits(n):
    count = 0
    for _ in numba.prange(n):
        x = random.random()
        y = random.random()
        if x * x + y * y < 1.0:
            count += 1
    return count


loops = {"serial": numba.njit(hits), "parallel": numba.njit(parallel=True)(hits)}
for loop in loops.values():
    loop(1000)  # compiles

for line in sys.stdin:
    which, n = line.split()
    start = time.perf_counter()
    count = loops[which](int(n))
    print(time.perf_counter() - start, count, flush=True)
