#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""libstdc++'s own test programs of the parallel algorithms, from Debian's source package of GCC, on
parloop/plug/std_execution.hpp, which is included first.

    tests/plug/pstl_suite.py --work FOLDER [--compiler g++] [--only NAME] [--flags=-fsanitize=address] [--jobs 2]

Fetches the source package into FOLDER unless it is there already (gcc_source.py), compiles each program, and runs it
with PARLOOP_NUM_THREADS=4. Prints a line for each that fails and for each that is left out, with the reason, and a
summary. Exit code 0 when none fails. Takes some minutes: the programs are large."""
import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys

import gcc_source

INCLUDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "include")


def run(path, suite, options):
    with open(path, encoding="latin-1") as file:
        kind = re.search(r"dg-do\s+(\w+)", file.read())
    if kind and kind.group(1) != "run":
        return "left out", "is not to be run (dg-do %s)" % kind.group(1)
    build = os.path.join(os.path.abspath(options.work), "programs", "pstl")
    os.makedirs(build, exist_ok=True)
    program = os.path.join(build, os.path.basename(path) + ".out")
    command = [options.compiler, "-std=c++20", "-O1", "-w", "-D_GLIBCXX_ASSERTIONS", "-I" + INCLUDE,
               "-I" + os.path.join(suite, "util"), "-include", "parloop/plug/std_execution.hpp"]
    made = subprocess.run(command + options.flags.split() + [path, "-o", program], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if made.returncode != 0:
        errors = [line for line in made.stdout.decode(errors="replace").split("\n") if "error" in line]
        return "FAIL", "does not compile: " + (errors or ["no error?"])[0][:300]
    try:
        ran = subprocess.run([program], cwd=build, env=dict(os.environ, PARLOOP_NUM_THREADS="4"),
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=200)
    except subprocess.TimeoutExpired:
        return "FAIL", "does not end"
    if ran.returncode != 0:
        return "FAIL", "exit code %d: %s" % (ran.returncode, ran.stdout.decode(errors="replace").strip()[-300:])
    with open(program, "rb") as file:
        if b"parloop" not in file.read():
            return "FAIL", "does not use the plug"
    os.remove(program)
    return "pass", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--only")
    parser.add_argument("--flags", default="")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    suite = gcc_source.unpacked(options.work, "libstdc++-v3/testsuite")
    paths = sorted(glob.glob(os.path.join(suite, "*", "**", "pstl", "**", "*.cc"), recursive=True))
    paths = [p for p in paths if not options.only or os.path.basename(p) == options.only]
    counts = {"pass": 0, "FAIL": 0, "left out": 0}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, (result, why) in zip(paths, pool.map(lambda p: run(p, suite, options), paths)):
            counts[result] += 1
            if result != "pass":
                print("%-9s %s: %s" % (result, os.path.relpath(path, suite), why), flush=True)
    print("%(pass)d pass, %(FAIL)d fail, %(left out)d left out" % counts)
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
