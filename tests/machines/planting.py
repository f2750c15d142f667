# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""A change of the scheduler, made in a copy of its headers, and a program that is built with it."""
import pathlib
import shlex
import shutil
import subprocess
import sys


def check(headers, changes):
    """Ends the process unless each of CHANGES, (file in detail/, what, text, what stands there instead), can be made in
    the folder HEADERS."""
    wrong = []
    for file, what, text, _ in changes:
        times = (pathlib.Path(headers) / "parloop/detail" / file).read_text().count(text)
        if times != 1:
            wrong.append(f"{file}: {what}: '{text}' is there {times} times: the list has to follow it")
    if wrong:
        sys.exit("\n".join(wrong))


def build(command, headers, work, changes):
    """The program that COMMAND makes, in which @ stands for the headers' folder and % for the program, of the headers
    in HEADERS, copied to WORK with CHANGES made."""
    work = pathlib.Path(work)
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(headers, work / "include")
    for file, _, text, instead in changes:
        header = work / "include/parloop/detail" / file
        header.write_text(header.read_text().replace(text, instead))
    program = work / "program"
    subprocess.run([w.replace("@", str(work / "include")).replace("%", str(program)) for w in shlex.split(command)],
                   check=True)
    return program
