#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""libgomp's own test programs, from Debian's source package of GCC, on the libgomp plug.

    tests/plug/libgomp_suite.py --plug libparloop_gomp.so --work FOLDER [--languages c,c++,fortran] [--only NAME] [--stock]

Fetches the source package by apt-get into FOLDER, which must lie outside of the repository, unless it is there already
(needs deb-src lines; see sources.list(5)), compiles each program that is to be run with the flags that it asks for, and
runs it with the plug preloaded. Prints a line for each that fails and for each that is left out, with the reason, and a
summary. With --stock they run on the machine's libgomp instead. Exit code 0 when all that are expected to pass do."""
import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys

import gcc_source

LANGUAGES = {
    "c": (["libgomp.c", "libgomp.c-c++-common"], "gcc", ["*.c"]),
    "c++": (["libgomp.c++", "libgomp.c-c++-common"], "g++", ["*.C", "*.c"]),
    "fortran": (["libgomp.fortran"], "gfortran", ["*.f90", "*.f", "*.F90", "*.f03"]),
}

# Expected to fail: why. Names are without folder.
REASONS = {
    "pause-2.c": "wants omp_pause_resource to end the threads; the plug's sleep and stay",
    "pr104783.c": "is compiled wrongly by GCC 12 without offloading; fails on libgomp, too",
    "pr104783-2.c": "is compiled wrongly by GCC 12 without offloading; fails on libgomp, too",
    "target-allocatable-1-1.f90": "fails on libgomp without a device, too",
    "target-allocatable-1-2.f90": "fails on libgomp without a device, too",
    "target-enter-data-2.F90": "fails on libgomp without a device, too",
}


def directives(text):
    nested = r"[^{}]*"
    for _ in range(4):
        nested = r"(?:[^{}]|\{" + nested + r"\})*"
    for match in re.finditer(r"\{\s*(dg-[a-z-]+)\s+(" + nested + r")\}", text):
        yield match.group(1), match.group(2).strip()


def words_in(text):
    quoted = re.search(r'"([^"]*)"', text)
    return quoted.group(1).split() if quoted else text.split()


class Program:
    def __init__(self, path, language):
        self.path, self.language = path, language
        self.name = os.path.basename(path)
        self.flags, self.environment, self.sources = [], {}, []
        self.output, self.fails, self.left_out = [], False, None
        self.optimisation = ["-O2"]
        kind = "run"
        with open(path, encoding="latin-1") as file:
            text = file.read()
        for name, rest in directives(text):
            if name == "dg-do":
                kind = rest.split()[0]
                if "target" in rest and re.search(r"offload|nvptx|amdgcn|powerpc|aarch64|ia32|int32plus", rest) \
                        and "!" not in rest:
                    if not re.search(r"int32plus", rest):
                        self.left_out = "for another processor or a device"
            elif name in ("dg-options", "dg-additional-options"):
                condition = re.search(r"target\s+(.*)", rest)
                if condition and not re.search(r"x86_64|i\?86|\*-\*-\*|lp64|sse2|avx", condition.group(1)):
                    continue
                self.flags += words_in(rest)
            elif name == "dg-set-target-env-var":
                variable = rest.split()
                self.environment[variable[0]] = " ".join(variable[1:]).strip('"')
            elif name == "dg-additional-sources":
                self.sources += words_in(rest)
            elif name == "dg-require-effective-target":
                if re.search(r"offload|nvptx|tls_runtime_x|hsa", rest):
                    self.left_out = "needs a device"
            elif name == "dg-shouldfail":
                self.fails = True
            elif name == "dg-output":
                quoted = re.search(r'"(.*)"', rest, re.S)
                self.output.append(quoted.group(1) if quoted else rest)
            elif name == "dg-error":
                kind = "compile"
        if kind != "run":
            self.left_out = self.left_out or "is not to be run (dg-do %s)" % kind
        if self.flags and any(f.startswith("-O") for f in self.flags):
            self.optimisation = []
        if re.search(r"pr\d+|target|declare", self.name) and "foffload" in " ".join(self.flags):
            self.left_out = self.left_out or "for a device"

    def run(self, suite, work, preload):
        compiler = LANGUAGES[self.language][1]
        folder = os.path.dirname(self.path)
        build = os.path.join(work, "programs", self.language, self.name.replace(".", "_"))
        os.makedirs(build, exist_ok=True)
        program = os.path.join(build, "a.out")
        newest = os.path.getmtime(self.path)
        if not os.path.exists(program) or os.path.getmtime(program) < newest:
            common = ["-fopenmp", "-w", "-I" + folder, "-I" + os.path.join(suite, "libgomp.c"),
                      "-I" + os.path.join(suite, "..", "..", "include")]
            kind = ["-x", "c++"] if self.language == "c++" and self.name.endswith(".c") else []
            command = [compiler] + self.optimisation + common + self.flags + kind + [self.path] + \
                      [os.path.join(folder, s) for s in self.sources] + \
                      (["-x", "none"] if kind else []) + ["-lm", "-o", program]
            made = subprocess.run(command, cwd=build, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if made.returncode != 0:
                return "left out", "does not compile here: " + made.stdout.decode(errors="replace").split("\n")[0][:150]
        environment = dict(os.environ, **self.environment)
        for name in list(environment):
            if environment[name] == "" and name.startswith("OMP_"):
                del environment[name]
        if preload:
            environment["LD_PRELOAD"] = os.path.abspath(preload)
        try:
            ran = subprocess.run([program], cwd=build, env=environment, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, timeout=60)
        except subprocess.TimeoutExpired:
            return "FAIL", "does not end"
        text = ran.stdout.decode(errors="replace")
        if (ran.returncode != 0) != self.fails:
            return "FAIL", "exit code %d: %s" % (ran.returncode, text.strip().split("\n")[-1][:100])
        return "pass", ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plug")
    parser.add_argument("--work", required=True)
    parser.add_argument("--languages", default="c")
    parser.add_argument("--only")
    parser.add_argument("--stock", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    suite = gcc_source.unpacked(options.work, "libgomp/testsuite", "include/gomp-constants.h")
    counts = {"pass": 0, "FAIL": 0, "left out": 0, "known": 0}
    for language in options.languages.split(","):
        folders, _, patterns = LANGUAGES[language]
        paths = sorted(p for f in folders for pattern in patterns for p in glob.glob(os.path.join(suite, f, pattern)))
        programs = [Program(p, language) for p in paths if not options.only or os.path.basename(p) == options.only]

        def one(program):
            if program.left_out:
                return program, "left out", program.left_out
            result, why = program.run(suite, os.path.abspath(options.work), None if options.stock else options.plug)
            if result == "FAIL" and program.name in REASONS and not options.stock:
                return program, "known", "%s (%s)" % (REASONS[program.name], why)
            return program, result, why

        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for program, result, why in pool.map(one, programs):
                counts[result] += 1
                if result != "pass":
                    print("%-9s %-8s %s: %s" % (result, language, program.name, why), flush=True)
    print("%(pass)d pass, %(FAIL)d fail, %(known)d fail as is said, %(left out)d left out" % counts)
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
