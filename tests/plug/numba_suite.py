#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Numba's own tests of parallel loops, on a layer of its own and on parloop, in one run.

    tests/plug/numba_suite.py --package FOLDER [--plug libparloop_gomp.so] [--stock omp] [--only REGEX] [--short]

FOLDER holds parloop_numba (examples/numba). All processes of the second run import it first, those that tests start
included. With --plug there is a third run: Numba's omp layer, with the libgomp plug preloaded. Which threads each
process really used is counted. Prints what runs say differently from stock, and exits with 1 when that is not among
what is expected, with 77 where Numba is not installed. --short: half a minute of them, on 2 idle CPUs."""
import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import time

TESTS = ["numba.tests.test_parfors." + name for name in (
    "TestParforBasic TestParforNumericalMisc TestParforNumPy TestParforsUnsupported TestParfors TestParforsLeaks "
    "TestParforsSlice TestParforsOptions TestParforsBitMask TestParforsMisc TestParforsDiagnostics TestPrangeBasic "
    "TestPrangeSpecific TestParforChunksizing TestParforsVectorizer TestParforReductionSetNumThreads "
    "TestDiagnosticEnvVar").split()] + [
        "numba.tests.test_num_threads.TestNumThreads", "numba.tests.test_num_threads.TestNumThreadsBackends"] + [
        "numba.tests.test_parallel_backend." + name for name in (
            # TestSpecificBackend runs those of TestParallelBackend, which by itself hangs on libgomp after its forks.
            "TestThreadingLayerSelection TestThreadingLayerPriority TestMiscBackendIssues TestForkSafetyIssues "
            "TestTBBSpecificIssues TestInitSafetyIssues TestOpenMPVendors TestSpecificBackend").split()] + [
        "numba.tests.test_parfors_caching", "numba.tests.npyufunc.test_parallel_env_variable",
        "numba.tests.npyufunc.test_parallel_low_work", "numba.tests.npyufunc.test_parallel_ufunc_issues",
        "numba.tests.npyufunc.test_gufunc", "numba.tests.npyufunc.test_vectorize_decor"]
SHORT = ["TestParforChunksizing", "TestThreadingLayerSelection", "TestNumThreads", "TestParforReductionSetNumThreads",
         "test_parallel_low_work", "test_parallel_ufunc_issues"]
WITHOUT_LOOPS = [  # no process of theirs says on whose threads it ran a loop, in one of the runs
    "TestParforsUnsupported", "TestDiagnosticEnvVar", "TestTBBSpecificIssues", "TestInitSafetyIssues",
    "TestOpenMPVendors", "test_parallel_env_variable"]
# Tests that are skipped unless OpenMP is GNU's: for these, which do not ask for its faults, the layer says that it is.
OF_GNU = {"TestForkSafetyIssues": [
    "test_par_parent_os_fork_par_child", "test_par_parent_mp_spawn_par_child_par_parent",
    "test_serial_parent_implicit_mp_fork_par_child_then_par_parent",
    "test_serial_parent_explicit_mp_fork_par_child_then_par_parent"]}
EXPECTED = [  # on which threads, what test, what it says there, why
    ("parloop", "test_vendors", "FAIL|ERROR", "there is no OpenMP whose vendor could be asked for"),
    ("parloop", "test_check_threading_layer_is_gnu", "", "not run, as it says how the vendor was set"),
    ("parloop", "test_par_parent_(im|ex)plicit_mp_fork_par_child", "",
     "not run: waits for the error that ends a forked child, which has none here, for ever; so on workqueue and tbb"),
    ("parloop", "test_fork_from_non_main_thread", "FAIL", "TBB, which would warn, does not run"),
    ("parloop", r"test_nested_parallelism_\d_workqueue_\d+_threads", "ok", "nested loops do not abort here"),
]
SITE = """import os
if os.environ.get("PARLOOP_NUMBA_SUITE") == "parloop":
    import parloop_numba
    if "PARLOOP_NUMBA_VENDOR" in os.environ:
        from numba.np.ufunc import omppool
        omppool.openmp_vendor = os.environ["PARLOOP_NUMBA_VENDOR"]
import atexit, multiprocessing.util
here = [os.getpid()]  # until it has been noted
def note(log=os.environ["PARLOOP_NUMBA_LOG"]):
    import ctypes, sys
    layer = sys.modules.get("numba.np.ufunc.parallel")
    if layer is None or not layer._is_initialized or here[0] != os.getpid():
        return
    here[0] = None
    used = sys.modules.get("parloop_numba")
    threads = layer.threading_layer()
    if used is not None and used.is_active():
        threads = "parloop"
    elif threads == "omp" and os.environ.get("PARLOOP_NUMBA_SUITE") == "plug":
        # Whose GOMP_parallel is found first, and has begun regions: the plug's shared object is known by its path.
        class found(ctypes.Structure):
            _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_void_p), ("name", ctypes.c_char_p),
                        ("address", ctypes.c_void_p)]
        where = found()
        program = ctypes.CDLL(None)
        if hasattr(program, "GOMP_parallel"):
            program.dladdr(ctypes.cast(program.GOMP_parallel, ctypes.c_void_p), ctypes.byref(where))
        if where.file and os.path.realpath(where.file.decode()) == os.environ["PARLOOP_NUMBA_PLUG"]:
            threads = "plug"
    with open(log, "a") as file:
        file.write(threads + "\\n")
atexit.register(note)
def begin(_):  # a child that multiprocessing has forked, which ends without what is registered
    here[0] = os.getpid()
    multiprocessing.util.Finalize(None, note, exitpriority=1)
multiprocessing.util.register_after_fork(note, begin)
"""


def run(options, test, way):
    """What each test of it said, and how many processes used which threads."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "sitecustomize.py"), "w") as file:
            file.write(SITE)
        log = os.path.join(folder, "log")
        open(log, "w").close()
        environment = dict(os.environ, PYTHONPATH=folder + os.pathsep + os.path.abspath(options.package),
                           PARLOOP_NUMBA_SUITE=way, PARLOOP_NUMBA_LOG=log, NUMBA_THREADING_LAYER=options.stock,
                           NUMBA_NUM_THREADS="4", SUBPROC_TEST="1")
        if way == "plug":
            plug = os.path.realpath(options.plug)
            environment.update(NUMBA_THREADING_LAYER="omp", LD_PRELOAD=plug, PARLOOP_NUMBA_PLUG=plug)
        tests = [test]
        last = test.split(".")[-1]
        if way == "parloop" and last in OF_GNU:
            environment["PARLOOP_NUMBA_VENDOR"] = "GNU"
            tests = [test + "." + name for name in OF_GNU[last]]
        share = ["-j", options.share] if options.share else []
        ran = subprocess.run([sys.executable, "-m", "numba.runtests", "-v"] + share + tests, env=environment,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        text = ran.stdout.decode(errors="replace")
        if options.text:
            with open(os.path.join(options.text, "%s%s.%s.txt" % (
                    test, options.share or "", way)), "w") as file:
                file.write(text)
        says = {}
        for name, of_class, result in re.findall(
                r"^(test_\w+) \(([\w.]+)\)(?:\n.*?)?\s*\.\.\. (?:.*?)(ok|FAIL|ERROR|skipped|expected failure)", text,
                re.MULTILINE | re.DOTALL):
            says[of_class.split(".")[-2] + "." + name] = result
        number = re.search(r"^Ran (\d+) tests? in", text, re.MULTILINE)
        ran_all = number is not None and int(number.group(1)) == len(says)
        if not ran_all or not (says or share):  # it crashed, or was not understood
            says["(all)"] = "%d results, then: %s" % (len(says), text[-300:])
        with open(log) as file:
            return says, collections.Counter(file.read().split())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True)
    parser.add_argument("--plug")
    parser.add_argument("--stock", default="omp")
    parser.add_argument("--only", default=".")
    parser.add_argument("--share", help="INDEX:COUNT, such as 0:2 and 1:2 for two halves of the tests of each class")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--text", help="a folder for all that the tests print")
    options = parser.parse_args()
    try:
        import numba
    except ImportError:
        print("SKIPPED: no Numba")
        return 77
    print("Numba %s, stock: %s" % (numba.__version__, options.stock))
    bad = 0
    total = {}
    for test in TESTS:
        last = test.split(".")[-1]
        if not re.search(options.only, test) or (options.short and last not in SHORT):
            continue
        began = time.monotonic()
        stock, used = run(options, test, "stock")
        print("%s, stock: %d tests, %s; %.0f s" % (test, len(stock), counted(stock.values()), time.monotonic() - began),
              flush=True)
        if used["parloop"] or used["plug"]:
            sys.exit("parloop was used in the run on stock")
        for way in ["parloop"] + (["plug"] if options.plug else []):
            began = time.monotonic()
            here, used = run(options, test, way)
            same = [name for name in stock if stock[name] == here.get(name)]
            total.setdefault(way, collections.Counter()).update(
                {"same": len(same), "ok": sum(here[name] == "ok" for name in here), "all": len(stock)})
            print("  on the %s: %d the same; processes: %s; %.0f s" % (NAMES[way], len(same), counted(used.elements()),
                                                                     time.monotonic() - began), flush=True)
            others = set(used) - {way} - ({"tbb", "workqueue"} if way == "plug" else set())
            if others or (not used[way] and last not in WITHOUT_LOOPS and not options.share):
                print("    BAD: the wrong threads")
                bad += 1
            for name in sorted(set(stock) | set(here)):
                if stock.get(name) == here.get(name):
                    continue
                reason = next((why for on, which, says, why in EXPECTED if on == way and re.fullmatch(
                    which, name.split(".")[-1]) and re.fullmatch(says, here.get(name) or "")), None)
                bad += reason is None
                print("    %s: %s on stock, %s here%s" % (name, stock.get(name), here.get(name),
                                                        ": " + reason if reason else ""), flush=True)
    print(json.dumps(total))
    if not total:
        sys.exit("no test of that name")
    return 1 if bad else 0


NAMES = {"parloop": "layer", "plug": "libgomp plug"}


def counted(words):
    return ", ".join("%d %s" % (n, word) for word, n in sorted(collections.Counter(words).items())) or "none"


if __name__ == "__main__":
    sys.exit(main())
