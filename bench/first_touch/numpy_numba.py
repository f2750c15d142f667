# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""The same arrays by NumPy and by Numba's prange, for bench_first_touch, which asks on stdin.

A request is a line "who what elements"; the answer is the seconds, and elements from all over the array.
"""
import sys
import time

import numba
import numpy as np


def numpy_zeros(x):
    return np.full(x.size, 0.0)  # np.zeros touches nothing


def numpy_add(x):
    return x + 2


@numba.njit(parallel=True)
def numba_zeros(x):
    y = np.empty_like(x)
    for i in numba.prange(x.size):
        y[i] = 0
    return y


@numba.njit(parallel=True)
def numba_add(x):
    y = np.empty_like(x)
    for i in numba.prange(x.size):
        y[i] = x[i] + 2
    return y


def main():
    largest = int(sys.argv[1])
    x = np.arange(largest, dtype=np.float64)
    x %= 1000
    for run in (numba_zeros, numba_add):
        run(x[:1000])  # compiles
    for line in sys.stdin:
        who, what, n = line.split()
        run = globals()[who + "_" + what]
        part = x[:int(n)]
        start = time.perf_counter()
        y = run(part)
        spots = y[part.size // 1000 - 1 :: part.size // 1000][:1000].sum()
        del y
        taken = time.perf_counter() - start
        time.sleep(0.02)  # lets threads that spin after a loop fall silent
        print(taken, spots, flush=True)


main()
