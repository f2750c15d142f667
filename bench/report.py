# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""What bench/run makes of the programs' output: figures by contest and rival, tables, and what to be told of them.
Nothing here runs a program or reads a file."""
import json
import re

import reasons

MARGIN = 1.05  # from here on a rival is ahead
IDLE_MARGIN = 1e-4  # CPU s per s: what two runs of a program that only sleeps differ by
KEPT = ("median", "q1", "q3")
NO_RIVALS = ("iterations", "real_time", "cpu_time", "repetition_index", "threads", "repetitions")
LIBOMP_TOO = ("parloop/openmp",)  # what is also measured on libomp, under a name that says so


def collect(contests, report, beside_libomp):
    """Adds Google Benchmark's JSON to `contests`: name -> {"rounds", "rivals": {name: {figure: {median, q1, q3}}}}.
    `beside_libomp`: in that run libomp was in libgomp's place; only its own figures and its serial ones are kept.
    Returns what went wrong."""
    errors = []
    for b in report["benchmarks"]:
        if b.get("error_occurred"):
            errors.append(f"{b['name']}: {b.get('error_message')}")
            continue
        kind = b.get("aggregate_name") or "median"  # of one round
        if kind not in KEPT:
            continue
        contest = contests.setdefault(b["run_name"].partition("/iterations:")[0], {"rivals": {}})
        contest.setdefault("rounds", b.get("repetitions", 1))
        for key, value in b.items():
            if not isinstance(value, (int, float)) or key in NO_RIVALS or key.startswith(("family_", "per_family")):
                continue
            rival, _, figure = key.rpartition("/") if key.endswith(("/cpu", "/switches")) else (key, "", "time")
            if beside_libomp:
                rival = name_beside_libomp(rival)
                if rival is None:
                    continue
            figures = contest["rivals"].setdefault(rival, {}).setdefault(figure, {})
            figures[kind] = float(f"{value:.5g}")  # more would be noise
    return errors


def name_beside_libomp(rival):
    if rival == "serial":
        return "serial (beside libomp)"
    if rival in LIBOMP_TOO:
        return rival + " (libomp)"
    return rival if rival.startswith("libomp") else None


def median(contest, rival, figure="time"):
    return contest["rivals"].get(rival, {}).get(figure, {}).get("median")


def reference(contest, rival):
    """The serial time that was measured in the same process as the rival."""
    beside = "serial (beside libomp)" if "libomp" in rival else "serial"
    return median(contest, beside) or median(contest, "serial")


def comparable(contest, rival, figure="time"):
    """A rival's figures as they would be beside the others: times of libomp's pass, which came at another moment, by
    what the plain loop took in each."""
    figures = contest["rivals"].get(rival, {}).get(figure, {})
    serial, beside = median(contest, "serial"), reference(contest, rival)
    scale = serial / beside if figure == "time" and serial and beside else 1
    return {kind: value * scale for kind, value in figures.items()}


def is_rival(name):
    return not name.startswith("parloop") and "beside" not in name and not name.endswith("_limit")


def own_name(contest):
    """parloop's default backend, under the name it has in this contest."""
    for name in ("parloop", "parloop/thread_pool"):
        if name in contest["rivals"]:
            return name
    return None


def figure_that_counts(name):
    return "cpu" if name.startswith("idle_cost/") else "time"


def ahead(contests):
    """The contests that a rival wins by more than the margin, worst first, each with the best rival's name."""
    rows = []
    for name, contest in contests.items():
        figure, own = figure_that_counts(name), own_name(contest)
        ours = contest["rivals"].get(own, {}).get(figure)
        theirs = {rival: comparable(contest, rival, figure) for rival, f in contest["rivals"].items()
                  if is_rival(rival) and figure in f}
        if figure == "cpu":
            theirs.pop("serial", None)  # it sleeps; to be near it is the aim
        if not ours or not theirs:
            continue
        best = min(theirs, key=lambda rival: theirs[rival]["median"])
        lead = ours["median"] - theirs[best]["median"]
        if ours["median"] <= MARGIN * theirs[best]["median"] or figure == "cpu" and lead < IDLE_MARGIN:
            continue
        variants = {rival: comparable(contest, rival, figure)["median"] for rival, f in contest["rivals"].items()
                    if rival.startswith("parloop") and figure in f}
        rows.append({"contest": name, "figure": figure, "rival": best, "theirs": theirs[best]["median"],
                     "ours": ours["median"], "ratio": ours["median"] / max(theirs[best]["median"], 1e-12),
                     "within_spread": overlap(ours, theirs[best]), "best_variant": min(variants, key=variants.get),
                     "best_variant_figure": min(variants.values())})
    return sorted(rows, key=lambda row: -row["ratio"])


def overlap(a, b):
    """Whether the quartiles of two figures do."""
    return "q1" in a and "q1" in b and a["q1"] <= b["q3"] and b["q1"] <= a["q3"]


def close_calls(contests):
    """Contests in which parloop and the best rival differ by less than the rounds vary."""
    names = []
    for name, contest in contests.items():
        figure = figure_that_counts(name)
        ours = contest["rivals"].get(own_name(contest), {}).get(figure, {})
        others = [comparable(contest, rival, figure) for rival, f in contest["rivals"].items()
                  if is_rival(rival) and rival != "serial" and "q1" in f.get(figure, {})]
        if others and overlap(ours, min(others, key=lambda f: f["median"])):
            names.append(name)
    return names


# --- text ---

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
        return ["No rival is ahead by more than 5 % in any contest."]
    return table(["contest", "best rival", "its figure", "parloop's", "parloop / rival", "best of parloop's backends",
                  "less than the spread", "why"],
                 [[row["contest"], row["rival"], time_text(row["theirs"]), time_text(row["ours"]),
                   f"{row['ratio']:.2f}", f"{row['best_variant']}: {time_text(row['best_variant_figure'])}",
                   "yes" if row["within_spread"] else "", (reasons.reason(row) or ["", "not known"])[1]] for row in rows])


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


def markdown(result):
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
    if result["close_calls"]:
        lines += ["- parloop and its best rival differ by less than the spread of the rounds in: " +
                  ", ".join(result["close_calls"])]
    headlines = headline_table(result)
    if headlines:
        lines += ["", "## In short", "", "Speed-ups over the plain loop, unless a column says otherwise.", ""] + headlines
    lines += ["", "## Where a rival is ahead by more than 5 %", ""]
    lines += ["Medians: time per loop; in idle_cost CPU time per second. The best rival of each contest, the plain loop "
              "included, but not in idle_cost, where it does nothing. Times of libomp's pass, which came at another "
              "moment, are scaled by what the plain loop took in each.", ""] + ahead_table(result["ahead"])
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


# --- what other programs print ---

def curve_points(text):
    """Lines of rival, seconds, CPUs."""
    points = []
    for line in text.splitlines():
        rival, seconds, cpus = line.rsplit(maxsplit=2)
        points.append([rival, float(seconds), float(cpus)])
    return points


def calls_seen_by_perf(text):
    """The count in the CSV of `perf stat -x,`; None where the event cannot be counted."""
    found = re.search(r"^(\d+),.*sys_enter", text, re.M)
    return int(found.group(1)) if found else None


def calls_seen_by_strace(text):
    """The count in the last line of `strace -c -U calls,name`."""
    found = re.search(r"^\s*(\d+)\s+total\s*$", text, re.M)
    return int(found.group(1)) if found else None


def compile_times(text):
    """Seconds by library, from compile_time.sh's table."""
    return {name: float(median) for name, median in re.findall(r"^\| (\w+) \| ([\d.]+) \| [\d.]+ \.\.\.", text, re.M)}


def json_text(result):
    """JSON with a line for each entry and for each contest: small, and a difference between two files can be read."""
    def lines(of, indent):
        return "{\n" + ",\n".join(f"{indent}{json.dumps(key)}: {value}" for key, value in of.items()) + "}"
    parts = {key: json.dumps(value) for key, value in result.items()}
    parts["contests"] = lines({name: json.dumps(contest) for name, contest in result["contests"].items()}, "  ")
    return lines(parts, " ") + "\n"
