# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""y = x + 2 by NumPy, or by Numba on one of its threading layers: python.py {numpy|workqueue|omp|tbb} [--quick].
Prints the figures of bench/run as JSON, under the names of this folder's contests."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))
import python_rival as rival

import numpy as np

layer = sys.argv[1]
quick = "--quick" in sys.argv
KIB = 1024
SIZES = [KIB, 8 * KIB, 64 * KIB, 512 * KIB, 4096 * KIB, 32768 * KIB, (64 if quick else 512) * 1024 * KIB]

if layer == "numpy":
    def add(x, y, addend):
        np.add(x, addend, out=y)
else:
    njit, prange = rival.numba_on(layer)

    @njit(parallel=True)
    def add(x, y, addend):
        for i in prange(x.size):
            y[i] = x[i] + addend

figures = {}
for size in SIZES:
    n = size // 8
    x = np.arange(n, dtype=np.float64) % 1000
    y = np.full(n, -1.0)  # written, or its pages are all the one page of zeros
    loops = max(1, min(4000, 32 * 1024 * KIB // size))
    samples = []
    for k in range(3 if quick else 9):
        addend = 2.0 + k
        for _ in range(loops // 4 + 1):
            add(x, y, addend)
        samples.append(rival.sample(loops, lambda: add(x, y, addend)))
        if not np.array_equal(y, x + addend):
            sys.exit(f"wrong answer: {layer}")
    figures[f"array_add/{size // KIB}KiB"] = rival.summary(samples)
rival.answer(layer, figures)
