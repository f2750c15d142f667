# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""All committed results beside each other: for each kind of loop and each machine, how parloop stands to the best other
parallel library, as a geometric mean over the contests of that kind; the losses first."""
import math
import re

from . import markdown
from .figures import MARGIN, PARALLEL, best_rival, comparable, figure_that_counts, group_of

# Kinds of loops: what the page calls them, their contests, and whose figures are parloop's (None: the default's). A
# contest that none fits is named after its program.
KINDS = (
    ("small loops, back to back", r"small_loops/back_to_back/.*", None),
    ("small loops, 50 us of work between", r"small_loops/after_50us_of_work/.*", None),
    ("small loops, 2 ms of sleep between", r"small_loops/after_2ms_of_sleep/.*", None),
    ("small loops beside a busy CPU", r"small_loops/beside_a_busy_cpu/.*", None),
    ("loops of no or of one iteration", r"small_loops/n=.*|fork_join/nothing", None),
    ("more threads than CPUs", r"small_loops/oversubscribed/.*", None),
    ("two iterations that wait for each other", r"fork_join/meet.*", None),
    ("arrays up to 512 KiB", r"(add|copy|axpy)/(1|8|64|512)KiB", None),
    ("larger arrays, `parallel_for`", r"(add|copy|axpy)/(?!(1|8|64|512)KiB).*", None),
    ("larger arrays, `transform`", r"(add|copy|axpy)/(?!(1|8|64|512)KiB).*", "parloop::transform"),
    ("new arrays", r"first_touch/.*", None),
    ("rows of a matrix", r"rows/.*", None),
    ("iterations that grow or shrink", r"triangle/.*", None),
    ("loops in loops, the default", r"nested/.*", None),
    ("loops in loops, `work_stealing`", r"nested/.*", "parloop/work_stealing"),
    ("Mandelbrot set", r"mandelbrot/.*", None),
    ("a batch of images", r"image_batch/.*", None),
    ("pi from random points", r"monte_carlo_pi/.*", None),
    ("heat equation", r"heat_2d/.*", None),
    ("sums", r"reduce/.*", None),
    ("prefix sums", r"scan/.*", None),
    ("CPU time between and after loops", r"idle_cost/.*", None),
)
LEAST_CPU = 1e-5  # s per s: less is noise, and no number to divide by


def kind_of(name):
    """Those that fit; each contest has one at least."""
    found = [(text, own) for text, pattern, own in KINDS if re.fullmatch(pattern, name)]
    return found or [(f"`{name.partition('/')[0]}`", None)]


def over(name, ours, theirs):
    """How parloop's figure in a contest stands to a rival's."""
    least = LEAST_CPU if figure_that_counts(name) == "cpu" else 1e-12
    return max(ours["median"], least) / max(theirs["median"], least)


def ratios(result):
    """Kind -> [parloop / best parallel rival] of a result."""
    found = {}
    for name, contest in result["contests"].items():
        best, ours = best_rival(name, contest, PARALLEL)
        if best is None:
            continue
        figure = figure_that_counts(name)
        for text, own in kind_of(name):
            mine = contest["rivals"].get(own, {}).get(figure) if own else ours
            if mine:
                found.setdefault(text, []).append(over(name, mine, best))
    return found


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def cell(values):
    """The mean, and how often the rival is ahead by more than the margin."""
    if not values:
        return "-"
    behind = sum(value > MARGIN for value in values)
    return f"{mean(values):.2f} ({behind} of {len(values)})"


def side_by_side(results):
    """Kinds by machines, the row with the worst mean first."""
    by_machine = [ratios(result) for result in results.values()]
    kinds = {kind for found in by_machine for kind in found}
    worst = {kind: max(mean(found[kind]) for found in by_machine if kind in found) for kind in kinds}
    rows = [[kind] + [cell(found.get(kind)) for found in by_machine]
            for kind in sorted(kinds, key=lambda kind: (-worst[kind], kind))]
    return markdown.table([""] + list(results), rows)


def rival_by_rival(results):
    """Libraries by machines: the geometric mean of parloop / that library over all contests that it is in."""
    def against(result, rival):
        found = []
        for name, contest in result["contests"].items():
            ours = best_rival(name, contest, PARALLEL)[1]
            theirs = comparable(contest, rival, figure_that_counts(name))
            if ours and theirs:
                found.append(over(name, ours, theirs))
        return found
    rivals = {rival for result in results.values() for contest in result["contests"].values()
              for rival in contest["rivals"] if group_of(rival) == PARALLEL}
    table = {rival: [against(result, rival) for result in results.values()] for rival in rivals}
    worst = {rival: max(mean(values) for values in cells if values) for rival, cells in table.items() if any(cells)}
    return markdown.table(["parloop to"] + list(results), [[rival] + [cell(values) for values in table[rival]]
                                                          for rival in sorted(worst, key=lambda rival: -worst[rival])])


def machines(results):
    def line(name, result):
        m = result["machine"]
        versions = ", ".join(f"{library} {re.split('[-+]', version.partition(':')[2] or version)[0]}" for library, version
                             in m["versions"].items() if library not in ("Google Benchmark", "Python"))
        return [f"[{name}](../bench/results/{name}.md)", f"{m['cpu']}, {m['cpus']} CPUs", m["system"], versions,
                f"{result['date']}, {m['commit'][:10]}"]
    return markdown.table(["result", "processor", "system", "libraries", "date, commit"],
                          [line(name, result) for name, result in results.items()])
