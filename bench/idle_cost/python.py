# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""What Numba's threading layers cost when there is nothing to do: python.py {numpy|workqueue|omp|tbb}.
The loops of this folder's C++ programs; NumPy copies the image in one call."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))
import python_rival as rival

import numpy as np

layer = sys.argv[1]
HEIGHT, WIDTH, COLOURS = 1080, 1440, 3
image = (np.arange(HEIGHT * WIDTH * COLOURS) % 251).astype(np.uint8).reshape(HEIGHT, WIDTH * COLOURS)
copy = np.full_like(image, 255)
out = np.zeros(64, dtype=np.uint64)

if layer == "numpy":
    def copy_rows():
        np.copyto(copy, image)

    nothing = compute = None
else:
    njit, prange = rival.numba_on(layer)

    @njit(parallel=True)
    def copy_in_parallel(image, copy):
        for y in prange(image.shape[0]):
            for x in range(image.shape[1]):
                copy[y, x] = image[y, x]

    @njit(parallel=True)
    def do_nothing(out):
        for i in prange(2):
            out[i] = i

    @njit(parallel=True)
    def chains(out, length):
        for i in prange(out.size):
            x = np.uint64(i)
            for _ in range(length):
                x = x * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
            out[i] = x

    def copy_rows():
        copy_in_parallel(image, copy)

    def nothing():
        do_nothing(out)

    length = 1000
    chains(out, length)
    start = time.perf_counter()
    chains(out, 1000000)
    # Half a millisecond on one thread; two threads or so took this long.
    length = max(1, int(1000000 * 0.25e-3 / (time.perf_counter() - start)))

    def compute():
        chains(out, length)


def paced(run, period):
    for _ in range(3):
        run()
        time.sleep(period)
    cpu, start, times = rival.cpu(), time.perf_counter(), []
    following = start
    while time.perf_counter() - start < 1:
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
        following += period
        time.sleep(max(0.0, following - time.perf_counter()))
    return sorted(times)[len(times) // 2], (rival.cpu() - cpu) / (time.perf_counter() - start)


def second_after(run):
    for _ in range(20):
        run()
    cpu, start = rival.cpu(), time.perf_counter()
    time.sleep(1)
    return 0.0, (rival.cpu() - cpu) / (time.perf_counter() - start)


def draw_curve(run, window=0.05, windows=70, first=10, last=50):
    """What `top` would show: seconds and CPUs in use, as child.cpp takes them."""
    points = []
    for w in range(windows):
        cpu, start = rival.cpu(), time.perf_counter()
        if first <= w < last and w % 2 == 0:
            run()
        time.sleep(max(0.0, window - (time.perf_counter() - start)))
        points.append([(w + 0.5 - first) * window, (rival.cpu() - cpu) / (time.perf_counter() - start)])
    return points


contests = {"copy_at_100ms": lambda: paced(copy_rows, 0.1)}
if layer != "numpy":
    contests["second_after"] = lambda: second_after(compute)
    contests["nothing_at_1kHz"] = lambda: paced(nothing, 1e-3)
figures = {f"idle_cost/{name}": rival.summary([measure() for _ in range(3)]) for name, measure in contests.items()}
figures["draw_curve"] = draw_curve(copy_rows)
if not np.array_equal(image, copy):
    sys.exit(f"wrong answer: {layer}")
rival.answer(layer, figures)
