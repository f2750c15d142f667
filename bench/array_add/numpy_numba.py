# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""The same loops by NumPy and by Numba's prange, for bench_array_add, which asks on stdin and reads times on stdout.

A request is a line "who what elements addend warm loops"; the answer is the seconds per loop, or -1 when wrong.
"""
import sys
import time

import numba
import numpy as np


@numba.njit(parallel=True)
def numba_add(x, z, y, a):
    for i in numba.prange(x.size):
        y[i] = x[i] + a


@numba.njit(parallel=True)
def numba_copy(x, z, y, a):
    for i in numba.prange(x.size):
        y[i] = x[i]


@numba.njit(parallel=True)
def numba_axpy(x, z, y, a):
    for i in numba.prange(x.size):
        y[i] = a * x[i] + z[i]


def numpy_add(x, z, y, a):
    np.add(x, a, out=y)


def numpy_copy(x, z, y, a):
    np.copyto(y, x)


def numpy_axpy(x, z, y, a):
    np.multiply(x, a, out=y)
    np.add(y, z, out=y)


def repeat(run, part, loops):
    """Seconds per loop; fewer loops than asked for when these take 0.1 s."""
    start = time.perf_counter()
    for done in range(1, loops + 1):
        run(*part)
        taken = time.perf_counter() - start
        if taken > 0.1:
            break
    return taken / done


def main():
    largest = int(sys.argv[1])
    x = np.arange(largest, dtype=np.float64) % 1000
    z = x + 1
    y = np.full(largest, -1.0)
    for line in sys.stdin:
        who, what, n, a, warm, loops = line.split()
        n, a = int(n), float(a)
        run = globals()[who + "_" + what]
        part = (x[:n], z[:n], y[:n], a)
        run(*part)  # the first compiles
        repeat(run, part, int(warm))
        taken = repeat(run, part, int(loops))
        expected = {"add": x[:n] + a, "copy": x[:n], "axpy": a * x[:n] + z[:n]}[what]
        right = np.allclose(y[:n], expected, rtol=1e-15, atol=0)
        y[:n] = -1
        time.sleep(0.02)  # lets threads that spin after a loop fall silent
        print(taken if right else -1, flush=True)


main()
