# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Folders of Debian's source package of GCC 12, for libgomp_suite.py and pstl_suite.py."""
import glob
import os
import subprocess


def unpacked(work, folder, *more):
    """The path of `folder` of the sources, under `work`, which must lie outside of the repository. What is not there
    yet is fetched by apt-get, which needs deb-src lines; see sources.list(5). `more` is unpacked with it."""
    work = os.path.abspath(work)
    found = glob.glob(os.path.join(work, "gcc-*", folder))
    if found:
        return found[0]
    os.makedirs(work, exist_ok=True)
    if not glob.glob(os.path.join(work, "gcc-12_*.orig.tar.gz")):
        subprocess.run(["apt-get", "source", "-qq", "--download-only", "gcc-12"], cwd=work, check=True)
    if not glob.glob(os.path.join(work, "gcc-12-*", "gcc-*.tar.xz")):
        archive = glob.glob(os.path.join(work, "gcc-12_*.orig.tar.gz"))[0]
        subprocess.run(["tar", "xzf", archive, "--wildcards", "*/gcc-*.tar.xz"], cwd=work, check=True)
    inner = glob.glob(os.path.join(work, "gcc-12-*", "gcc-*.tar.xz"))[0]
    subprocess.run(["tar", "xJf", inner, "--wildcards"] + ["*/%s" % name for name in (folder + "/*",) + more], cwd=work,
                   check=True)
    return glob.glob(os.path.join(work, "gcc-*", folder))[0]
