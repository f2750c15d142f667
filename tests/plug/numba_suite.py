#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Numba's own tests of parallel loops, on a layer of its own and on parloop's, in one run.

    tests/plug/numba_suite.py --package FOLDER [--stock omp] [--only REGEX]

FOLDER holds parloop_numba (examples/numba). All processes of the second run import it first, those that tests start
included; which layer each of them really used is counted. Prints what the two runs say differently, and exits with 1
when that is not among what is expected."""
import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

TESTS = ["numba.tests.test_parfors." + name for name in (
    "TestParforBasic TestParforNumericalMisc TestParforNumPy TestParfors TestParforsLeaks TestParforsSlice "
    "TestParforsOptions TestParforsBitMask TestParforsMisc TestPrangeBasic TestPrangeSpecific TestParforChunksizing "
    "TestParforsVectorizer TestParforReductionSetNumThreads").split()] + [
        "numba.tests.test_num_threads.TestNumThreads", "numba.tests.test_num_threads.TestNumThreadsBackends",
        "numba.tests.test_parallel_backend"]
EXPECTED = {
    "test_workqueue_aborts_on_nested_parallelism": "nested loops do not abort here",
    "test_vendors": "there is no OpenMP whose vendor could be asked for",
}
SITE = """import os
if os.environ.get("PARLOOP_NUMBA_SUITE") == "parloop":
    import parloop_numba
import atexit
def note(log=os.environ["PARLOOP_NUMBA_LOG"], pid=os.getpid()):
    import sys
    layer = sys.modules.get("numba.np.ufunc.parallel")
    if layer is None or not layer._is_initialized or os.getpid() != pid:
        return
    used = sys.modules.get("parloop_numba")
    with open(log, "a") as file:
        file.write(("parloop" if used is not None and used.is_active() else "stock") + "\\n")
atexit.register(note)
"""


def run(options, test, layer):
    """What each test of it said, and how many processes used which layer."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "sitecustomize.py"), "w") as file:
            file.write(SITE)
        log = os.path.join(folder, "log")
        open(log, "w").close()
        environment = dict(os.environ, PYTHONPATH=folder + os.pathsep + os.path.abspath(options.package),
                           PARLOOP_NUMBA_SUITE=layer, PARLOOP_NUMBA_LOG=log, NUMBA_THREADING_LAYER=options.stock,
                           NUMBA_NUM_THREADS="4", SUBPROC_TEST="1")
        ran = subprocess.run([sys.executable, "-m", "numba.runtests", "-v", test], env=environment,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        text = ran.stdout.decode(errors="replace")
        says = dict(re.findall(r"^(test_\w+) \([\w.]+\)(?:\n.*?)?\s*\.\.\. (?:.*?)(ok|FAIL|ERROR|skipped|expected failure)",
                               text, re.MULTILINE | re.DOTALL))
        if not says:
            says = {"(all)": "no result: " + text[-300:]}
        with open(log) as file:
            return says, collections.Counter(file.read().split())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True)
    parser.add_argument("--stock", default="omp")
    parser.add_argument("--only", default=".")
    options = parser.parse_args()
    bad = 0
    total = collections.Counter()
    print("%-62s %5s %5s %7s  processes on parloop, on stock" % ("tests of Numba", "same", "ok", "skipped"))
    for test in TESTS:
        if not re.search(options.only, test):
            continue
        stock, used = run(options, test, "stock")
        if used["parloop"]:
            sys.exit("parloop was used in the run on stock")
        here, used = run(options, test, "parloop")
        same = [name for name in stock if stock[name] == here.get(name)]
        says = collections.Counter(here.values())
        total.update({"same": len(same), "ok": says["ok"], "all": len(stock)})
        print("%-62s %5d %5d %7d  %d, %d" % (test, len(same), says["ok"], says["skipped"], used["parloop"], used["stock"]),
              flush=True)
        if used["stock"] or not used["parloop"]:
            print("  BAD: the wrong layer")
            bad += 1
        for name in sorted(set(stock) | set(here)):
            if stock.get(name) == here.get(name):
                continue
            reason = EXPECTED.get(name)
            bad += reason is None
            print("  %s: %s on stock, %s on parloop%s" % (name, stock.get(name), here.get(name),
                                                         ": " + reason if reason else ""), flush=True)
    print(json.dumps(total))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
