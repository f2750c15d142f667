# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""What each rule of the fork policy is for: heuristics.py COMPILE HEADERS WORK [PATTERN].

Each of RULES is taken out alone, and the table of simulated computers made again (table.cpp): prints the figures that
differ from those with all rules by more than a tenth and by more than other seeds make. Not a test, but the target
machines_heuristics: a quarter of an hour. COMPILE is the compiler's command for table.cpp, in which @ stands for the
headers' folder and % for the program; HEADERS is that folder, as prepare.cmake makes it. PATTERN, a regular expression,
chooses rules; where it chooses none, it is only seen that each could be taken out."""
import re
import subprocess
import sys

import planting

# (file in detail/, the rule, its text, what stands there instead)
RULES = [
    ("loop/pace.hpp", "the next gap is expected to be as it was after loops like this",
     "trust_[after_short_] > 0 ? short_gap_ : long_gap_", "after_short_ ? short_gap_ : long_gap_"),
    ("loop/pace.hpp", "a series that paid lends the next its wake-up", "missed = smaller(earned / 2, wanted);",
     "missed = 0;"),
    ("loop/pace.hpp", "a sleeper is woken for the sake of the loops to come",
     "const bool due = after_short_ && of.missed >= price;", "const bool due = false;"),
    ("loop/pace.hpp", "loops of 60 us ask, whatever help cost before",
     "long_enough_to_ask = std::chrono::microseconds(60)", "long_enough_to_ask = std::chrono::seconds(1)"),
    ("loop/pace.hpp", "loops of less than 2.5 us do not ask", "too_short_to_ask = std::chrono::nanoseconds(2500)",
     "too_short_to_ask = std::chrono::nanoseconds(100)"),
    ("loop/pace.hpp", "gaps of 100 us are short", "close_together = std::chrono::microseconds(100)",
     "close_together = std::chrono::milliseconds(3)"),
    ("loop/help_offer.hpp", "what help has lost makes it dearer", "debt > 0 && price_ > 0", "debt < 0"),
    ("loop/pace.hpp", "a caller that is late alone does not blame its helpers",
     "if (late > current().gains.tolerance()) current().gains.add(end, late);", "(void)end, (void)late;"),
    ("loop/loop_call.hpp", "help costs no more than its caller waits for it", "(help_.width() - 1) * took), -waited)",
     "(help_.width() - 1) * took), -1e9 * waited)"),
    ("loop/help_offer.hpp", "who sleeps takes over nothing before it is there",
     "price_ *= static_cast<float>(2 * saved(1));", ";"),
    ("loop/help_offer.hpp", "loops are tried both ways", "trials_ != nullptr ? trials_->alone(backend_, n) : 0", "0"),
    ("loop/help_offer.hpp", "long loops are shared whatever their trials found", "so_long = 32", "so_long = 1e9"),
    ("loop/help_offer.hpp", "what seems to gain much is not tried alone",
     "expected, awake_ ? much : much_after_pause,", "expected, 1e9 * (much + much_after_pause),"),
    ("loop/help_offer.hpp", "the first trial waits for some loops", "loops_before_trial = 8;",
     "loops_before_trial = 0;"),
    ("loop/sharing_trials.hpp", "help has to save an eighth", "saved = 1.0 / 8;", "saved = 0;"),
    ("loop/sharing_trials.hpp", "the first trial of a way is repeated soon", "soon = 4;", "soon = 32;"),
    ("loop/sharing_trials.hpp", "a loop that took longer counts for little",
     "before > 0 && taken >= before ? (3 * before + smaller(taken, 2 * before)) / 4 : taken", "taken"),
    ("loop/sharing_trials.hpp", "loops that are better alone miss nothing",
     "if (!alone_is_better() || is_due() || likely > longer * tried) return false;",
     "if (tried + longer + likely != 0) return false;"),
    ("loop/body_memory.hpp", "the smaller of the last two measurements counts",
     "before > 0 && before < taken ? before : taken", "before < 0 ? before : taken"),
    ("loop/loop_call.hpp", "loops that are known to be long are not probed",
     "if (!worth_sharing(known_ * static_cast<double>(n_) / surely)) return false;",
     "if (surely > 0) return false;"),
    ("loop/loop_call.hpp", "what is known counts more than a first block",
     "if (first && known_ > 0 && !is_long) iteration_ = smaller<double>(iteration_, known_);", ""),
    ("loop/loop_call.hpp", "what the caller's share took is remembered when the first iterations mislead",
     "average < first_ || average > much * first_ ? average : first_", "average < -much ? average : first_"),
    ("team/range_stealing.hpp", "the caller has a head start", "shares_.deal(participants_, quanta, extra);",
     "shares_.deal(participants_, quanta, 0 * extra);"),
    ("team/cost_model.hpp", "many do not help with little work", "smaller<std::uint64_t>(root,",
     "smaller<std::uint64_t>(root << 32,"),
    ("team/cost_model.hpp", "sleepers are woken as the work pays for them",
     "smaller(free_cpus, awake + larger(static_cast<int>(sleepers), 1))", "(sleepers < 0 ? awake : free_cpus)"),
    ("team/cost_model.hpp", "a caller wakes four", "woken_at_once = 4", "woken_at_once = 256"),
    ("team/team.hpp", "what waking takes is measured", "{cost_of_waking + to_nanoseconds(asleep_.delay()) / 2}",
     "{cost_of_sleeper}"),
    ("team/learned_time.hpp", "the smaller of its last two measurements counts", "smaller(before, took)",
     "(before < 0 ? before : took)"),
    ("team/learned_time.hpp", "what waking took is forgotten by halves", ">> smaller(halves, all_bits)",
     ">> smaller(halves, ticks{0} * all_bits)"),
    ("team/idle_rule.hpp", "nobody polls before a long gap", "gap <= longest ? longest : 0", "gap < 0 ? 0 : longest"),
    ("team/wake_affinity.hpp", "workers are steered to free CPUs",
     "return System::misplaced.load(memory_order_relaxed) >= enough;",
     "return System::misplaced.load(memory_order_relaxed) > 1000 * enough;"),
]
# Without the two largest, which take most of the time; nor the hybrid, which none but it would show.
COMPUTERS = "guest,desktop,server,busy,Windows"


def table_of(program, seed):
    """{(computer, column): figure} of each figure."""
    run = subprocess.run([str(program), COMPUTERS, str(seed)], capture_output=True, text=True, check=True)
    rows = [line.strip("| \n").split(" | ") for line in run.stdout.splitlines() if line.startswith("| ")]
    if any(len(r) != 1 + len(COLUMNS) for r in rows):
        sys.exit("the table has other columns: COLUMNS has to follow it")
    return {(r[0], column): float(figure) for r in rows for column, figure in enumerate(r[1:])}


COLUMNS = [  # of table.cpp: title, what is no difference, whether more is better
    ("excess back to back, us", 0.05, False), ("excess after work, us", 0.05, False),
    ("excess after sleep, us", 0.05, False), ("smallest efficient loop, us", 1, False), ("speed-up of 1 ms", 0.1, True),
    ("speed-up of 20 ms", 0.1, True), ("speed-up of 1 ms for each CPU", 0.1, True), ("frames of 2 loops", 0.05, True),
    ("their CPU time", 0.2, False), ("frames of 20 loops", 0.05, True), ("their CPU time", 0.2, False),
    ("CPU burnt, us", 50, False), ("busy with 32 callers, %", 5, True)]
CHANCE = (1, 2, 3)  # seeds with all rules: how far figures go by themselves


def main(command, headers, work, pattern=""):
    planting.check(headers, RULES)
    chosen = [rule for rule in RULES if re.search(pattern, rule[1])]
    if not chosen:
        print(f"{len(RULES)} rules can be taken out")
        return 0
    program = planting.build(command, headers, work, [])
    usual = [table_of(program, seed) for seed in CHANCE]
    for rule in chosen:
        without = table_of(planting.build(command, headers, work, [rule]), CHANCE[0])
        print(f"{rule[1]}:", flush=True)
        for at, figure in without.items():
            title, none, more_is_better = COLUMNS[at[1]]
            low, high = min(u[at] for u in usual), max(u[at] for u in usual)
            if low - none <= figure <= high + none or 0.9 * low <= figure <= 1.1 * high:
                continue
            if figure != figure and low != low:  # none here, none there
                continue
            better = (figure > high) == more_is_better
            print(f"  {'better' if better else 'worse'} without: {at[0]}, {title}: {usual[0][at]:g} -> {figure:g}",
                  flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
