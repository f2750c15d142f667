# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""The machine in one line, for the programs that measure Python's loops."""
import importlib.metadata
import os
import platform
import re


def machine():
    try:
        with open("/proc/cpuinfo") as file:
            name = re.search(r"^model name\s*:\s*(.*)$", file.read(), re.M)
    except OSError:
        name = None
    versions = []
    for package in ("numba", "numpy", "tbb", "intel-openmp"):
        try:
            versions.append("%s %s" % (package, importlib.metadata.version(package)))
        except importlib.metadata.PackageNotFoundError:
            pass
    return "%s, %d CPUs, %s %s, Python %s, %s" % (name.group(1) if name else platform.machine(), os.cpu_count(),
                                                 platform.system(), platform.release(), platform.python_version(),
                                                 ", ".join(versions))
