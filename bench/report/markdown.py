# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""A result of bench/run as Markdown: tables, and the page of all that was measured."""
from . import reasons
from .figures import GROUPS, ONE_THREAD, PARALLEL, ahead, close_calls, contests_with, median, reference


def time_text(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= 0.9995 * size:  # or three digits would be 1e+03
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def table(head, rows):
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + ["| " + " | ".join(row) + " |" for row in rows]


def contest_table(contest):
    rows = []
    for rival, figures in contest["rivals"].items():
        t = figures.get("time", {})
        if "median" not in t:
            continue
        serial, cpu = reference(contest, rival), median(contest, rival, "cpu")
        gain = f"{serial / t['median']:.2f}" if serial and t["median"] else "-"
        spread = f"{time_text(t['q1'])} ... {time_text(t['q3'])}" if "q1" in t else "-"
        rows.append([rival, time_text(t["median"]), spread, gain, time_text(cpu) if cpu is not None else "-"])
    return table(["rival", "time", "quartiles", "speed-up", "CPU"], rows)


def ahead_table(rows):
    if not rows:
        return ["None is ahead by more than 5 % in any contest."]
    return table(["contest", "best rival", "its figure", "parloop's", "parloop / rival", "best of parloop's backends",
                  "less than the spread", "why"],
                 [[row["contest"], row["rival"], time_text(row["theirs"]), time_text(row["ours"]),
                   f"{row['ratio']:.2f}", f"{row['best_variant']}: {time_text(row['best_variant_figure'])}",
                   "yes" if row["within_spread"] else "", (reasons.reason(row) or ["", "not known"])[1]] for row in rows])


HEADS = {PARALLEL: "Where a parallel rival is ahead by more than 5 %",
         ONE_THREAD: "Where one thread is ahead by more than 5 %"}


def ahead_text(contests):
    lines = ["Medians: time per loop; in idle_cost CPU time per second. Two questions: is parloop as fast as other "
             "libraries, and what does a loop lose that is too short to be shared? In idle_cost the plain loop does "
             "nothing, and is no rival. Times of passes of their own, libomp's and a newer oneTBB's, which came at other "
             "moments, are scaled by what parloop took in each; where that is not known, by what the plain loop took."]
    for group in GROUPS:
        rows = ahead(contests, group)
        lines += ["", f"### {HEADS[group]}", "",
                  f"In {len(rows)} of {contests_with(contests, group)} contests.", ""] + ahead_table(rows)
    return lines


def gain_in(name):
    def cell(result, rival):
        contest = result["contests"].get(name, {"rivals": {}})
        time, serial = median(contest, rival), reference(contest, rival)
        return f"{serial / time:.2f}" if time and serial else "-"
    return cell


def burnt_after(result, rival):
    cpu = median(result["contests"].get("idle_cost/second_after", {"rivals": {}}), rival, "cpu")
    if cpu is None:
        return "-"
    return f"{cpu * 1e3:.3g} ms" if cpu < 0.9995 else time_text(cpu)  # or three digits would be 1e+03


def draw_loop_share(result, rival):
    """Of the two seconds in which an image is copied every 100 ms."""
    values = [cpus for name, at, cpus in result["draw_curves"] if name == rival and 0 <= at < 2]
    if not values:
        return "-"
    percent = 100 * sum(values) / len(values)
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"


def bandwidth_in(name, bytes_moved):
    def cell(result, rival):
        time = median(result["contests"].get(name, {"rivals": {}}), rival)
        return f"{bytes_moved / time * 1e-9:.1f}" if time else "-"
    return cell


HEADLINES = (
    ("20 us of work, back to back", gain_in("small_loops/back_to_back/20.0us")),
    ("500 us, back to back", gain_in("small_loops/back_to_back/500.0us")),
    ("500 us, after 2 ms of sleep", gain_in("small_loops/after_2ms_of_sleep/500.0us")),
    ("100 us, beside a busy CPU", gain_in("small_loops/beside_a_busy_cpu/100.0us")),
    ("y = x + 2, 32 MiB each, GB/s", bandwidth_in("add/32768KiB", 2 * 2**25)),
    ("CPU in the second after a loop", burnt_after),
    ("CPU of a loop every 100 ms", draw_loop_share),
)
HEADLINE_RIVALS = ("parloop", "libgomp", "libomp", "oneTBB", "std::execution", "pthreadpool", "rayon",
                   "Numba", "Numba/workqueue", "Numba/omp", "Numba/tbb", "NumPy", "serial")


def headline_table(result):
    """The main figures of each rival, one line each; the first four columns are speed-ups."""
    columns = [(head, cell) for head, cell in HEADLINES
               if any(cell(result, rival) != "-" for rival in HEADLINE_RIVALS)]
    rows = []
    for rival in HEADLINE_RIVALS:
        cells = [cell(result, rival) for _, cell in columns]
        if any(cell != "-" for cell in cells):
            rows.append([f"**{rival}**" if rival == "parloop" else rival] + cells)
    return table([""] + [head for head, _ in columns], rows) if rows else []


COUNTED = (("allocations", "allocations"), ("system_calls", "system calls"))
PACINGS = (("back_to_back", "back to back"), ("after_2ms", "after 2 ms of sleep"))


def counts_table(counts):
    """`counts`: rival -> pacing -> {"allocations", "system_calls"}, per loop; a count may be missing."""
    def cell(rival, pacing, what):
        value = counts[rival].get(pacing, {}).get(what)
        return "-" if value is None else f"{value:.3g}"
    heads = [f"{name}, {text}" for what, name in COUNTED for _, text in PACINGS]
    return table(["rival"] + heads,
                 [[rival] + [cell(rival, pacing, what) for what, _ in COUNTED for pacing, _ in PACINGS]
                  for rival in counts])


def page(result):
    m = result["machine"]
    lines = ["<!-- SPDX-FileCopyrightText: 2026 the parloop authors -->", "<!-- SPDX-License-Identifier: MIT -->",
             f"# Measured {result['date']}", "", f"`{result['command']}`, {result['minutes']:.0f} minutes", "",
             f"- {m['cpu']}, {m['cpus']} CPUs, {m['memory_gib']} GiB; {m['system']}",
             f"- {m['compiler']}, `{m['flags']}`",
             "- " + ", ".join(f"{k} {v}" for k, v in m["versions"].items()), f"- commit {m['commit']}"]
    if result.get("minutes_of"):
        lines.append("- minutes: " + ", ".join(f"{name} {value:.1f}" for name, value in result["minutes_of"].items()))
    lines += [f"- not measured: {name}" for name in result["missing"]]
    lines += [f"- **{warning}**" for warning in result["warnings"]]
    if near := close_calls(result["contests"]):
        lines += ["- parloop and its best parallel rival differ by less than the spread of the rounds in: " +
                  ", ".join(near)]
    headlines = headline_table(result)
    if headlines:
        lines += ["", "## In short", "", "Speed-ups over the plain loop, unless a column says otherwise.", ""] + headlines
    lines += ["", "## Where a rival is ahead", ""] + ahead_text(result["contests"])
    if result.get("counts"):
        lines += ["", "## Allocations and system calls", "", f"Per loop of 200 us of work, threads exist; "
                  f"system calls of all threads, counted by {result['counts_by']}, the pause's own included.", ""]
        lines += counts_table(result["counts"])
    for name, text in result["tables"].items():
        lines += ["", f"## {name}", "", text]
    lines += ["", "## Every contest", "", "Medians over alternating rounds; CPU: s per loop, in idle_cost s per s."]
    for name, contest in result["contests"].items():
        lines += ["", f"**{name}**, {contest.get('rounds', 1)} rounds", ""] + contest_table(contest)
    return "\n".join(lines) + "\n"
