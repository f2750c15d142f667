# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""The results of several machines beside each other."""
import unittest

from . import side_by_side
from .test_readme import of


def result(**times):
    """Contest (written with __ for /) -> figures by rival."""
    return {"contests": {name.replace("__", "/"): {"rivals": rivals} for name, rivals in times.items()}}


class Ratios(unittest.TestCase):
    def test_geometric_mean_to_the_best_of_each_contest(self):
        found = side_by_side.side_by_side({"a": result(
            scan__1000={"parloop": of(4e-6), "oneTBB": of(1e-6), "libgomp": of(2e-6)},
            scan__10000={"parloop": of(1e-6), "oneTBB": of(5e-6), "libgomp": of(1e-6)})})
        self.assertEqual(found[2:], ["| prefix sums | 2.00 (1 of 2) |"])

    def test_losses_come_first_on_whichever_machine(self):
        slow, fast = {"parloop": of(3.0), "oneTBB": of(1.0)}, {"parloop": of(1.0), "oneTBB": of(2.0)}
        found = side_by_side.side_by_side({"a": result(reduce__1=fast, scan__1=fast), "b": result(scan__1=slow)})
        self.assertEqual(found[2:], ["| prefix sums | 0.50 (0 of 1) | 3.00 (1 of 1) |", "| sums | 0.50 (0 of 1) | - |"])

    def test_streaming_stores_have_a_row_of_their_own(self):
        found = "\n".join(side_by_side.side_by_side({"a": result(add__4096KiB={
            "parloop": of(3.0), "parloop::transform": of(1.0), "oneTBB": of(2.0)})}))
        self.assertIn("`parallel_for` | 1.50", found)
        self.assertIn("`transform` | 0.50", found)

    def test_short_times_are_no_noise_but_hardly_any_cpu_time_is(self):
        found = side_by_side.side_by_side({"a": result(
            small_loops__n={"parloop": of(4e-9), "oneTBB": of(1e-9)},
            idle_cost__x={"parloop": {"cpu": {"median": 1e-6}}, "oneTBB": {"cpu": {"median": 1e-9}}})})
        self.assertIn("| `small_loops` | 4.00 (1 of 1) |", found)  # no kind has that name
        self.assertIn("| CPU time between and after loops | 1.00 (0 of 1) |", found)

    def test_each_library_alone(self):
        found = side_by_side.rival_by_rival({"a": result(
            scan__1={"parloop": of(1.0), "oneTBB": of(2.0), "serial": of(3.0)},
            scan__2={"parloop": of(1.0), "oneTBB": of(8.0), "libgomp": of(1.0), "serial": of(3.0)})})
        self.assertEqual(found[2:], ["| libgomp | 1.00 (0 of 1) |", "| oneTBB | 0.25 (0 of 2) |"])


if __name__ == "__main__":
    unittest.main()
