# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""What is written into README.md and the guides."""
import unittest

from . import readme, reasons
from .figures import ONE_THREAD, PARALLEL


def of(median, **more):
    return {"time": {"median": median, **more}}


def row(contest, rival, variant="parloop", variant_figure=2.0, within_spread=False):
    return {"contest": contest, "rival": rival, "theirs": 1.0, "ours": 2.0, "ratio": 2.0, "within_spread": within_spread,
            "best_variant": variant, "best_variant_figure": variant_figure}


class Regions(unittest.TestCase):
    def setUp(self):
        self.complaints = []
        self.result = {"contests": {
            "c/1us": {"rivals": {"parloop": of(2e-6), "parloop/on": of(2.1e-6), "oneTBB (beside)": of(3e-6)}},
            "idle_cost/second_after": {"rivals": {"parloop": {"cpu": {"median": 1.2e-4}}, "oneTBB": {"cpu": {"median": 2e-4}}}}},
            "tables": {"compile_time": "| parloop | 1.500 | 1.400 ... 1.600 | 1.5 |\n| tbb | 1.000 | 0.9 ... 1.1 | 1 |"}}

    def fill(self, text, result=None):
        return readme.filled(text, result, {"a": 3e-5, "b": 2e-5, "n": 16, "twice": None}, self.complaints)

    def test_in_a_line(self):
        self.assertEqual(self.fill("| <!-- measured: time c/1us parloop -->x<!-- end --> |", self.result),
                         "| <!-- measured: time c/1us parloop -->2 us<!-- end --> |")
        self.assertIn(">3 us<", self.fill('a <!-- measured: time c/1us "oneTBB (beside)" -->x<!-- end -->', self.result))
        self.assertIn(">100 ns<", self.fill("a <!-- measured: more c/1us parloop/on parloop -->x<!-- end -->", self.result))
        self.assertIn(">1.50 times<", self.fill("a <!-- measured: compile_time parloop tbb --><!-- end -->", self.result))

    def test_around_lines(self):
        text = self.fill("<!-- measured: burnt_table -->\nold\n<!-- end -->\n", self.result)
        self.assertEqual(text.split("\n")[1:4], ["| **parloop** | oneTBB |", "|---|---|", "| 0.12 ms | 0.2 ms |"])

    def test_points_of_monte_carlo_pi(self):
        contests = {"monte_carlo_pi/33000000": {"rivals": {"serial": of(2e-1), "parloop": of(1e-1)}},
                    "monte_carlo_pi/10000": {"rivals": {"parloop": of(3e-5), "Numba serial": of(4e-4)}}}
        self.assertEqual(readme.monte_carlo_pi({"contests": contests}), [
            "| points | plain loop | **parloop** | Numba serial |", "|---|---|---|---|",
            "| 1e4 | - | 30 us | 400 us |", "| 3.3e7 | 200 ms | 100 ms | - |"])
        with self.assertRaises(readme.NotMeasured):
            readme.monte_carlo_pi({"contests": {}})

    def test_filling_again_changes_nothing(self):
        text = self.fill("<!-- measured: burnt_table -->\nold\n<!-- end -->\na <!-- code: a -->?<!-- end -->", self.result)
        self.assertEqual(self.fill(text, self.result), text)

    def test_what_was_not_measured_says_so(self):
        text = "a <!-- measured: time c/9us parloop -->2 us<!-- end -->"
        self.assertIn(">not measured<", self.fill(text, self.result))
        self.assertEqual(len(self.complaints), 1)
        self.assertIn(">not measured<", self.fill(text))  # no result at all

    def test_constants(self):
        text = self.fill("a <!-- code: a + b / 2 -->?<!-- end --> <!-- code: n -->?<!-- end -->")
        self.assertIn(">40 us<", text)
        self.assertIn(">16<", text)

    def test_mistakes_in_a_page_are_told(self):
        for wrong in ("a <!-- measured: tim c/1us parloop -->x<!-- end -->", "a <!-- measured: time c/1us -->x<!-- end -->",
                      "a <!-- code: gone -->x<!-- end -->", "a <!-- code: twice -->x<!-- end -->",
                      "a\n<!-- code: a -->begins a line<!-- end -->"):
            with self.assertRaises(SystemExit, msg=wrong):
                self.fill(wrong, self.result)

    def test_every_region_is_closed(self):
        for page in readme.pages():
            text = page.read_text()
            opened = text.count("<!-- measured: ") + text.count("<!-- code: ")
            self.assertEqual((opened, opened), (len(readme.MARK.findall(text)), text.count("<!-- end -->")), page)


class Headers(unittest.TestCase):
    def test_constants_of_three_kinds(self):
        known = readme.constants()
        self.assertEqual(readme.constant(known, "cost_of_sleeper"),
                         readme.constant(known, "cost_of_waking + usual_delay_of_sleeper / 2"))
        self.assertGreater(known["cost_of_awake_worker"], 0)
        self.assertIsInstance(known["most_participants"], int)


class Tables(unittest.TestCase):
    def small(self, **times):
        return {"contests": {f"small_loops/back_to_back/{size}us": {"rivals": {"serial": of(serial), "parloop": of(ours)}}
                             for size, serial, ours in times["rows"]}}

    def test_small_loops(self):
        lines = readme.small_loops(self.small(rows=[("1.0", 1e-6, 1.25e-6), ("10.0", 1e-5, 1e-5), ("2000.0", 2e-3, 1e-3)]))
        self.assertEqual(lines[2:], ["| plain loop | -0.05 us, 1 us, never | - | - | - |",
                                     "| **parloop** | 0.20 us, 10 us, 2 ms | - | - | - |"])

    def test_small_loops_with_a_gap(self):
        lines = readme.small_loops(self.small(rows=[("1.0", 1e-6, 5e-7), ("10.0", 1e-5, 2e-5)]))
        self.assertIn("never, never", lines[3])

    def test_small_loops_beside_a_busy_cpu(self):
        lines = readme.small_loops({"contests": {"small_loops/beside_a_busy_cpu/100.0us": {"rivals": {"parloop": of(1e-4)}}}})
        self.assertEqual(lines[2], "| **parloop** | - | - | - | -, 100 us, - |")

    def test_others_leave_the_plain_loop_out_of_the_rivals(self):
        lines = readme.others({"contests": {"image_batch/60": {"rivals": {
            "serial": of(1e-3), "parloop": of(2e-3), "oneTBB": of(4e-3), "libgomp": of(8e-3), "streaming_limit": of(1e-4)}}}})
        self.assertEqual(lines[2], "| 60 images of three sizes, blurred | 1 ms | 2 ms | 4 ms (oneTBB) | 0.50 |")

    def test_where_rivals_win(self):
        contests = {"small_loops/back_to_back/5.0us": {"rivals": {"parloop": of(2.0), "pthreadpool": of(1.0)}},
                    "small_loops/back_to_back/2.0us": {"rivals": {"parloop": of(1.5), "libgomp": of(1.0),
                                                                  "serial": of(0.5)}},
                    "unheard/of": {"rivals": {"parloop": of(3.0), "oneTBB": of(1.0)}},
                    "fine": {"rivals": {"parloop": of(1.0), "oneTBB": of(1.0), "serial": of(1.0)}}}
        lines = readme.where_rivals_win({"contests": contests}, PARALLEL)
        self.assertEqual(len(lines), 4)
        self.assertTrue(lines[2].startswith("| **not explained** | 1 | oneTBB | 3: `unheard/of` |"))
        self.assertIn("| 2 | libgomp, pthreadpool | 2: `small_loops/back_to_back/5.0us` |", lines[3])
        lines = readme.where_rivals_win({"contests": contests}, ONE_THREAD)
        self.assertEqual(len(lines), 3)
        self.assertIn("| 1 | serial | 3: `small_loops/back_to_back/2.0us` |", lines[2])
        self.assertEqual(readme.count_ahead({"contests": contests}, PARALLEL), "3 of 4 contests")
        self.assertEqual(readme.count_ahead({"contests": contests}, ONE_THREAD), "1 of 2 contests")


class Reasons(unittest.TestCase):
    def test_what_has_none_is_named(self):
        rows = [row("unheard/of", "oneTBB"), row("small_loops/after_2ms_of_sleep/50.0us", "libomp/dynamic")]
        self.assertEqual(reasons.unexplained(rows), ["unheard/of: oneTBB is ahead, 2.00"])

    def test_the_spread_is_a_reason_only_where_there_is_no_other(self):
        self.assertEqual(reasons.reason(row("unheard/of", "oneTBB", within_spread=True)), reasons.NOISE)
        self.assertNotEqual(reasons.reason(row("fork_join/meet", "pthreadpool", within_spread=True)), reasons.NOISE)

    def test_a_variant_is_a_reason_only_when_it_is_not_behind(self):
        self.assertIsNotNone(reasons.reason(row("copy/32768KiB", "NumPy", "parloop::transform", 1.04)))
        self.assertIsNone(reasons.reason(row("copy/32768KiB", "NumPy", "parloop::transform", 1.06)))
