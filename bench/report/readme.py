# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Fills the marked regions of README.md and of the guides: what was measured, from the committed result, and the
library's constants, from its headers.

A region is `<!-- measured: WHAT -->...<!-- end -->`, in a line or around lines; WHAT is a function below and its
arguments. `<!-- code: EXPRESSION -->...<!-- end -->` is about the constants of the headers."""
import json
import pathlib
import re
import shlex
import textwrap

from . import figures, markdown, reasons, side_by_side

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
RESULT = BENCH / "results" / "epyc_2_cpus.json"
NO_RESULT = 77  # the exit code of a skipped test
MARK = re.compile(r"(<!-- (measured|code): ([^\n]+?) -->)(.*?)(<!-- end -->)", re.S)
SMALL = (("back_to_back", "back to back"), ("after_50us_of_work", "50 us of work between"),
         ("after_2ms_of_sleep", "2 ms of sleep between"))
SMALL_RIVALS = ("serial", "parloop", "libgomp", "libomp", "oneTBB", "pthreadpool", "rayon", "spin_limit")
BUSY = ("10.0us", "100.0us", "500.0us")
BURNERS = ("parloop", "libgomp", "libomp", "oneTBB", "pthreadpool", "rayon", "parloop/spin")
OTHERS = (("`y = x + 2`, doubles, 32 MiB each", "add/32768KiB", "parloop"),
          ("the same by `transform`", "add/32768KiB", "parloop::transform"),
          ("the same, 512 MiB, by `transform`", "add/524288KiB", "parloop::transform"),
          ("`x + 2` into a new array of 512 MiB", "first_touch/add/512MiB", "parloop"),
          ("iterations that get shorter, 1 ms", "triangle/falling/1ms", "parloop"),
          ("64 loops of 14 us in a loop, `work_stealing`", "nested/64x2000", "parloop/work_stealing"),
          ("Mandelbrot set, 1024 x 1024", "mandelbrot/1024", "parloop"),
          ("60 images of three sizes, blurred", "image_batch/60", "parloop"),
          ("pi from 1e8 random points", "monte_carlo_pi/100000000", "parloop"),
          ("heat equation, 2048 x 2048, 100 steps", "heat_2d/2048", "parloop"),
          ("sum of 1e8 doubles", "reduce/100000000", "parloop"),
          ("prefix sums of 1e8 doubles", "scan/100000000", "parloop"))
NAMES = {"parloop": "**parloop**", "parloop/spin": "`idle::spin()`", "serial": "plain loop"}
PICTURES = {"draw_loop": "CPU of a program that copies an image every 100 ms, over time, by library",
            "speed_up": "Speed-up against the work in a loop, back to back and after 2 ms of sleep",
            "burnt_after_loop": "CPU time burnt in the second after a loop, by library"}


class NotMeasured(Exception):
    """The result has no such figure."""


def figure(result, contest, rival, what="time"):
    value = figures.median(result["contests"].get(contest, {"rivals": {}}), rival, what)
    if value is None:
        raise NotMeasured(f"{what} of {rival} in {contest}")
    return value


def name_of(rival):
    return NAMES.get(rival, rival)


def of_rivals(result, rivals, contests):
    """Those of the rivals that were measured in one of the contests."""
    measured = {rival for name in contests for rival in result["contests"].get(name, {"rivals": {}})["rivals"]}
    found = [rival for rival in rivals if rival in measured]
    if not found:
        raise NotMeasured(contests[0])
    return found


# --- figures in a line ---

def burnt(result, rival):
    figure(result, "idle_cost/second_after", rival, "cpu")
    return markdown.burnt_after(result, rival)


def time(result, contest, rival):
    return markdown.time_text(figure(result, contest, rival))


def more(result, contest, rival, than):
    return markdown.time_text(figure(result, contest, rival) - figure(result, contest, than))


def compile_time(result, library, than):
    seconds = figures.compile_times(result["tables"].get("compile_time", ""))
    if library not in seconds or than not in seconds:
        raise NotMeasured("compile time")
    return f"{seconds[library] / seconds[than]:.2f} times"


def minutes(result):
    return f"{result['minutes']:.0f} minutes"


def machine(result):
    m = result["machine"]
    versions = ", ".join(f"{name} {re.split('[-+]', version.partition(':')[2] or version)[0]}"
                         for name, version in m["versions"].items() if name not in ("Google Benchmark", "Python"))
    text = (f"{m['cpu']}, {m['cpus']} CPUs, {m['system']}, {m['compiler']}, {versions}; {result['date']}, "
            f"commit {m['commit'][:10]}{m['commit'][40:]}")
    return textwrap.wrap(text, 118, break_on_hyphens=False)


# --- tables ---

def burnt_table(result):
    rivals = of_rivals(result, BURNERS, ["idle_cost/second_after"])
    return markdown.table([name_of(rival) for rival in rivals], [[burnt(result, rival) for rival in rivals]])


def pacing_of(result, pacing, rival):
    """Worst excess, and the smallest work from which on a speed-up is reached, as bench_small_loops has them."""
    prefix = f"small_loops/{pacing}/"
    sizes = sorted((float(name[len(prefix):-2]), contest) for name, contest in result["contests"].items()
                   if name.startswith(prefix) and figures.median(contest, rival))
    if not sizes:
        return "-"
    pairs = [(size, figures.median(contest, rival), figures.reference(contest, rival)) for size, contest in sizes]
    excess = max(time - figures.MARGIN * serial for _, time, serial in pairs)

    def reached(wanted):
        found = "never"
        for size, time, serial in reversed(pairs):
            if serial / time < wanted:
                break
            found = markdown.time_text(size * 1e-6)
        return found
    return f"{excess * 1e6:.2f} us, {reached(0.95)}, {reached(1.5)}"


def beside_a_busy_cpu(result, rival):
    contests = [result["contests"].get(f"small_loops/beside_a_busy_cpu/{size}", {"rivals": {}}) for size in BUSY]
    times = [figures.median(contest, rival) for contest in contests]
    return ", ".join(markdown.time_text(time) if time else "-" for time in times) if any(times) else "-"


def small_loops(result):
    contests = [name for name in result["contests"] if name.startswith("small_loops/")]
    rivals = of_rivals(result, SMALL_RIVALS, contests or ["small_loops"])
    return markdown.table([""] + [text for _, text in SMALL] + ["beside a busy CPU"],
                        [[name_of(rival)] + [pacing_of(result, pacing, rival) for pacing, _ in SMALL] +
                         [beside_a_busy_cpu(result, rival)] for rival in rivals])


def others(result):
    rows = []
    for text, name, own in OTHERS:
        contest = result["contests"].get(name, {"rivals": {}})
        ours, serial = figures.median(contest, own), figures.median(contest, "serial")
        theirs = {rival: figures.comparable(contest, rival)["median"] for rival in contest["rivals"]
                  if figures.group_of(rival) and rival != "serial" and figures.median(contest, rival)}
        if not ours or not theirs:
            continue
        best = min(theirs, key=theirs.get)
        rows.append([text, markdown.time_text(serial) if serial else "-", markdown.time_text(ours),
                     f"{markdown.time_text(theirs[best])} ({best})", f"{ours / theirs[best]:.2f}"])
    if not rows:
        raise NotMeasured("other workloads")
    return markdown.table(["", "plain loop", "parloop", "best rival", "parloop / rival"], rows)


def monte_carlo_pi(result):
    """Every number of points that was measured, on one thread and on all, and the same loop in Numba."""
    prefix = "monte_carlo_pi/"
    sizes = sorted(int(name[len(prefix):]) for name in result["contests"] if name.startswith(prefix))
    rivals = of_rivals(result, ("serial", "parloop", "Numba serial", "Numba parallel"),
                       [f"{prefix}{size}" for size in sizes] or [prefix])

    def row(size):
        medians = [figures.median(result["contests"][f"{prefix}{size}"], rival) for rival in rivals]
        return [f"{size:.2g}".replace("e+0", "e").replace("e+", "e")] + [markdown.time_text(m) if m else "-" for m in medians]
    return markdown.table(["points"] + [name_of(rival) for rival in rivals], [row(size) for size in sizes])


def where_rivals_win(result, group):
    """The contests that a rival of the group wins, by the reason for it."""
    groups = {}
    for row in figures.ahead(result["contests"], group):
        groups.setdefault(reasons.reason(row) or ("**not explained**", "not known"), []).append(row)
    lines = []
    for (where, why), rows in groups.items():
        rivals = sorted({row["rival"] for row in rows})
        worst = rows[0]
        of = f"{worst['ratio']:.3g}" if worst["ratio"] < 1000 else "1000 and more"
        lines.append([where, str(len(rows)), ", ".join(rivals), f"{of}: `{worst['contest']}`", why])
    if not lines:
        return ["In no contest."]
    return markdown.table(["where", "contests", "who is ahead", "parloop / rival, at most", "why"], lines)


def count_ahead(result, group):
    contests = result["contests"]
    return f"{len(figures.ahead(contests, group))} of {figures.contests_with(contests, group)} contests"


def picture(result, which, root=""):
    """As GitHub wants it; for Doxygen, docs/public.sed makes a plain image of it."""
    name = f"bench/results/{RESULT.stem}.{which}"
    if not all((ROOT / f"{name}.{theme}.svg").exists() for theme in ("light", "dark")):
        raise NotMeasured(f"picture {which}")
    at = root + name
    return [f'<picture><source media="(prefers-color-scheme: dark)" srcset="{at}.dark.svg">'
            f'<img alt="{PICTURES[which]}" src="{at}.light.svg"></picture>']


def results_link(result, root=""):
    return f"[bench/results/{RESULT.stem}.md]({root}bench/results/{RESULT.stem}.md)"


# --- all committed results ---

def all_results():
    """By name, the one that is quoted first."""
    files = sorted(RESULT.parent.glob("*.json"), key=lambda file: (file != RESULT, file.name))
    return {file.stem: json.loads(file.read_text()) for file in files}


def ratios_side_by_side(_):
    return side_by_side.side_by_side(all_results())


def rival_by_rival(_):
    return side_by_side.rival_by_rival(all_results())


def machines(_):
    return side_by_side.machines(all_results())


MEASURED = (burnt, time, more, compile_time, minutes, machine, burnt_table, small_loops, others,
            monte_carlo_pi, where_rivals_win, count_ahead, picture, results_link,
            ratios_side_by_side, rival_by_rival, machines)
LINKING = (picture, results_link)  # those that take the way from the page to the project's folder


# --- constants ---

def constants():
    """Times and counts that the headers define, by name; times in seconds."""
    units = {"nanoseconds": 1e-9, "microseconds": 1e-6, "milliseconds": 1e-3}
    found, sums = {}, {}

    def note(name, value):
        found[name] = value if found.get(name, value) == value else None  # two of that name: none to be quoted
    for header in sorted((ROOT / "include" / "parloop").rglob("*.hpp")):
        text = header.read_text()
        for name, unit, value in re.findall(r"constexpr \S+ (\w+) = std::chrono::(\w+seconds)\((\d+)\);", text):
            note(name, int(value) * units[unit])
        for name, value in re.findall(r"constexpr (?:int|index_t|std::size_t) (\w+) = (\d+);", text):
            note(name, int(value))
        sums.update(re.findall(r"constexpr std::chrono::nanoseconds (\w+) = ([a-z]\w+ [-+] \w+ / \d+);", text))
    for name, formula in sums.items():
        found[name] = evaluate(formula, found)
    return found


def evaluate(formula, known):
    """A sum of names, each over a number or not."""
    value = 0
    for part in formula.split(" + "):
        name, _, over = part.partition(" / ")
        value += known[name] / int(over) if over else known[name]
    return value


def constant(known, formula):
    value = evaluate(formula, known)
    return str(value) if isinstance(value, int) else markdown.time_text(round(value, 12))


# --- pages ---

def filled(text, result, known, complaints, root=""):
    """The page with its regions as they have to be; without a result, or a figure, they say so. `root`: from the page."""
    def region(match):
        opening, kind, what, old, closing = match.groups()
        if "\n" not in old and text[:match.start()].endswith("\n"):
            raise SystemExit(f"a comment that begins a line ends the paragraph: {opening}")
        try:
            if kind == "code":
                new = constant(known, what)
            else:
                name, *more_words = shlex.split(what)
                by_name = {function.__name__: function for function in MEASURED}
                if result is None:
                    raise NotMeasured("a result")
                more = {"root": root} if by_name[name] in LINKING else {}
                new = by_name[name](result, *more_words, **more)
        except NotMeasured as missing:
            complaints.append(f"not measured: {missing}")
            new = "not measured"
        except (KeyError, TypeError) as wrong:
            raise SystemExit(f"no such figure: {opening} ({wrong})") from wrong
        if isinstance(new, list):
            new = "\n".join(new)
        return opening + (f"\n{new}\n" if "\n" in old else new) + closing
    return MARK.sub(region, text)


def pages():
    return [ROOT / "README.md", BENCH / "README.md"] + sorted((ROOT / "docs").glob("*.md"))


def write(check):
    """Writes the pages, and the result's Markdown file; with `check` says what would change. Returns the exit code."""
    result = json.loads(RESULT.read_text()) if RESULT.exists() else None
    if result is None:
        print(f"SKIPPED: there is no {RESULT.relative_to(ROOT)}; only the constants are compared")
    complaints, unexplained = [], []
    known = constants()
    wanted = {page: filled(page.read_text(), result, known, complaints, "" if page.parent == ROOT else "../")
              for page in pages()}
    if result is not None:
        wanted.update({RESULT.with_name(f"{name}.md"): markdown.page(kept) for name, kept in all_results().items()})
        for group in figures.GROUPS:
            unexplained += reasons.unexplained(figures.ahead(result["contests"], group))
    different = [page for page, text in wanted.items() if not page.exists() or page.read_text() != text]
    for page in different:
        print("differs:" if check else "written:", page.relative_to(ROOT))
        if not check:
            page.write_text(wanted[page])
    for line in complaints if result is not None else []:
        print("warning:", line)
    for line in unexplained:
        print("no reason in bench/report/reasons.py:", line)
    if result is not None and "changes" in result["machine"]["commit"]:
        print("warning: measured with changes that are in no commit")
    if check and different:
        print("python3 bench/report readme writes them")
    if unexplained or check and different:
        return 1
    return 0 if result is not None else NO_RESULT
