#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""single_header.py OUTPUT [HEADER...]: joins HEADERs (parloop.hpp) and all that they include into the file OUTPUT.

HEADERs are relative to include/parloop. Where OUTPUT ends in .cpp they are programs, and OUTPUT is one that needs no
other file: single_header.py first_loop.cpp examples/first_loop.cpp, for Compiler Explorer. The same sources give the
same bytes. A header stands where it is first included. One that is included under an #if stands there again each time,
behind a macro of which nothing is left at the end, as what the preprocessor has seen of it is not known here."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include" / "parloop"
OWN_INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<parloop/([^>]+)>)')
SYSTEM_INCLUDE = re.compile(r"\s*#\s*include\s*(<[^>]+>)")
# What each header says of itself, and what is said once at the top.
LEFT_OUT = re.compile(r"// SPDX-|#pragma once|/// \\file$")


class Joined:
    def __init__(self):
        self.lines = []
        self.done = set()  # headers and system headers that every compiler has seen
        self.guards = set()

    def add(self, header, conditional):
        own = header.is_relative_to(INCLUDE)
        name = "parloop/" + header.relative_to(INCLUDE).as_posix() if own else header.name
        if header in self.done:
            return
        if not conditional:
            self.done.add(header)
        guard = "PARLOOP_DETAIL_HAS_" + re.sub(r"\W", "_", name.removeprefix("parloop/")).upper()
        guarded = conditional or guard in self.guards
        if guarded:
            self.guards.add(guard)
            self.lines += [f"#ifndef {guard}", f"#define {guard}"]
        self.lines += ["", f"// --- {name} ---"]
        depth = 0
        for line in header.read_text(encoding="utf-8").splitlines():
            depth += bool(re.match(r"\s*#\s*if", line)) - bool(re.match(r"\s*#\s*endif", line))
            inside = guarded or depth > 0
            own, system = OWN_INCLUDE.match(line), SYSTEM_INCLUDE.match(line)
            if own:
                self.add((header.parent / own[1] if own[1] else INCLUDE / own[2]).resolve(), inside)
            elif system and system[1] in self.done or LEFT_OUT.match(line):
                pass
            else:
                self.lines.append(line)
                if system and not inside:
                    self.done.add(system[1])
        if guarded:
            self.lines.append("#endif")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    joined = Joined()
    program = sys.argv[1].endswith(".cpp")
    for name in sys.argv[2:] or ["parloop.hpp"]:
        joined.add((pathlib.Path(name) if program else INCLUDE / name).resolve(), False)
    joined.lines += [""] + [f"#undef {guard}" for guard in sorted(joined.guards)]
    version = re.search(r'define PARLOOP_VERSION "([^"]+)"', (INCLUDE / "version.hpp").read_text(encoding="utf-8"))[1]
    top = [f"parloop {version}: parallel loops for C++20, all in one header. Made by packaging/single_header.py: change the",
           "headers of include/parloop instead. Compile with -std=c++20 -pthread.", ""]
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").splitlines()
    # REUSE-IgnoreStart
    text = "\n".join(["// SPDX-FileCopyrightText: 2026 the parloop authors", "// SPDX-License-Identifier: MIT", "//"] +
                     [("// " + line).rstrip() for line in top + licence] + [""] * program +
                     ["#pragma once"] * (not program) + joined.lines) + "\n"
    # REUSE-IgnoreEnd
    output = pathlib.Path(sys.argv[1])
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(re.sub(r"\n{3,}", "\n\n", text), encoding="utf-8")


if __name__ == "__main__":
    main()
