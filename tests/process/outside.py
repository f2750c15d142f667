#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""outside.py after|paced [--way WAY...] COMMAND...: what COMMAND, which runs process/outside.cpp, burns of CPU, by
Linux's own books of its threads (/proc/PID/task/*/schedstat, in nanoseconds). Emulated systems count in steps of 10 to
16 ms, and cannot tell.

after: in the second after a loop, for each idle policy; the best of three must be at most 0.5 ms, and `spin`, the
control, more than 1 ms. paced: in 20 copies of an image, one each 100 ms, beside a serial one; only shown."""
import os
import subprocess
import sys
import time


def burnt(pid):
    """Nanoseconds of all threads of a process, of those that have ended, too; each by its own id."""
    total = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as file:
                total[thread] = int(file.read().split()[0])
        except OSError:
            pass  # it has ended since
    return total


def between(before, after):
    return sum(ns - before.get(thread, 0) for thread, ns in after.items()) / 1e6


def measure(command, what, way):
    """Milliseconds between two marks; `after` lets a second pass before it answers the first."""
    with subprocess.Popen([*command, what, way], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        def mark():
            for line in program.stdout:
                if line.strip() == "mark":
                    return burnt(program.pid)
            raise SystemExit(f"{way}: the program ended early, by {program.wait()}")

        def answer():
            program.stdin.write("\n")
            program.stdin.flush()

        first = mark()
        if sum(first.values()) < 2e6:
            raise SystemExit(f"process {program.pid} has hardly run: the loops ran elsewhere")
        if what == "after":
            time.sleep(1)
            second = burnt(program.pid)
            answer()
            mark()
        else:
            answer()
            second = mark()
        answer()
        if program.wait() != 0:
            raise SystemExit(f"{way}: the program failed")
        return between(first, second)


def main():
    what, *command = sys.argv[1:]
    ways = []
    while command and command[0] == "--way":
        ways.append(command[1])
        command = command[2:]
    failed = False
    if what == "after":
        for way in ways or ["adaptive", "park", "release", "spin"]:
            values = [measure(command, what, way) for _ in range(1 if way == "spin" else 3)]
            print(f"{way}: {' '.join(f'{v:.3f}' for v in values)} ms in the second after", flush=True)
            failed |= min(values) <= 1 if way == "spin" else way != "openmp" and min(values) > 0.5
    else:
        values = {way: sorted(measure(command, what, way) for _ in range(3))[1]
                  for way in ["serial", *(ways or ["adaptive", "park", "release"])]}
        for way, value in values.items():
            print(f"{way}: {value:.1f} ms of CPU in 20 copies, {value / values['serial']:.2f} of serial's")
    sys.exit(failed)


main()
