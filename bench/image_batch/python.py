# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""A batch of images blurred by NumPy, one after another, and by Numba's prange over images: python.py {numpy|workqueue|omp|tbb}."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))
import python_rival as rival

import numpy as np

layer = sys.argv[1]
REACH = 8


def images(count):
    made = []
    for number in range(count):
        height = 120 << number % 3
        width = height // 3 * 4
        p = np.arange(height * width, dtype=np.int64)
        made.append(((p * p + p * number) % 251).astype(np.float32).reshape(height, width))
    return made


def numpy_pass(image, axis):
    padded = np.pad(image, [(REACH, REACH) if a == axis else (0, 0) for a in range(2)], mode="edge")
    size = image.shape[axis]
    total = np.zeros_like(image)
    for k in range(2 * REACH + 1):
        total += padded[k:k + size] if axis == 0 else padded[:, k:k + size]
    return total / np.float32(2 * REACH + 1)


def by_numpy(batch):
    return [numpy_pass(numpy_pass(image, 1), 0) for image in batch]


if layer == "numpy":
    run = by_numpy
else:
    njit, prange = rival.numba_on(layer)
    from numba.typed import List

    @njit
    def one_pass(image, dy, dx):
        height, width = image.shape
        out = np.empty_like(image)
        for y in range(height):
            for x in range(width):
                total = np.float32(0)
                for k in range(-REACH, REACH + 1):
                    total += image[min(max(y + k * dy, 0), height - 1), min(max(x + k * dx, 0), width - 1)]
                out[y, x] = total / np.float32(2 * REACH + 1)
        return out

    @njit(parallel=True)
    def run(batch, out):
        for i in prange(len(batch)):
            out[i][:] = one_pass(one_pass(batch[i], 0, 1), 1, 0)

figures = {}
for count in (12, 60):
    batch = images(count)
    expected = by_numpy(batch)
    if layer == "numpy":
        blur, made = (lambda: run(batch)), expected
    else:
        typed, made = List(batch), [np.empty_like(image) for image in batch]
        out = List(made)
        blur = lambda: run(typed, out)
        blur()
        made = list(out)
    if not all(np.allclose(a, b, rtol=1e-4) for a, b in zip(made, expected)):
        sys.exit(f"wrong answer: {layer}")
    samples = []
    for _ in range(5):
        samples.append(rival.sample(1, blur))
        time.sleep(0.02)  # lets threads that spin after a loop fall silent
    figures[f"image_batch/{count}"] = rival.summary(samples)
rival.answer(layer, figures)
