#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Draws what bench/run has measured, and records of loops: SVG files, light and dark."""
import json
import pathlib
import re
import sys

try:
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt
except ImportError:
    sys.exit("no pictures without matplotlib (python3-matplotlib)")

from .markdown import time_text

# One colour a rival, readable on white and on black (Okabe and Ito's palette first, which colour-blind readers can tell
# apart).
COLOURS = {"parloop": "#d55e00", "parloop::transform": "#d55e00", "libgomp": "#0072b2", "libomp": "#56b4e9",
           "oneTBB": "#009e73", "std::execution": "#cc79a7", "pthreadpool": "#e69f00", "rayon": "#a0705a",
           "NumPy": "#b8a000", "Numba": "#8a63b0", "Numba/omp": "#8a63b0", "Numba/tbb": "#44aa99",
           "Numba/workqueue": "#aa4499", "serial": "#888888", "spin_limit": "#888888", "streaming_limit": "#888888"}
LINES = {"serial": ":", "spin_limit": "--", "streaming_limit": "--", "parloop::transform": "--"}
ORDER = list(COLOURS)
POINTS = {"marker": "o", "markersize": 3}
LABELS = {"spin_limit": "spin_limit: two threads\nthat poll one word", "streaming_limit": "streaming_limit: stores\npast the caches"}
THEMES = {"light": {"text": "#1f2328", "back": "#ffffff", "grid": "#d0d7de", "colours": {}},
          "dark": {"text": "#e6edf3", "back": "#0d1117", "grid": "#3d444d",
                   "colours": {"libgomp": "#3d8fe0", "libomp": "#a5dcff", "parloop": "#ff7b24", "parloop::transform": "#ff7b24",
                               "Numba": "#b08be0", "Numba/omp": "#b08be0", "Numba/workqueue": "#d070d0"}}}


def seconds(text):
    """The size at the end of a contest's name: 0.5us, 4KiB."""
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()
    return float(number) * {"us": 1e-6, "ms": 1e-3, "KiB": 2**10, "MiB": 2**20}[unit]


def size_text(value, units):
    for unit, size in units:
        if value >= size * 0.999:
            return f"{value / size:g} {unit}"
    unit, size = units[-1]
    return f"{value / size:g} {unit}"


TIMES = (("ms", 1e-3), ("µs", 1e-6))
BYTES = (("MiB", 2**20), ("KiB", 2**10))


def series(result, prefix, figure="time"):
    """rival -> [(size, median, serial beside it)], in order of the sizes."""
    lines = {}
    for name, contest in result["contests"].items():
        if not name.startswith(prefix):
            continue
        rivals = contest["rivals"]
        for rival, figures in rivals.items():
            if rival not in COLOURS or figure not in figures:
                continue
            beside = rivals.get("serial (beside libomp)") if rival == "libomp" else None
            serial = (beside or rivals["serial"])["time"]["median"]
            lines.setdefault(rival, []).append((seconds(name[len(prefix):]), figures[figure]["median"], serial))
    return {rival: sorted(lines[rival]) for rival in ORDER if rival in lines}


def colour(rival, theme):
    """A variant's is its library's."""
    for name in (rival, rival.partition("/")[0]):
        if name in COLOURS:
            return theme["colours"].get(name, COLOURS[name])
    return "#999999"


def style(rival, theme):
    mine = rival == "parloop"
    return {"color": colour(rival, theme), "label": LABELS.get(rival, rival), "linewidth": 3 if mine else 1.6, "zorder": 5 if mine else 3,
            "linestyle": LINES.get(rival, "-")}


def finish(axes, theme):
    axes.grid(True, color=theme["grid"], linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def legend(beside, panels):
    """Of the lines in all panels, in the order of the rivals."""
    lines = {line.get_label(): line for panel in panels for line in panel.get_lines()
             if not line.get_label().startswith("_")}
    order = [LABELS.get(rival, rival) for rival in ORDER]
    names = sorted(lines, key=order.index)
    beside.legend([lines[name] for name in names], names, frameon=False, fontsize=8, loc="center left",
                  bbox_to_anchor=(1.01, 0.5))


def speed_up(result, theme):
    pacings = [("back_to_back", "loops back to back"), ("after_2ms_of_sleep", "each after 2 ms of sleep")]
    lines = [(title, series(result, f"small_loops/{name}/")) for name, title in pacings]
    if not all(found for _, found in lines):
        return None
    figure, panels = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True)
    for axes, (title, found) in zip(panels, lines):
        sizes = sorted({p[0] for points in found.values() for p in points})
        for rival, points in found.items():
            if rival != "serial":
                axes.plot([p[0] for p in points], [p[2] / p[1] for p in points], **POINTS,
                          **style(rival, theme))
        axes.axhline(1, color=theme["text"], linewidth=1, zorder=2)
        axes.set_xscale("log")
        axes.set_xticks(sizes, [size_text(s, TIMES) for s in sizes], rotation=60, fontsize=8)
        axes.minorticks_off()
        axes.set_title(title, fontsize=11)
        axes.set_xlabel("work in the loop")
        axes.set_ylim(0, min(axes.get_ylim()[1], 1.25 * result["machine"]["cpus"]))  # more is noise
        finish(axes, theme)
    panels[0].set_ylabel("speed-up over the plain loop")
    # In the picture with room above the line: after a sleep nobody is faster at the smallest sizes.
    panels[1].text(0.02, 1.01, "1.0: the plain loop", transform=panels[1].get_yaxis_transform(), va="bottom", fontsize=8)
    legend(panels[1], panels)
    return figure


def burnt_after_loop(result, theme):
    contest = result["contests"].get("idle_cost/second_after")
    if contest is None:
        return None
    found = {rival: f["cpu"]["median"] * 1e3 for rival, f in contest["rivals"].items()
             if "cpu" in f and "beside" not in rival and (rival == "parloop/spin" or not rival.startswith("parloop/"))}
    rivals = sorted(found, key=lambda rival: found[rival], reverse=True)
    figure, axes = plt.subplots(figsize=(8, 0.6 + 0.34 * len(rivals)))
    for place, rival in enumerate(rivals):
        axes.barh(place, found[rival], color=colour(rival, theme), zorder=3)
        axes.text(found[rival] * 1.1, place, time_text(found[rival] * 1e-3), va="center", fontsize=9)
    axes.set_xscale("log")
    axes.set_xlim(min(found.values()) / 2, max(found.values()) * 4)
    ticks = [10.0**power for power in range(-1, 4)]
    axes.set_xticks(ticks, [f"{tick:g} ms" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks(range(len(rivals)), rivals)
    for label in axes.get_yticklabels():
        label.set_fontweight("bold" if label.get_text() == "parloop" else "normal")
    axes.set_xlabel("CPU time burnt in the second after a loop of 0.5 ms (logarithmic)")
    finish(axes, theme)
    axes.grid(False, axis="y")
    return figure


def bandwidth(result, theme):
    found = series(result, "add/")
    if not found:
        return None
    figure, axes = plt.subplots(figsize=(8, 4.2))
    for rival, points in found.items():
        axes.plot([p[0] for p in points], [2e-9 * p[0] / p[1] for p in points], **POINTS,
                  **style(rival, theme))
    sizes = sorted({p[0] for points in found.values() for p in points})
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, [size_text(s, BYTES) for s in sizes], rotation=45, fontsize=8)
    axes.set_yscale("log")
    ticks = [0.5, 1, 2, 5, 10, 20, 50, 100, 200]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_ylim(ticks[0], ticks[-1])  # below: the smallest arrays, by those who share them all the same
    axes.minorticks_off()
    axes.set_xlabel("each of the two arrays, y = x + 2")
    axes.set_ylabel("GB/s read and written (logarithmic)")
    legend(axes, [axes])
    finish(axes, theme)
    return figure


def draw_loop(result, theme):
    curves = {}
    for rival, at, cpus in result["draw_curves"]:
        curves.setdefault(rival, []).append((at, 100 * cpus))
    curves = {rival: curves[rival] for rival in ORDER if rival in curves}
    if not curves:
        return None
    figure, axes = plt.subplots(figsize=(8, 4.2))
    for rival, points in curves.items():
        # Over two windows, a loop and the pause after it, as the eye does with top.
        values = [p[1] for p in points]
        smooth = [sum(values[max(0, i - 1):i + 1]) / len(values[max(0, i - 1):i + 1]) for i in range(len(values))]
        axes.plot([p[0] for p in points], smooth, **style(rival, theme))
    axes.axvspan(0, 2, color=theme["grid"], alpha=0.35, zorder=0)
    axes.text(1, 1.01, "an image is copied every 100 ms", ha="center", va="bottom", fontsize=9,
              transform=axes.get_xaxis_transform())
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(0, None)
    axes.set_yticks([0, 1, 10, 100, 200], ["0", "1", "10", "100", "200"])
    axes.minorticks_off()
    axes.set_xlabel("seconds")
    axes.set_ylabel("CPU of the process, % of a core")
    legend(axes, [axes])
    finish(axes, theme)
    return figure


def trace(recorded, theme):
    """One row a thread: its chunks, in the colour of their loop, thin where it sleeps, and arrows from who wakes it.
    Above the first row the loops' names."""
    events = [e for e in recorded["traceEvents"] if e["ph"] == "X"]
    rows = {e["tid"]: e["args"]["name"] for e in recorded["traceEvents"] if e["name"] == "thread_name"}
    loops = [e for e in events if "iterations" in e["args"]]
    names = list(dict.fromkeys(e["name"] for e in loops))
    colours = dict(zip(names, ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00")))
    figure, axes = plt.subplots(figsize=(9, 0.9 + 0.5 * len(rows)))
    level = {tid: -row for row, tid in enumerate(sorted(rows))}
    for loop in loops:
        begin, end = loop["ts"], loop["ts"] + loop["dur"]
        axes.text((begin + end) / 2e3, 0.5, loop["name"], ha="center", va="bottom", fontsize=8)
        for e in events:
            if e["name"] == "chunk" and begin <= e["ts"] < end:
                axes.barh(level[e["tid"]], e["dur"] / 1e3, left=e["ts"] / 1e3, height=0.7, linewidth=0.4,
                          color=colours[loop["name"]], edgecolor=theme["back"])
    for e in events:
        if e["name"] in ("asleep", "waits asleep"):
            axes.barh(level[e["tid"]], e["dur"] / 1e3, left=e["ts"] / 1e3, height=0.1, color="#888888", linewidth=0)
    flows = {phase: {e["id"]: e for e in recorded["traceEvents"] if e["ph"] == phase} for phase in "sf"}
    for number, start in flows["s"].items():
        end = flows["f"][number]
        axes.annotate("", (end["ts"] / 1e3, level[end["tid"]]), (start["ts"] / 1e3, level[start["tid"]]), zorder=6,
                      arrowprops={"arrowstyle": "->", "color": theme["text"], "linewidth": 0.8, "shrinkA": 0,
                                  "shrinkB": 0})
    axes.set_yticks(list(level.values()), [rows[tid] for tid in level])
    axes.set_ylim(-len(rows) + 0.4, 0.9)
    last = max(loop["ts"] + loop["dur"] for loop in loops) / 1e3
    axes.set_xlim(-0.02 * last, 1.08 * last)
    axes.set_xlabel("ms (grey: asleep; arrows: who wakes whom)")
    finish(axes, theme)
    axes.grid(False, axis="y")
    return figure


def draw(picture, data, name):
    """Writes `name`.light.svg and `name`.dark.svg, unless there is nothing to draw."""
    for theme_name, theme in THEMES.items():
        plt.rcParams.update({"text.color": theme["text"], "axes.labelcolor": theme["text"],
                             "xtick.color": theme["text"], "ytick.color": theme["text"],
                             "axes.edgecolor": theme["text"], "figure.facecolor": theme["back"],
                             "axes.facecolor": theme["back"], "svg.hashsalt": "parloop", "svg.fonttype": "none",
                             "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans", "Arial", "sans-serif"]})
        figure = picture(data, theme)
        if figure is None:
            print(f"nothing measured for {picture.__name__}")
            return
        path = pathlib.Path(f"{name}.{theme_name}.svg")
        figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
        plt.close(figure)
        print(path)


def of_result(path):
    """All pictures of a result, beside its file."""
    source = pathlib.Path(path)
    result = json.loads(source.read_text())
    for picture in (speed_up, burnt_after_loop, bandwidth, draw_loop):
        draw(picture, result, source.with_name(f"{source.stem}.{picture.__name__}"))


def of_trace(path, name):
    """A file that parloop::traced has written, as `name`.*.svg."""
    draw(trace, json.loads(pathlib.Path(path).read_text()), name)
