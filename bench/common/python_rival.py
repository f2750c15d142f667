# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""What the Python rivals share: Numba on a given threading layer, clocks, the figures that bench/run reads."""
import json
import os
import statistics
import sys
import time


def numba_on(layer):
    """njit and prange with that layer; NUMBA_THREADING_LAYER is read when Numba is imported."""
    os.environ["NUMBA_THREADING_LAYER"] = layer
    import numba

    return numba.njit, numba.prange


def cpu():
    """CPU time of all threads of this process, those that run just now included, s."""
    threads = 0.0
    for thread in os.listdir("/proc/self/task"):
        try:
            threads += time.clock_gettime(~int(thread) << 3 | 6)  # as pthread_getcpuclockid makes them
        except OSError:
            pass
    return max(threads, time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID))


def sample(loops, run):
    """Seconds and CPU seconds per loop."""
    before, start = cpu(), time.perf_counter()
    for _ in range(loops):
        run()
    seconds = time.perf_counter() - start
    return seconds / loops, (cpu() - before) / loops


def summary(samples):
    def quartiles(values):
        if len(values) < 2:
            return {"median": values[0]}
        q1, median, q3 = statistics.quantiles(values, n=4, method="inclusive")
        return {"median": median, "q1": q1, "q3": q3}

    return {"time": quartiles([s[0] for s in samples]), "cpu": quartiles([s[1] for s in samples])}


def answer(layer, figures):
    if layer != "numpy":
        import numba

        used = numba.threading_layer()
        if used != layer:
            sys.exit(f"Numba took the layer {used}, not {layer}")
    print(json.dumps(figures))
