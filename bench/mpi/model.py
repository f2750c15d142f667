#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""What one loop over ranks takes on paper, from the figures of bench_mpi_costs.

    mpirun -n 2 bench_mpi_costs 0 > two; mpirun -n 4 bench_mpi_costs 0 > four
    bench/mpi/model.py two [four ...]

T(p) = W/p + a log2(p) + g(p), with W the loop's serial time; a, a step of the agreement at its end, is fitted to the
measured empty loops; g is what chunks cost. Equal shares: g = 0, but the slowest share counts. Dynamic chunks:
a rank takes `batches` chunks (detail/mpi/chunk_plan.hpp: half of the rest each, down to 1/512 of a share), for each of
which it waits for an access, and one counter serves all: g = max(batches * access, p * batches * shared - W/p).
A tree with groups of sqrt(p) ranks: rank 0's counter and each group's serve about sqrt(p) customers, with 4 tickets
of a group for each access to rank 0's.
"""

import math
import sys

BATCHES = 11  # 1/2, 1/4, ... 1/512 of a share, the least ones twice, and the access that finds nothing left
RANKS = [2, 8, 32, 128, 512, 1024]


def read(path):
    figures = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if len(words) >= 2:
                try:
                    figures[words[0]] = float(words[1])
                except ValueError:
                    pass  # a line of mpirun's
    return figures


def one_counter(p, work, step, access, shared):
    """Microseconds; work: of all ranks together."""
    return max(work / p + BATCHES * access, p * BATCHES * shared) + step * math.log2(p)


def tree(p, work, step, access, shared):
    group = math.ceil(math.sqrt(p))
    pieces = BATCHES * 4  # a portion has 4 pieces for each rank of its group
    portions = BATCHES
    busy = max(group * pieces * shared, math.ceil(p / group) * portions * shared)
    return max(work / p + pieces * access + portions * 2 * access, busy) + step * math.log2(p)


def main():
    runs = [read(path) for path in sys.argv[1:]]
    if not runs:
        sys.exit(__doc__)
    # Least squares through the origin: empty loop = a * log2(ranks); a rank alone has nobody to agree with.
    points = [(math.log2(r["ranks"]), r["empty_loop_us"]) for r in runs if r["ranks"] > 1]
    step = sum(x * y for x, y in points) / sum(x * x for x, _ in points)
    access = runs[0]["counter_us"]
    shared = min(r["counter_shared_us"] for r in runs)
    print(f"fitted: a = {step:.2f} us for each doubling of the ranks; an access {access:.2f} us, "
          f"one of many at once {shared:.2f} us")
    print("| work a rank | " + " | ".join(f"{p} ranks" for p in RANKS) + " | one counter costs 5 % from |")
    print("|---|" + "---|" * (len(RANKS) + 1))
    for each in (1e3, 1e4, 1e5, 1e6):  # microseconds of work for each rank
        cells = []
        for p in RANKS:
            one = each / one_counter(p, each * p, step, access, shared)
            many = each / tree(p, each * p, step, access, shared)
            cells.append(f"{100 * one:.0f} / {100 * many:.0f} %")
        # p accesses at a time take longer than 5 % of the rest: p * BATCHES * shared > 1.05 each
        limit = next((p for p in range(2, 1 << 20) if one_counter(p, each * p, step, access, shared)
                      > 1.05 * (each + step * math.log2(p) + BATCHES * access)), None)
        name = f"{each / 1e3:.0f} ms"
        print(f"| {name} | " + " | ".join(cells) + f" | {limit if limit else 'never'} |")
    print("Efficiency with one counter / with a tree.")


if __name__ == "__main__":
    main()
