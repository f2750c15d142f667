# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""What bench/run makes of the programs' output: figures by contest and rival, and who is ahead in which contest.
Nothing here runs a program or reads a file."""
import json
import re

MARGIN = 1.05  # from here on a rival is ahead
IDLE_MARGIN = 1e-4  # CPU s per s: what two runs of a program that only sleeps differ by
KEPT = ("median", "q1", "q3")
NO_RIVALS = ("iterations", "real_time", "cpu_time", "repetition_index", "threads", "repetitions")
# Two questions, counted apart: is it as good as other libraries, and what does a loop lose that does not pay?
PARALLEL, ONE_THREAD = "parallel rivals", "one thread"
GROUPS = (PARALLEL, ONE_THREAD)
SINGLE = ("serial", "NumPy", "Numba serial", "std::vector")  # rivals of one thread
OWN = ("parloop", "parloop/thread_pool")  # its default backend, by the name that a contest has for it
LIBOMP_TOO = ("parloop/openmp",)  # what is also measured on libomp, under a name that says so


def collect(contests, report, guest):
    """Adds Google Benchmark's JSON to `contests`: name -> {"rounds", "rivals": {name: {figure: {median, q1, q3}}}}.
    `guest`: None, or who was in another library's place in that run, libomp in libgomp's, a newer oneTBB in oneTBB's;
    only its own figures, the serial ones and parloop's are kept. Returns what went wrong."""
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
            if guest:
                rival = name_beside(guest, rival)
                if rival is None:
                    continue
            figures = contest["rivals"].setdefault(rival, {}).setdefault(figure, {})
            figures[kind] = float(f"{value:.5g}")  # more would be noise
    return errors


def name_beside(guest, rival):
    """What is measured in a guest's run, by the name that it is kept under; None for what is not kept."""
    if rival == "serial" or rival in OWN:
        return f"{rival} (beside {guest})"
    if guest != "libomp":
        return guest if rival == guest.partition(" ")[0] else None
    if rival in LIBOMP_TOO:
        return rival + " (libomp)"
    return rival if rival.startswith("libomp") else None


def is_guest(rival):
    """A library beside an older one of the same name: oneTBB 2023.2.0."""
    return re.fullmatch(r"\w+ \d[\d.]*", rival) is not None


def median(contest, rival, figure="time"):
    return contest["rivals"].get(rival, {}).get(figure, {}).get("median")


def name_of_pass(contest, name, rival):
    """`name` as it was measured in the same process as the rival."""
    guest = rival if is_guest(rival) else "libomp" if "libomp" in rival else None
    beside = f"{name} (beside {guest})"
    return beside if guest and beside in contest["rivals"] else name


def reference(contest, rival):
    """The serial time that was measured in the same process as the rival."""
    return median(contest, name_of_pass(contest, "serial", rival))


def comparable(contest, rival, figure="time"):
    """A rival's figures as they would be beside the others: times of a guest's pass, which came at another moment, by
    what parloop took in each, so that the two are compared within that pass. Where that was not measured, and for
    rivals of one thread, by what the plain loop took: two CPUs may have more or less memory bandwidth than one."""
    figures = contest["rivals"].get(rival, {}).get(figure, {})
    own = own_name(contest)
    if own is None or rival in SINGLE or name_of_pass(contest, own, rival) == own:
        own = "serial"
    here, there = median(contest, own), median(contest, name_of_pass(contest, own, rival))
    scale = here / there if figure == "time" and here and there else 1
    return {kind: value * scale for kind, value in figures.items()}


def group_of(rival):
    """PARALLEL or ONE_THREAD; None for parloop itself, for limits, and for what was measured beside another pass."""
    if rival.startswith("parloop") or "beside" in rival or rival.endswith("_limit"):
        return None
    return ONE_THREAD if rival in SINGLE else PARALLEL


def own_name(contest):
    """parloop's default backend, under the name it has in this contest."""
    for name in OWN:
        if name in contest["rivals"]:
            return name
    return None


def figure_that_counts(name):
    return "cpu" if name.startswith("idle_cost/") else "time"


def best_rival(name, contest, group):
    """The figure that counts of the best rival in a group of them, by its name, and ours; twice None where one lacks."""
    figure = figure_that_counts(name)
    ours = contest["rivals"].get(own_name(contest), {}).get(figure)
    theirs = {rival: comparable(contest, rival, figure) for rival, f in contest["rivals"].items()
              if group_of(rival) == group and figure in f}
    if figure == "cpu":
        theirs.pop("serial", None)  # it sleeps; to be near it is the aim
    if not ours or not theirs:
        return None, None
    best = min(theirs, key=lambda rival: theirs[rival]["median"])
    return {"rival": best, **theirs[best]}, ours


def contests_with(contests, group):
    """How many have a rival of that group, and us."""
    return sum(best_rival(name, contest, group)[0] is not None for name, contest in contests.items())


def ahead(contests, group):
    """The contests that a rival of the group wins by more than the margin, worst first, each with the best one's name."""
    rows = []
    for name, contest in contests.items():
        figure = figure_that_counts(name)
        best, ours = best_rival(name, contest, group)
        if best is None or ours["median"] <= MARGIN * best["median"]:
            continue
        if figure == "cpu" and ours["median"] - best["median"] < IDLE_MARGIN:
            continue
        variants = {rival: comparable(contest, rival, figure)["median"] for rival, f in contest["rivals"].items()
                    if rival.startswith("parloop") and "beside" not in rival and figure in f}
        rows.append({"contest": name, "figure": figure, "rival": best["rival"], "theirs": best["median"],
                     "ours": ours["median"], "ratio": ours["median"] / max(best["median"], 1e-12),
                     "within_spread": overlap(ours, best), "best_variant": min(variants, key=variants.get),
                     "best_variant_figure": min(variants.values())})
    return sorted(rows, key=lambda row: -row["ratio"])


def overlap(a, b):
    """Whether the quartiles of two figures do."""
    return "q1" in a and "q1" in b and a["q1"] <= b["q3"] and b["q1"] <= a["q3"]


def close_calls(contests):
    """Contests in which parloop and the best parallel rival differ by less than the rounds vary."""
    found = {name: best_rival(name, contest, PARALLEL) for name, contest in contests.items()}
    return [name for name, (best, ours) in found.items() if best is not None and overlap(ours, best)]


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
