#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""The program that parloop comes from, in Python, before and after: an image copied by a Numba loop every 100 ms.

    bench/origin/run.py --package FOLDER --plug libparloop_gomp.so [--libomp /path/to/libomp.so.5] [--seconds 2]
                        [--rounds 4] [--picture cpu.svg]

Needs numba. In one run: the serial loop, Numba's parallel code on one thread, Numba's own layers (tbb where it is
installed), omp with OMP_WAIT_POLICY=passive, omp on libomp where it is given, omp with the libgomp plug preloaded,
which is one environment variable, and parloop's layer from FOLDER (examples/numba), which is one import. Each round
starts a process for each. Prints of each the round with the smallest CPU share, as a shared host slows whole rounds
down: the median time of a loop, the CPU share, what that is of one thread's, and the CPU burnt in the second after the
last loop; draws the CPU share over time. Exit code 1 when the CPU share on the plug or the layer is above that of the
same code on one thread plus 15 %."""
import argparse
import json
import math
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from common.machine import machine  # noqa: E402

WAYS = ["serial", "one thread", "workqueue", "tbb", "omp", "omp passive", "libomp", "plug", "layer"]
OURS = ["plug", "layer"]


def child(way, seconds):
    if way == "layer":
        import parloop_numba
    else:
        os.environ["NUMBA_THREADING_LAYER"] = way if way in ("workqueue", "tbb") else "omp"
    import numpy
    from numba import njit, prange

    @njit(parallel=way != "serial")
    def waste(image):
        result = numpy.zeros_like(image)
        for row in prange(image.shape[0]):
            for column in range(image.shape[1]):
                result[row, column] = image[row, column]
        return result

    image = numpy.random.default_rng(1).integers(0, 255, (1080, 1440, 3)).astype(numpy.uint8)
    assert (waste(image) == image).all()
    assert way != "layer" or parloop_numba.is_active()
    time.sleep(0.5)
    loops, samples = [], []
    start, used = time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds:
        before, cpu = time.perf_counter(), time.process_time()
        waste(image)
        loops.append(time.perf_counter() - before)
        time.sleep(0.1)
        now = time.perf_counter()
        samples.append((now - start, (time.process_time() - cpu) / (now - before)))
    share = (time.process_time() - used) / (time.perf_counter() - start)
    used = time.process_time()
    time.sleep(1)
    print(json.dumps({"loop": sorted(loops)[len(loops) // 2] * 1e3, "share": share * 100,
                      "burnt": (time.process_time() - used) * 1e3, "samples": samples}))


def picture(path, results):
    """CPU share over time, a curve for each way, on a logarithmic axis; plain SVG."""
    width, height, left, top, least, most = 720, 320, 60, 30, 1.0, 200.0
    end = max(s[0] for r in results.values() for s in r["samples"])
    colours = {"serial": "#888888", "one thread": "#444444", "workqueue": "#999933", "tbb": "#882255", "omp": "#cc3311",
               "omp passive": "#ee7733", "libomp": "#aa4499", "plug": "#0077bb", "layer": "#009988"}

    def y(percent):
        return top + height * (1 - math.log(min(most, max(least, percent)) / least) / math.log(most / least))

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">'
           % (width + left + 150, height + top + 50), '<rect width="100%" height="100%" fill="white"/>',
           '<text x="%d" y="18">CPU share of an image copy every 100 ms (Numba, %% of one CPU)</text>' % left]
    for percent in (1, 2, 5, 10, 20, 50, 100, 200):
        out.append('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#dddddd"/>'
                   % (left, left + width, y(percent), y(percent)))
        out.append('<text x="%d" y="%.1f" text-anchor="end">%d %%</text>' % (left - 6, y(percent) + 4, percent))
    out.append('<text x="%d" y="%d" text-anchor="middle">seconds, 0 to %.0f</text>'
               % (left + width // 2, top + height + 30, end))
    for n, (way, result) in enumerate(results.items()):
        points = " ".join("%.1f,%.1f" % (left + width * t / end, y(s * 100)) for t, s in result["samples"])
        out.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>' % (points, colours[way]))
        out.append('<text x="%d" y="%d" fill="%s">%s: %.1f %%</text>'
                   % (left + width + 10, top + 20 + 20 * n, colours[way], way, result["share"]))
    with open(path, "w") as file:
        file.write("\n".join(out + ["</svg>\n"]))


def environment(way, options):
    """What a way's process has more; None when its library was not given."""
    given = {"libomp": options.libomp, "plug": options.plug, "layer": options.package}.get(way, "nothing")
    if not given:
        return None
    path = os.path.abspath(given)
    return {"one thread": {"NUMBA_NUM_THREADS": "1"}, "omp passive": {"OMP_WAIT_POLICY": "passive"},
            "libomp": {"LD_PRELOAD": path}, "plug": {"LD_PRELOAD": path}, "layer": {"PYTHONPATH": path}}.get(way, {})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package")
    parser.add_argument("--plug")
    parser.add_argument("--libomp")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--picture")
    parser.add_argument("--child")
    options = parser.parse_args()
    if options.child:
        return child(options.child, options.seconds)
    seen = {}
    for _ in range(options.rounds):
        for way in WAYS:
            more = environment(way, options)
            if more is None:
                continue
            ran = subprocess.run([sys.executable, __file__, "--child", way, "--seconds", str(options.seconds)],
                                 env=dict(os.environ, **more), stdout=subprocess.PIPE, check=way != "tbb")
            if ran.returncode == 0:  # else it is not installed
                seen.setdefault(way, []).append(json.loads(ran.stdout.decode().strip().split("\n")[-1]))
    results = {way: min(rounds, key=lambda result: result["share"]) for way, rounds in seen.items()}
    one = results["one thread"]["share"]
    print(machine() + "\n")
    print("| | ms a loop | CPU share % | of one thread's | ms burnt in the second after |\n|---|---|---|---|---|")
    for way, result in results.items():
        print("| %s | %.2f | %.2f | %.2f | %.2f |"
              % (way, result["loop"], result["share"], result["share"] / one, result["burnt"]))
    if options.picture:
        picture(options.picture, results)
    return int(any(results[way]["share"] > one * 1.15 for way in OURS if way in results))


if __name__ == "__main__":
    sys.exit(main())
