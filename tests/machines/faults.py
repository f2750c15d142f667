# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Whether the random worlds notice when the scheduler is wrong: faults.py COMPILE HEADERS WORK WORLDS [PATTERN].

COMPILE is the compiler command of worlds.cpp, in which @ stands for the headers' folder and % for the program; HEADERS
is that folder, as prepare.cmake makes it. Each fault is planted alone, or only those in whose names the regular
expression PATTERN is found; one of the first WORLDS worlds has to fail.
"""
import re
import subprocess
import sys

import planting

# (file in detail/, what is wrong, the text, what stands there instead)
FAULTS = [
    ("team/shares.hpp", "what is stolen stays with its owner, too",
     "compare_exchange_strong(seen, {seen.begin, middle},", "compare_exchange_strong(seen, seen,"),
    ("team/shares.hpp", "what is stolen is lost", "return {middle, seen.end};", "return {middle, middle};"),
    ("team/range_stealing.hpp", "the owner takes without looking whether thieves came",
     "if (share.compare_exchange_weak(seen, {chunk.end, seen.end}, memory_order_relaxed)) {",
     "share.store({chunk.end, seen.end}, memory_order_relaxed);\n        {"),
    ("team/door.hpp", "the caller does not wait for those inside",
     "front_.shut(); steps != 0) {", "front_.shut(); (void)longest_spin, steps < 0) {"),
    ("team/way_out.hpp", "who leaves last does not wake the caller",
     "(seen & ~caller_sleeps) + step == last_.load(memory_order_relaxed)) {\n      wake_caller();", "false) {\n"),
    ("team/entrances.hpp", "all that came by an entrance have left when the first has", "+ 1 != came) return false;",
     "+ 1 != 1) return (void)came, false;"),
    ("team/entrances.hpp", "workers of two entrances have one number",
     "static_cast<int>(e - all_) * size_of(state_.load(memory_order_relaxed)) + number", "number"),
    ("team/gate.hpp", "one more comes in than there are parts", "came(state) < most(state)",
     "came(state) <= most(state)"),
    ("team/way_out.hpp", "the caller sleeps though nobody is inside",
     "        if ((seen & ~caller_sleeps) == last) continue;\n", ""),
    ("team/gate.hpp", "shut does not shut",
     "if (has_room(seen)) seen = state_.fetch_and(~open_bit, memory_order_relaxed);", ""),
    ("team/team.hpp", "the team's end wakes nobody", "    asleep_.notify_all();\n    workers_.end_all();",
     "    workers_.end_all();"),
    ("team/team.hpp", "the team's end is not said", "    slots_.close();", ""),
    ("team/team.hpp", "a worker that was woken as it leaves leaves its permit",
     "if (!asleep_.cancel_wait()) return true;", "asleep_.cancel_wait();"),
    ("team/event_count.hpp", "a permit is left behind", "while (!permits_.try_acquire()) permits_.wait();", ""),
    ("team/event_count.hpp", "more are taken off the count than are woken", "permits_.release(woken);",
     "permits_.release(1);"),
    ("team/worker_threads.hpp", "who is kept stays so",
     "      m.state.store(status::running, memory_order_release);  // revived", "      // revived"),
    ("team/worker_threads.hpp", "who leaves does not notice the end", "if (seen == status::ending) return false;", ""),
    ("team/worker_threads.hpp", "a thread that did not start is counted",
     "      threads_.fetch_sub(1, memory_order_relaxed);\n      note_failure", "      note_failure"),
    ("team/job_slots.hpp", "two callers get one door", "taken | one_door(number), memory_order_acquire",
     "taken, memory_order_acquire"),
    ("team/job_slots.hpp", "doors are not given back",
     "taken_.fetch_and(~one_door(number), memory_order_release);", "(void)number;"),
    ("team/idle_rule.hpp", "idle workers spin for longer than the policy says", "return gap <= longest ? longest : 0;",
     "return gap <= longest ? 100 * longest : 0;"),
    ("team/team.hpp", "a worker spins on its caller's CPU", "if (slots_.caller_is_here()) {", "if (false) {"),
    ("team/wake_affinity.hpp", "never steers",
     "return System::misplaced.load(memory_order_relaxed) >= enough;", "return false;"),
    ("team/fork_join.hpp", "nobody is asked for help",
     "team_.request_workers(most_ - (team_.awake() - team_.busy()));\n", "\n"),
    ("base/first_exception.hpp", "an exception is lost", "    caught_.store(true, memory_order_relaxed);\n", ""),
    ("loop/loop_call.hpp", "the probe's iterations run again",
     "loop_body::run<Chunk>(call.body_.chunk, call.done_ + begin, call.done_ + end);",
     "loop_body::run<Chunk>(call.body_.chunk, begin, end);"),
]

# What no world can notice, and why.
UNNOTICED = {
    "a worker that was woken as it leaves leaves its permit":
        "who opened a door for it looks for missing threads again (tests/model has the same)",
    "a permit is left behind": "one sleeper more looks round in vain; who is missing is looked for again",
    "nobody is asked for help": "the caller wakes who is lacking behind its first chunk, too: help comes 50 us later",
}


def main(command, headers, work, worlds, pattern=""):
    planting.check(headers, FAULTS)
    missed = []
    tried = 0
    for fault in FAULTS:
        what = fault[1]
        if not re.search(pattern, what):
            continue
        tried += 1
        program = planting.build(command, headers, work, [fault])
        try:
            run = subprocess.run([str(program), str(worlds), "1", "first"], capture_output=True, text=True, timeout=900)
            found = run.returncode != 0
            first = run.stdout.splitlines()[0] if found and run.stdout else ""
        except subprocess.TimeoutExpired:
            found, first = False, "the worlds did not end"
        print(f"{'found' if found else 'MISSED'}: {what}: {first}", flush=True)
        if not found:
            missed.append(what)
    unexpected = [m for m in missed if m not in UNNOTICED]
    print(f"{tried - len(missed)} of {tried} faults found; {len(unexpected)} of the others should have been")
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
