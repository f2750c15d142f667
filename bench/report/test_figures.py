# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""What bench/run makes of the programs' output."""
import json
import unittest

from . import figures, markdown
from .figures import ONE_THREAD, PARALLEL


def benchmark(kind, **counters):
    """One entry of Google Benchmark's JSON."""
    return {"name": "w/1us/iterations:1_" + kind, "run_name": "w/1us/iterations:1", "run_type": "aggregate",
            "aggregate_name": kind, "repetitions": 9, "iterations": 1, "real_time": 1e3, "cpu_time": 1e3,
            "time_unit": "ms", "family_index": 0, "per_family_instance_index": 0, **counters}


def of(median, **more):
    return {"time": {"median": median, **more}}


class Collect(unittest.TestCase):
    def test_figures_by_rival(self):
        contests = {}
        errors = figures.collect(contests, {"benchmarks": [
            benchmark("median", **{"serial": 2.0, "serial/cpu": 2.5, "parloop/park": 1.0, "parloop/park/switches": 3}),
            benchmark("q1", serial=1.5), benchmark("q3", serial=2.25), benchmark("stddev", serial=9.0)]}, None)
        self.assertEqual(errors, [])
        self.assertEqual(contests, {"w/1us": {"rounds": 9, "rivals": {
            "serial": {"time": {"median": 2.0, "q1": 1.5, "q3": 2.25}, "cpu": {"median": 2.5}},
            "parloop/park": {"time": {"median": 1.0}, "switches": {"median": 3}}}}})

    def test_one_round_has_no_aggregates(self):
        one = benchmark("median", serial=2.0)
        one.update(run_type="iteration", name=one["run_name"], repetition_index=0, threads=1)
        del one["aggregate_name"]
        contests = {}
        figures.collect(contests, {"benchmarks": [one]}, None)
        self.assertEqual(contests["w/1us"]["rivals"], {"serial": {"time": {"median": 2.0}}})

    def test_of_the_run_with_libomp_only_its_own(self):
        contests = {}
        figures.collect(contests, {"benchmarks": [benchmark("median", serial=1.0)]}, None)
        figures.collect(contests, {"benchmarks": [benchmark("median", **{
            "serial": 2.0, "parloop": 3.0, "libomp": 4.0, "libomp/dynamic/cpu": 5.0, "parloop/openmp": 6.0})]}, "libomp")
        rivals = contests["w/1us"]["rivals"]
        self.assertEqual(set(rivals), {"serial", "serial (beside libomp)", "parloop (beside libomp)", "libomp",
                                       "libomp/dynamic", "parloop/openmp (libomp)"})
        self.assertEqual(rivals["serial"]["time"]["median"], 1.0)
        self.assertEqual(figures.reference(contests["w/1us"], "libomp"), 2.0)
        self.assertEqual(figures.reference(contests["w/1us"], "parloop/openmp (libomp)"), 2.0)
        self.assertEqual(figures.reference(contests["w/1us"], "oneTBB"), 1.0)

    def test_of_the_run_with_a_newer_library_only_its_own(self):
        contests = {}
        for guest, time in ((None, 4.0), ("oneTBB 2023.2.0", 3.0)):
            figures.collect(contests, {"benchmarks": [benchmark("median", **{
                "serial": 2.0, "parloop": 3.0, "oneTBB": time})]}, guest)
        rivals = contests["w/1us"]["rivals"]
        self.assertEqual(set(rivals), {"serial", "parloop", "oneTBB", "serial (beside oneTBB 2023.2.0)",
                                       "parloop (beside oneTBB 2023.2.0)", "oneTBB 2023.2.0"})
        self.assertEqual([figures.median(contests["w/1us"], r) for r in ("oneTBB", "oneTBB 2023.2.0")], [4.0, 3.0])
        self.assertEqual(figures.group_of("oneTBB 2023.2.0"), PARALLEL)
        self.assertFalse(figures.is_guest("Numba serial"))

    def test_an_error_is_told(self):
        wrong = benchmark("median", serial=1.0)
        wrong.update(error_occurred=True, error_message="wrong answer: oneTBB")
        contests = {}
        self.assertIn("wrong answer: oneTBB", figures.collect(contests, {"benchmarks": [wrong]}, None)[0])
        self.assertEqual(contests, {})


class Ahead(unittest.TestCase):
    def rows(self, name="w/1us", group=PARALLEL, **rivals):
        return figures.ahead({name: {"rivals": rivals}}, group)

    def test_five_percent_is_the_margin(self):
        self.assertEqual(self.rows(parloop=of(1.049), oneTBB=of(1.0)), [])
        row, = self.rows(parloop=of(1.06), oneTBB=of(1.0), libgomp=of(1.01))
        self.assertEqual((row["rival"], row["theirs"], row["ours"]), ("oneTBB", 1.0, 1.06))
        self.assertFalse(row["within_spread"])

    def test_limits_and_other_runs_are_no_rivals(self):
        self.assertEqual(self.rows(**{"parloop": of(2.0), "spin_limit": of(1.0), "parloop/spin": of(1.0),
                                      "serial (beside libomp)": of(1.0), "serial": of(3.0)}), [])

    def test_rivals_of_one_thread_are_counted_apart(self):
        rivals = {"parloop": of(2.0), "serial": of(1.0), "NumPy": of(0.9), "oneTBB": of(1.5), "Numba serial": of(1.1)}
        row, = self.rows(**rivals)
        self.assertEqual(row["rival"], "oneTBB")
        row, = self.rows(group=ONE_THREAD, **rivals)
        self.assertEqual(row["rival"], "NumPy")
        contests = {"a": {"rivals": rivals}, "b": {"rivals": {"parloop": of(1.0), "serial": of(2.0)}},
                    "idle_cost/c": {"rivals": {"parloop": {"cpu": {"median": 1.0}}, "serial": {"cpu": {"median": 0.0}}}}}
        self.assertEqual([figures.contests_with(contests, group) for group in (PARALLEL, ONE_THREAD)], [1, 2])

    def test_another_backend_of_ours_is_named(self):
        row, = self.rows(**{"parloop": of(2.0), "parloop/work_stealing": of(0.9), "oneTBB": of(1.0)})
        self.assertEqual((row["best_variant"], row["best_variant_figure"]), ("parloop/work_stealing", 0.9))

    def test_times_of_the_pass_with_libomp_are_compared_by_the_plain_loop(self):
        rivals = {"serial": of(10.0), "serial (beside libomp)": of(20.0), "parloop": of(6.0), "libomp": of(10.0)}
        row, = self.rows(**rivals)
        self.assertEqual((row["rival"], row["theirs"]), ("libomp", 5.0))
        self.assertEqual(self.rows(**{**rivals, "serial (beside libomp)": of(16.0)}), [])

    def test_times_of_that_pass_are_compared_with_ours_in_it(self):
        # The host has given two CPUs twice the bandwidth meanwhile, and one what it had.
        rivals = {"serial": of(10.0), "serial (beside oneTBB 2023.2.0)": of(10.0), "parloop": of(8.0),
                  "parloop (beside oneTBB 2023.2.0)": of(4.0), "oneTBB 2023.2.0": of(4.0)}
        self.assertEqual(self.rows(**rivals), [])
        row, = self.rows(**{**rivals, "oneTBB 2023.2.0": of(3.0)})
        self.assertEqual((row["rival"], row["theirs"], row["best_variant"]), ("oneTBB 2023.2.0", 6.0, "parloop"))

    def test_a_lead_within_the_spread_says_so(self):
        row, = self.rows(parloop=of(1.1, q1=0.9, q3=1.3), oneTBB=of(1.0, q1=0.95, q3=1.05))
        self.assertTrue(row["within_spread"])

    def test_idle_cost_is_about_cpu_time(self):
        rivals = {"parloop": {"time": {"median": 1.0}, "cpu": {"median": 0.02}},
                  "serial": {"time": {"median": 9.0}, "cpu": {"median": 0.0}},
                  "oneTBB": {"time": {"median": 9.0}, "cpu": {"median": 0.01}}}
        row, = self.rows(name="idle_cost/second_after", **rivals)
        self.assertEqual((row["rival"], row["figure"]), ("oneTBB", "cpu"))
        rivals["parloop"]["cpu"]["median"] = 0.01 + figures.IDLE_MARGIN / 2
        self.assertEqual(self.rows(name="idle_cost/second_after", **rivals), [])

    def test_the_worst_comes_first(self):
        contests = {name: {"rivals": {"parloop": of(ratio), "oneTBB": of(1.0)}}
                    for name, ratio in (("a", 1.1), ("b", 3.0), ("c", 2.0))}
        self.assertEqual([row["contest"] for row in figures.ahead(contests, PARALLEL)], ["b", "c", "a"])


class CloseCalls(unittest.TestCase):
    def test_overlapping_quartiles(self):
        def contest(low, high):
            return {"rivals": {"parloop": of(1.0, q1=0.9, q3=1.1), "serial": of(1.0, q1=0.9, q3=1.1),
                               "oneTBB": of(low, q1=low, q3=high)}}
        self.assertEqual(figures.close_calls({"near": contest(1.1, 1.3), "far": contest(1.2, 1.3)}), ["near"])


class Text(unittest.TestCase):
    def test_times(self):
        self.assertEqual([markdown.time_text(t) for t in (0, 1.234e-9, 1e-6, 0.0123, 2.5)],
                         ["0 ns", "1.23 ns", "1 us", "12.3 ms", "2.5 s"])

    def test_what_was_not_measured_is_a_dash(self):
        result = {"contests": {"small_loops/back_to_back/20.0us": {"rivals": {
            "serial": of(20e-6), "parloop": of(10e-6), "libomp": of(5e-6), "serial (beside libomp)": of(15e-6)}},
            "idle_cost/second_after": {"rivals": {"parloop": {"cpu": {"median": 1e-4}}}}},
            "draw_curves": [["parloop", -0.1, 1.0], ["parloop", 0.1, 0.01], ["parloop", 0.2, 0.03]]}
        lines = markdown.headline_table(result)
        self.assertIn("| **parloop** | 2.00 | 0.1 ms | 2 % |", lines)
        self.assertIn("| libomp | 3.00 | - | - |", lines)
        self.assertEqual(len(lines), 2 + 3)  # serial too

    def test_counts(self):
        lines = markdown.counts_table({"oneTBB": {"back_to_back": {"allocations": 0.0, "system_calls": 2.5}}})
        self.assertEqual(lines[-1], "| oneTBB | 0 | - | 2.5 | - |")

    def test_markdown_names_the_missing_and_the_noise(self):
        machine = {"cpu": "C", "cpus": 2, "memory_gib": 1, "system": "S", "compiler": "g++", "flags": "-O3",
                   "versions": {"oneTBB": "1"}, "commit": "abc"}
        text = markdown.page({"date": "2026-01-01", "command": "bench/run", "minutes": 1, "machine": machine,
                                "missing": ["rayon"], "warnings": ["noisy: x"],
                                "contests": {"w": {"rounds": 3, "rivals": {"serial": of(1.0)}}}, "draw_curves": [],
                                "counts": {}, "tables": {}})
        for part in ("- not measured: rayon", "**noisy: x**", "None is ahead", "**w**, 3 rounds", "commit abc"):
            self.assertIn(part, text)


class OtherPrograms(unittest.TestCase):
    def test_curves(self):
        self.assertEqual(figures.curve_points("std::execution 0.025 0.5\nparloop -0.1 0.0\n"),
                         [["std::execution", 0.025, 0.5], ["parloop", -0.1, 0.0]])

    def test_perf(self):
        self.assertEqual(figures.calls_seen_by_perf("29,,raw_syscalls:sys_enter,869198,100.00,,\n"), 29)
        self.assertIsNone(figures.calls_seen_by_perf("<not supported>,,raw_syscalls:sys_enter,0,100.00,,\n"))
        self.assertIsNone(figures.calls_seen_by_perf("event syntax error: 'raw_syscalls:sys_enter'\n"))

    def test_strace(self):
        self.assertEqual(figures.calls_seen_by_strace("    calls syscall\n  12 read\n  3 total_x\n---- ----\n  15 total\n"),
                         15)
        self.assertIsNone(figures.calls_seen_by_strace("strace: PTRACE_SEIZE: Operation not permitted\n"))

    def test_the_file_can_be_read_again(self):
        result = {"date": "d", "contests": {"a": {"rounds": 1, "rivals": {}}, "b": {}}, "draw_curves": [["x", 0.0, 1.0]]}
        self.assertEqual(json.loads(figures.json_text(result)), result)
