# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""python3 bench/report COMMAND:

    readme              fills the marked regions of README.md and of the guides, and writes the result's Markdown file
    readme --check      writes nothing; says what would change, and ends with 1 if anything would
    pictures RESULT     draws what bench/run has measured: SVG files beside RESULT.json, light and dark
    trace TRACE NAME    draws TRACE.json, a file that parloop::traced has written, as NAME.light.svg and NAME.dark.svg
    test                tests of this package
"""
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parent)] + [folder for folder in sys.path if folder != str(HERE)]


def main(words):
    match words:
        case ["readme"] | ["readme", "--check"]:
            from report import readme
            return readme.write(check=len(words) == 2)
        case ["pictures", result]:
            from report import pictures
            return pictures.of_result(result)
        case ["trace", recorded, name]:
            from report import pictures
            return pictures.of_trace(recorded, name)
        case ["test"]:
            found = unittest.defaultTestLoader.discover(str(HERE), "test_*.py", str(HERE.parent))
            return 0 if found.countTestCases() and unittest.TextTestRunner().run(found).wasSuccessful() else 1
    return __doc__


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
