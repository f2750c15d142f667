#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Python libraries that carry a libgomp of their own, on it and on the libgomp plug, in one run.

    tests/plug/python_libraries.py --plug libparloop_gomp.so [--only numba,scikit-learn,lightgbm,faiss]

For each library that can be imported, and 2 and 4 threads: whether the results have the same bits, what the process burns
in the second after (ms of CPU), and how many threads it has. Exit code 1 when results differ, or the plug burns more than
half a millisecond; 77 when none of the libraries is there."""
import argparse
import hashlib
import json
import os
import subprocess
import sys
import time

LIBRARIES = {"numba": "numba", "scikit-learn": "sklearn", "lightgbm": "lightgbm", "faiss": "faiss"}


def numba(threads):
    os.environ["NUMBA_THREADING_LAYER"] = "omp"
    os.environ["NUMBA_NUM_THREADS"] = str(threads)
    import numpy
    from numba import njit, prange, threading_layer

    @njit(parallel=True)
    def waste(image):
        result = numpy.zeros_like(image)
        for row in prange(image.shape[0]):
            for column in range(image.shape[1]):
                result[row, column] = image[row, column]
        return result

    @njit(parallel=True)
    def total(x):
        sum_ = 0.0
        for i in prange(len(x)):
            sum_ += numpy.sin(x[i])
        return sum_

    image = numpy.random.default_rng(1).integers(0, 255, (1080, 1440, 3)).astype(numpy.uint8)
    result = [waste(image), total(numpy.arange(1e6))]
    assert threading_layer() == "omp"
    return result, lambda: waste(image)


def scikit_learn(threads):
    import numpy
    from sklearn.cluster import KMeans
    from sklearn.ensemble import HistGradientBoostingRegressor
    rng = numpy.random.default_rng(2)
    x = rng.normal(size=(20000, 10))
    y = x[:, 0] * x[:, 1] + numpy.sin(x[:, 2])
    trees = HistGradientBoostingRegressor(max_iter=30, random_state=0).fit(x, y)
    clusters = KMeans(n_clusters=8, n_init=1, random_state=0).fit(x)
    return [trees.predict(x), clusters.labels_], lambda: trees.predict(x)


def lightgbm(threads):
    import lightgbm as library
    import numpy
    rng = numpy.random.default_rng(3)
    x = rng.normal(size=(20000, 10))
    y = (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype(int)
    parameters = {"objective": "binary", "verbose": -1, "num_threads": threads, "deterministic": True, "seed": 1,
                  "force_row_wise": True}
    model = library.train(parameters, library.Dataset(x, y), 30)
    return [model.predict(x)], lambda: model.predict(x)


def faiss(threads):
    import faiss as library
    import numpy
    library.omp_set_num_threads(threads)
    rng = numpy.random.default_rng(4)
    data = rng.normal(size=(20000, 32)).astype(numpy.float32)
    flat = library.IndexFlatL2(32)
    flat.add(data)
    coarse = library.IndexFlatL2(32)
    cells = library.IndexIVFFlat(coarse, 32, 64)
    cells.train(data)
    cells.add(data)
    return list(flat.search(data[:500], 5)) + list(cells.search(data[:500], 5)), lambda: cells.search(data[:500], 5)


def child(name, threads):
    os.environ["OMP_NUM_THREADS"] = str(threads)
    work = {"numba": numba, "scikit-learn": scikit_learn, "lightgbm": lightgbm, "faiss": faiss}[name]
    results, again = work(threads)
    import numpy
    digest = hashlib.sha256()
    for result in results:
        digest.update(numpy.ascontiguousarray(result).tobytes())
    again()
    burnt = []
    for _ in range(3):  # the smallest, as the interpreter has housekeeping of its own
        again()
        before = time.process_time()
        time.sleep(1)
        burnt.append((time.process_time() - before) * 1e3)
    print(json.dumps({"digest": digest.hexdigest(), "burnt": min(burnt), "threads": len(os.listdir("/proc/self/task"))}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plug")
    parser.add_argument("--only", default=",".join(LIBRARIES))
    parser.add_argument("--child", nargs=2)
    options = parser.parse_args()
    if options.child:
        return child(options.child[0], int(options.child[1]))
    import importlib.util
    bad = tried = 0
    print("%-14s %7s  %-8s %-24s %s" % ("library", "threads", "results", "ms burnt: libgomp, plug", "threads of the process"))
    for name in options.only.split(","):
        if importlib.util.find_spec(LIBRARIES[name]) is None:
            print("%-14s SKIPPED: not installed" % name)
            continue
        for threads in (2, 4):
            seen = []
            for preload in ("", os.path.abspath(options.plug)):
                ran = subprocess.run([sys.executable, __file__, "--child", name, str(threads)], stdout=subprocess.PIPE,
                                     env=dict(os.environ, LD_PRELOAD=preload), check=True, timeout=300)
                seen.append(json.loads(ran.stdout.decode().strip().split("\n")[-1]))
            stock, plug = seen
            same = stock["digest"] == plug["digest"]
            tried += 1
            bad += not same or plug["burnt"] > 0.5
            print("%-14s %7d  %-8s %8.2f, %-13.2f %d, %d" % (name, threads, "the same" if same else "DIFFER", stock["burnt"],
                                                          plug["burnt"], stock["threads"], plug["threads"]), flush=True)
    return 77 if tried == 0 else 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
