# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""A change of the scheduler, made in a copy of its headers, and a program that is built with it."""
import pathlib
import shlex
import shutil
import subprocess
import sys


def build(command, headers, work, changes):
    """The program that COMMAND makes, in which @ stands for the headers' folder and % for the program, of the headers
    in HEADERS, copied to WORK with CHANGES made: (file in detail/, text, what stands there instead)."""
    work = pathlib.Path(work)
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(headers, work / "include")
    for file, text, instead in changes:
        header = work / "include/parloop/detail" / file
        content = header.read_text()
        if content.count(text) != 1:
            sys.exit(f"{file}: '{text}' is there {content.count(text)} times: {sys.argv[0]} has to follow it")
        header.write_text(content.replace(text, instead))
    program = work / "program"
    subprocess.run([w.replace("@", str(work / "include")).replace("%", str(program)) for w in shlex.split(command)],
                   check=True)
    return program
