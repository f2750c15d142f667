# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""The Mandelbrot set by NumPy, all points at once, and by Numba's prange over rows: python.py {numpy|workqueue|omp|tbb}."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))
import python_rival as rival

import numpy as np

layer = sys.argv[1]
MOST_STEPS = 256


def points(edge):
    pixel = 2.5 / edge
    return -2.0 + pixel * np.arange(edge), -1.25 + pixel * np.arange(edge)


def by_numpy(edge):
    real, imaginary = points(edge)
    c = real[None, :] + 1j * imaginary[:, None]
    steps = np.full(c.shape, MOST_STEPS, dtype=np.int32)
    inside = np.arange(c.size)
    z, c = np.zeros(c.size, dtype=complex), c.ravel()
    for step in range(MOST_STEPS):
        left = z.real * z.real + z.imag * z.imag >= 4
        steps.ravel()[inside[left]] = step
        inside, z, c = inside[~left], z[~left], c[~left]
        z = z * z + c
    return steps


if layer == "numpy":
    run = by_numpy
else:
    njit, prange = rival.numba_on(layer)

    @njit(parallel=True)
    def run(edge):
        pixel = 2.5 / edge
        steps = np.empty((edge, edge), dtype=np.int32)
        for y in prange(edge):
            for x in range(edge):
                real = -2.0 + pixel * x
                imaginary = -1.25 + pixel * y
                u = 0.0
                v = 0.0
                step = 0
                while step < MOST_STEPS and u * u + v * v < 4:
                    u, v = u * u - v * v + real, 2 * u * v + imaginary
                    step += 1
                steps[y, x] = step
        return steps


figures = {}
for edge in (64, 256, 1024):
    # Near the set's border a rounding more or less changes the number of steps.
    if np.mean(run(edge) != by_numpy(edge)) > 1e-3:
        sys.exit(f"wrong answer: {layer}")
    loops = max(1, min(40, 1024 * 1024 // 8 // (edge * edge)))
    samples = []
    for _ in range(3 if layer == "numpy" else 9):
        samples.append(rival.sample(loops, lambda: run(edge)))
        time.sleep(0.02)  # lets threads that spin after a loop fall silent
    figures[f"mandelbrot/{edge}"] = rival.summary(samples)
rival.answer(layer, figures)
