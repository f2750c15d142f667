# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Why a rival is ahead, where one is: patterns of contests and of rivals, where that is in words, and the reason. The
first that fits counts. `python3 bench/report readme` and its test fail for a contest that none fits."""
import re

from .figures import is_guest

SPINNERS = r"libgomp(/.*)?|libomp(/.*)?|pthreadpool"
PLAIN = r"serial|NumPy|Numba serial"
SHORT = r"(0\.5|[125]\.0|[125]0\.0)us"

# Contests, rivals, and, where not None, the variant of parloop that is not behind: then, and only then, the row counts.
REASONS = (
    (r"small_loops/n=.*|fork_join/nothing", r".*", None,
     "loops of no or of one iteration",
     "some nanoseconds: is there a backend, is the loop long enough?"),
    (rf"small_loops/.*/{SHORT}|(add|copy|axpy)/(1|8|64)KiB|(reduce|scan)/10{{3,4}}|mandelbrot/64", PLAIN, None,
     "loops that are too short to share, against the plain loop",
     "a few looks at the clock; after a sleep with the library's own data out of the caches"),
    (rf"small_loops/(back_to_back|after_50us_of_work)/({SHORT}|[12]00.0us)|fork_join/meet|heat_2d/128|(add|copy|axpy)/64KiB|(reduce|scan)/10{{3,5}}|monte_carlo_pi/10000", SPINNERS, None,
     "small loops that follow closely, against threads that spin",
     "they spin for milliseconds after every loop, and share it whether it pays or not; parloop's spin for 100 us at most"),
    (r"small_loops/after_2ms_of_sleep/.*|fork_join/meet_after_2ms_of_sleep", SPINNERS, None,
     "small loops after a sleep, against threads that still spin",
     "they have burnt a CPU since the last loop; parloop's sleep, and a loop that does not pay for waking them stays in its caller"),
    (r"small_loops/beside_a_busy_cpu/.*", r"serial|oneTBB|std::execution|rayon", None,
     "beside a busy CPU",
     "parloop tries again, now and then, whether help pays: it cannot know that the CPU is still taken"),
    (r"(add|copy|axpy)/.*", r".*", r"parloop::transform",
     "large arrays, `parallel_for`",
     "stores of an ordinary loop read every line before they write it; `transform` streams, and is not behind"),
    (r"scan/10{7,8}|reduce/10{6,7}|axpy/32768KiB|copy/4096KiB|heat_2d/(128|512)", r"libomp|oneTBB|serial", None,
     "loops that wait for memory, by up to a fifth",
     "not looked into yet; how much bandwidth two CPUs have changes on this host within seconds"),
    (r"first_touch/.*/8MiB", r".*", None,
     "new arrays of 8 MiB",
     "`make_array` maps huge pages from 32 MiB on; smaller ones are `malloc`'s, and may be new pages where a rival's are used again"),
    (r"(image_batch|mandelbrot)/.*", r"Numba.*", None,
     "loops whose body Numba compiles itself",
     "its compiler makes a faster body; all rivals that call the C++ one are as fast as each other"),
    (r"(add|copy|axpy)/512KiB", SPINNERS, None,
     "loops of 20 us that begin after a pause",
     "the first of a series stay in their caller until waking a worker pays; when the host stops a helper for milliseconds, they do so for a tenth of a second"),
    (r"triangle/falling/200us", r"oneTBB|rayon", None,
     "200 us whose first half is three quarters of the work",
     "equal shares are dealt by count, and made even by taking from each other, some microseconds a time"),
    (r"idle_cost/copy_at_100ms", r"NumPy|Numba/workqueue", None,
     "CPU time of a copy at 100 ms",
     "`memmove`, and what Numba's compiler makes of the copy, take less than the plain loop; parloop takes as much as that"),
    (r"idle_cost/copy_at_(60Hz|100ms)", r"lib(gomp|omp)/passive", None,
     "CPU time of copies far apart",
     "what it takes to wake a worker is forgotten between loops so far apart, so a copy that hardly pays is shared"),
    (r"idle_cost/.*|small_loops/.*", r".*", r"parloop/park",
     "where sleeping at once is better",
     "the default spins for up to 100 us where it expects another loop; `idle::park()` does not, and is not behind"),
    (r"small_loops/.*", r".*", r"parloop/spin",
     "small loops, where waiting awake is better",
     "the default sleeps where it does not expect a loop soon; `idle::spin()` does not, and is not behind"),
    (r"nested/.*", r".*", r"parloop/work_stealing",
     "loops inside loops, on the default backend",
     "`thread_pool` runs inner loops in their caller; `work_stealing` shares them, and is not behind"),
)
NOISE = ("decided by less than the rounds vary", "the quartiles overlap")


def reason(row):
    """Where and why, for a row of figures.ahead; None when it is not known."""
    rival = row["rival"].partition(" ")[0] if is_guest(row["rival"]) else row["rival"]
    for contests, rivals, variant, where, why in REASONS:
        fits = re.fullmatch(contests, row["contest"]) and re.fullmatch(rivals, rival)
        if fits and (variant is None or re.fullmatch(variant, row["best_variant"]) and
                     row["best_variant_figure"] <= 1.05 * row["theirs"]):
            return where, why
    return NOISE if row["within_spread"] else None


def unexplained(rows):
    return [f"{row['contest']}: {row['rival']} is ahead, {row['ratio']:.2f}" for row in rows if reason(row) is None]
