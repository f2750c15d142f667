#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""The program that parloop comes from, in Python, before and after: an image copied by a Numba loop every 100 ms.

    bench/origin/run.py --plug libparloop_gomp.so [--seconds 5] [--picture cpu.svg] [--libomp /path/to/libomp.so.5]

Needs numba. In one run: the serial loop, Numba's omp layer as it is, with OMP_WAIT_POLICY=passive, on libomp where it is
given, and with the libgomp plug preloaded, which is one environment variable. Prints the time of a loop, the CPU share
and the CPU burnt in the second after the last loop; draws the CPU share over time. Exit code 1 when the plug's CPU share
is above the serial loop's plus 15 %."""
import argparse
import json
import os
import subprocess
import sys
import time

WAYS = ["serial", "omp", "omp passive", "libomp", "plug"]


def child(way, seconds):
    os.environ["NUMBA_THREADING_LAYER"] = "omp"
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
    """CPU share over time, a curve for each way; plain SVG."""
    width, height, left, top = 720, 320, 60, 30
    most = max(5.0, max(s[1] * 100 for r in results.values() for s in r["samples"])) * 1.1
    end = max(s[0] for r in results.values() for s in r["samples"])
    colours = {"serial": "#888888", "omp": "#cc3311", "omp passive": "#ee7733", "libomp": "#aa4499", "plug": "#0077bb"}
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">'
           % (width + left + 130, height + top + 50), '<rect width="100%" height="100%" fill="white"/>',
           '<text x="%d" y="18">CPU share of an image copy every 100 ms (Numba, %% of one CPU)</text>' % left]
    for i in range(6):
        y = top + height - height * i / 5
        out.append('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#dddddd"/>' % (left, left + width, y, y))
        out.append('<text x="%d" y="%.1f" text-anchor="end">%.0f %%</text>' % (left - 6, y + 4, most * i / 5))
    out.append('<text x="%d" y="%d" text-anchor="middle">seconds, 0 to %.0f</text>'
               % (left + width // 2, top + height + 30, end))
    for n, (way, result) in enumerate(results.items()):
        points = " ".join("%.1f,%.1f" % (left + width * t / end, top + height - height * s * 100 / most)
                          for t, s in result["samples"])
        out.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>' % (points, colours[way]))
        out.append('<text x="%d" y="%d" fill="%s">%s: %.1f %%</text>'
                   % (left + width + 10, top + 20 + 20 * n, colours[way], way, result["share"]))
    with open(path, "w") as file:
        file.write("\n".join(out + ["</svg>\n"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plug")
    parser.add_argument("--libomp")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--picture")
    parser.add_argument("--child")
    options = parser.parse_args()
    if options.child:
        return child(options.child, options.seconds)
    results = {}
    print("%-12s %10s %12s %26s" % ("way", "ms a loop", "CPU share %", "ms burnt in the second after"))
    for way in WAYS:
        more = {"omp passive": {"OMP_WAIT_POLICY": "passive"}, "libomp": {"LD_PRELOAD": options.libomp or ""},
                "plug": {"LD_PRELOAD": os.path.abspath(options.plug or "")}}.get(way, {})
        if way == "libomp" and not options.libomp or way == "plug" and not options.plug:
            continue
        ran = subprocess.run([sys.executable, __file__, "--child", way, "--seconds", str(options.seconds)],
                             env=dict(os.environ, **more), stdout=subprocess.PIPE, check=True)
        results[way] = json.loads(ran.stdout.decode().strip().split("\n")[-1])
        print("%-12s %10.2f %12.2f %26.2f" % (way, results[way]["loop"], results[way]["share"], results[way]["burnt"]),
              flush=True)
    if options.picture:
        picture(options.picture, results)
    return 1 if "plug" in results and results["plug"]["share"] > results["serial"]["share"] * 1.15 else 0


if __name__ == "__main__":
    sys.exit(main())
