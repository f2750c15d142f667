#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Programs on Numba's parloop layer (examples/numba), each in a process of its own.

    tests/plug/numba_layer.py --package FOLDER [--layers parloop,omp,tbb,workqueue] [--only NAME]

Results are compared with those of Numba's omp layer, bit by bit. FOLDER holds parloop_numba, as built.
Prints for each program and layer `right`, `wrong`, the signal that killed it, or `hangs`. Exit code 1 when one is not right on parloop; 77 where Numba is not installed. Programs check that the layer that
they run on is the one that they are about."""
import argparse
import hashlib
import os
import signal
import subprocess
import sys
import time


def compiled(all_of_them=False):
    import numpy
    from numba import guvectorize, njit, prange, vectorize

    class functions:
        @njit(parallel=True)
        def add(a, b):
            for i in prange(len(a)):
                b[i] = a[i] + 1

        @njit(parallel=True)
        def total(x):
            s = 0.0
            for i in prange(len(x)):
                s += numpy.sin(x[i])
            return s

    if not all_of_them:  # to compile takes seconds
        return functions

    class more(functions):
        @njit(parallel=True)
        def extremes(x):
            return x.min(), x.max(), x.argmin(), x.mean()

        @njit(parallel=True)
        def total_of_three(x):
            s = 0.0
            for i in prange(x.shape[0]):
                for j in prange(x.shape[1]):
                    for k in prange(x.shape[2]):
                        s += numpy.sqrt(x[i, j, k])
            return s

        @vectorize(["float64(float64, float64)"], target="parallel")
        def sum_of_two(a, b):
            return a + 2 * b

        @guvectorize(["void(float64[:], float64[:], float64[:])"], "(n),(n)->()", target="parallel")
        def product(a, b, result):
            s = 0.0
            for i in range(len(a)):
                s += a[i] * b[i]
            result[0] = s

    return more


def numbers(n):
    import numpy
    return numpy.random.default_rng(5).normal(size=n)


def outcomes():
    """What the same program gives on any layer that cuts loops as Numba says."""
    from numba import parallel_chunksize
    f = compiled(True)
    x = numbers(100003)
    y = x.copy()
    f.add(x, y)
    results = [y, f.total(x), f.extremes(x), f.total_of_three(abs(x[:99000]).reshape(99, 10, 100)), f.sum_of_two(x, y),
               f.product(x[:99000].reshape(990, 100), y[:99000].reshape(990, 100))]
    for n in (0, 1, 2, 3, 5):
        results.append(f.total(x[:n]))
    for chunk in (1, 7, 1000, 10**6):
        with parallel_chunksize(chunk):
            results.append(f.total(x[:5000]))
            f.add(y, y)
            results.append(y.copy())
    return results


def digest_of(results):
    import numpy
    digest = hashlib.sha256()
    for result in results:
        digest.update(numpy.ascontiguousarray(result).tobytes())
    return digest.hexdigest()


# --- the programs: functions that raise, or return what is printed ---


def bits():
    return digest_of(outcomes())


def the_same_sum_in_every_run():
    from numba import parallel_chunksize
    f = compiled()
    x = numbers(20000)
    sums = set()
    for i in range(300):
        with parallel_chunksize(0 if i % 2 else 100):
            sums.add((i % 2, f.total(x)))
    assert len(sums) == 2, len(sums)


def nested():
    import numpy
    from numba import njit, prange

    @njit(parallel=True)
    def inner(row):
        s = 0.0
        for i in prange(len(row)):
            s += row[i]
        return s

    @njit(parallel=True)
    def outer(a, result):
        for i in prange(len(a)):
            result[i] = inner(a[i])

    a = numpy.arange(64000.0).reshape(64, 1000)
    for _ in range(50):
        result = numpy.zeros(64)
        outer(a, result)
        assert (result == a.sum(axis=1)).all()


def in_threads(number, work):
    import threading
    threads = [threading.Thread(target=work) for _ in range(number)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def several_threads():
    f = compiled()
    x = numbers(50000)
    expected = f.total(x)
    wrong = []

    def work():
        for _ in range(100):
            if f.total(x) != expected:
                wrong.append(1)

    in_threads(6, work)
    assert not wrong


def threads_and_nesting():
    wrong = []

    def work():
        try:
            nested()
        except AssertionError:
            wrong.append(1)

    in_threads(3, work)
    assert not wrong


def run_in_child(f, x, expected):
    child = os.fork()
    if child == 0:
        os._exit(0 if f.total(x) == expected else 3)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        os.kill(os.getpid(), os.WTERMSIG(status))
    assert os.WEXITSTATUS(status) == 0, status


def forked_child():
    f = compiled()
    x = numbers(50000)
    expected = f.total(x)
    for _ in range(5):
        run_in_child(f, x, expected)
        assert f.total(x) == expected


def forked_child_of_a_thread():
    import threading
    f = compiled()
    x = numbers(50000)
    expected = f.total(x)
    seen = []
    t = threading.Thread(target=lambda: seen.append(run_in_child(f, x, expected)))
    t.start()
    t.join()
    assert len(seen) == 1


def pool_of_forked_processes():
    import multiprocessing
    f = compiled()
    x = numbers(50000)
    expected = f.total(x)
    globals()["work_of_pool"] = lambda: f.total(x)
    with multiprocessing.get_context("fork").Pool(3) as pool:
        assert set(pool.starmap(call_work_of_pool, [()] * 12)) == {expected}
    assert f.total(x) == expected


def call_work_of_pool():
    return globals()["work_of_pool"]()


def thread_ids():
    import numpy
    from numba import get_num_threads, get_thread_id, njit, prange, set_num_threads

    @njit(parallel=True)
    def ids(seen, masks):
        for i in prange(len(seen)):
            seen[i] = get_thread_id()
            masks[i] = get_num_threads()

    @njit(parallel=True)
    def one_at_a_time(scratch, n):
        for i in prange(n):
            me = get_thread_id()
            for k in range(scratch.shape[1]):
                scratch[me, k] += 1

    most = get_num_threads()
    for mask in list(range(1, most + 1)) * 3:
        set_num_threads(mask)
        seen, masks = numpy.full(1000, -1), numpy.zeros(1000, dtype=int)
        ids(seen, masks)
        assert set(seen) == set(range(mask)), (mask, set(seen))
        assert (masks == mask).all()
        scratch = numpy.zeros((most, 64))
        one_at_a_time(scratch, 5000)
        assert scratch.sum() == 5000 * 64 and (scratch[mask:] == 0).all()
        assert get_thread_id() == 0 and get_num_threads() == mask


def cuts():
    """The one-dimensional cuts are made here, so they are compared with Numba's own."""
    import ctypes
    import random
    from numba.np.ufunc import parallel  # noqa: F401
    compiled().add(numbers(10), numbers(10))
    layer = sys.modules["parloop_numba"]._layer
    import importlib.util
    spec = importlib.util.spec_from_file_location("workqueue", stock_workqueue())
    stock = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stock)
    words = ctypes.POINTER(ctypes.c_ssize_t)
    cut = ctypes.CFUNCTYPE(None, ctypes.c_size_t, words, words, ctypes.c_size_t, words, ctypes.c_ssize_t)
    size = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_size_t, ctypes.c_size_t, words, words)
    chunk = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_size_t)

    def address(name):
        return ctypes.cast(getattr(layer, name), ctypes.c_void_p).value

    mine, its = [{name: kind(address(name) if own else getattr(stock, name))
                  for name, kind in (("do_scheduling_signed", cut), ("do_scheduling_unsigned", cut),
                                     ("get_sched_size", size), ("set_parallel_chunksize", chunk))} for own in (1, 0)]
    draw = random.Random(3)
    for _ in range(3000):
        n = draw.choice((1, 1, 1, 2, 3))
        first = [draw.randrange(-50, 50) for _ in range(n)]
        last = [a + draw.choice((-3, -1, 0, 1, 5, draw.randrange(2000 if n == 1 else 12))) for a in first]
        first, last = (ctypes.c_ssize_t * n)(*first), (ctypes.c_ssize_t * n)(*last)
        threads, per_chunk = draw.randrange(1, 17), draw.choice((0, 0, 1, 7, 300))
        mine["set_parallel_chunksize"](per_chunk), its["set_parallel_chunksize"](per_chunk)
        parts = mine["get_sched_size"](threads, n, first, last)
        assert parts == its["get_sched_size"](threads, n, first, last), (threads, per_chunk, list(first), list(last))
        out = [(ctypes.c_ssize_t * (2 * n * parts))() for _ in range(2)]
        for name in ("do_scheduling_signed", "do_scheduling_unsigned"):
            mine[name](n, first, last, parts, out[0], 0)
            its[name](n, first, last, parts, out[1], 0)
            assert list(out[0]) == list(out[1]), (name, list(first), list(last), parts)


def stock_workqueue():
    import glob
    import numba.np.ufunc as place
    return glob.glob(os.path.join(os.path.dirname(place.__file__), "workqueue*.*"))[0]


def silence():
    import numpy
    f = compiled()
    x = numbers(500000)
    burnt = []
    for _ in range(3):
        for _ in range(20):
            f.total(x)
        before = time.process_time()
        time.sleep(1)
        burnt.append((time.process_time() - before) * 1e3)
    threads = len(os.listdir("/proc/self/task")) - len([1])
    print("%.2f ms burnt in the second after, %d other threads" % (min(burnt), threads), file=sys.stderr)
    assert min(burnt) <= 0.5, burnt
    assert numpy.isfinite(f.total(x))


PROGRAMS = [bits, the_same_sum_in_every_run, nested, several_threads, threads_and_nesting, forked_child,
            forked_child_of_a_thread, pool_of_forked_processes, thread_ids, silence, cuts]
ONLY_HERE = [cuts]
OF_ANY_WIDTH = [bits, thread_ids]


def child(program, layer):
    if layer == "parloop":
        import parloop_numba
    else:
        os.environ["NUMBA_THREADING_LAYER"] = layer
    result = {p.__name__: p for p in PROGRAMS}[program]()
    import numba
    if layer == "parloop":
        assert parloop_numba.is_active()
    else:
        assert numba.threading_layer() == layer and "parloop_numba" not in sys.modules
    print(result or "")


def too_late():
    from numba import njit, prange

    @njit(parallel=True)
    def nothing(x):
        for i in prange(len(x)):
            x[i] = 0

    nothing(numbers(10))
    try:
        import parloop_numba  # noqa: F401
    except ImportError as e:
        assert "already" in str(e)
        return
    raise AssertionError("imported")


def run(options, program, layer, threads):
    environment = dict(os.environ, PYTHONPATH=os.path.abspath(options.package), NUMBA_NUM_THREADS=str(threads))
    try:
        ran = subprocess.run([sys.executable, "-B", __file__, "--child", program, layer], env=environment, timeout=200,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return "hangs", ""
    if ran.returncode < 0:
        return signal.Signals(-ran.returncode).name, ""
    if ran.returncode != 0 and layer == "parloop":
        sys.stderr.write(ran.stderr.decode())
    return "wrong" if ran.returncode else "right", (ran.stdout + ran.stderr).decode().strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package")
    parser.add_argument("--layers", default="parloop")
    parser.add_argument("--only")
    parser.add_argument("--child", nargs=2)
    options = parser.parse_args()
    if options.child:
        return too_late() if options.child[0] == "too_late" else child(*options.child)
    import importlib.util
    if importlib.util.find_spec("numba") is None:
        print("SKIPPED: Numba is not installed")
        return 77
    layers = options.layers.split(",")
    bad = 0
    print("%-28s %7s  %s" % ("program", "threads", "  ".join("%-9s" % layer for layer in layers)))
    for program in PROGRAMS:
        if options.only and program.__name__ != options.only:
            continue
        for threads in (2, 4) if program in OF_ANY_WIDTH else (4,):
            seen = {layer: run(options, program.__name__, layer, threads) for layer in layers
                    if layer == "parloop" or program not in ONLY_HERE}
            bad += "parloop" in seen and seen["parloop"][0] != "right"
            if program is bits and "parloop" in seen and run(options, "bits", "omp", threads) != seen["parloop"]:
                print("BAD: other bits than on Numba's omp layer")
                bad += 1
            note = seen["parloop"][1] if program is silence else ""
            print("%-28s %7s  %s  %s" % (program.__name__, threads, "  ".join(
                "%-9s" % seen.get(layer, ("",))[0] for layer in layers), note), flush=True)
    if not options.only:
        late = run(options, "too_late", "parloop", 2)[0]
        print("%-28s %7s  %s" % ("too_late", "", late))
        bad += late != "right"
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
