# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Whether tests notice when the policy is changed: policy_mutants.py COMPILE LINK HEADERS TESTS WORK [PATTERN].

The policy is what makes loops fast and workers quiet: no result depends on it, so only tests that are about it can see
a change. Each of MUTANTS is made in a copy of the folder HEADERS, the test program that it names is compiled against
that, and has to fail. Before, each has to pass with the headers as they are. COMPILE is the compiler's command, LINK
what it is given after the source, TESTS the folder of the tests. PATTERN, a regular expression, chooses mutants.
"""
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

BACKEND = "detail/team/team_backend.cpp"
DEALING = "detail/team/range_stealing.cpp"
PRICES = "detail/team/cost_model.cpp"
ON_TEAM = "detail/team/team_loop.cpp"
RULE = "detail/team/idle_rule.cpp"
LEARNED = "detail/team/learned_time.cpp"
PACE = "detail/loop/pace.cpp"
CALL = "detail/loop/loop_call.cpp"
TRIALS = "detail/loop/sharing_trials.cpp"
EVENTS = "detail/team/event_count.cpp"
CPUS = "detail/base/cpu_count.cpp"
BURST = "keep_awake.cpp"
LAUNCH = "algorithm/launch.cpp"
TEAM = "algorithm/team.cpp"
PATIENCE = "detail/base/patience.cpp"

# (header, what is changed, its text, what stands there instead, the test program that has to notice)
MUTANTS = [
    ("team_backend.hpp", "a policy that is set while the team is made is lost", "made->set_idle(idle());", "", BACKEND),
    ("shares.hpp", "a thief takes all", "largest <= crumb() ? seen.begin : seen.begin + largest / 2", "seen.begin",
     DEALING),
    ("shares.hpp", "a thief takes half of crumbs", "largest <= crumb() ? seen.begin : seen.begin + largest / 2",
     "seen.begin + largest / 2", DEALING),
    ("shares.hpp", "a thief takes from the last that has something", "if (s.end - s.begin > largest) {",
     "if (s.end - s.begin > 0) {", DEALING),
    ("range_stealing.hpp", "all to the caller", "quanta, extra);", "quanta, quanta);", DEALING),
    ("shares.hpp", "remainders are not spread", "(i < remainder ? 1 : 0)", "(i == 0 ? remainder : 0)", DEALING),
    ("range_stealing.hpp", "no head start", "quanta, extra);", "quanta, 0);", DEALING),
    ("range_stealing.hpp", "no longest chunk", "smaller(wanted, larger(longest, shortest))", "wanted", DEALING),
    ("range_stealing.hpp", "the longest chunk is longer", "longest_chunk = std::chrono::microseconds(50)",
     "longest_chunk = std::chrono::microseconds(500)", DEALING),
    ("range_stealing.hpp", "the longest chunk is shorter", "longest_chunk = std::chrono::microseconds(50)",
     "longest_chunk = std::chrono::microseconds(5)", DEALING),
    ("range_stealing.hpp", "no shortest chunk", "shortest_chunk = std::chrono::microseconds(4)",
     "shortest_chunk = std::chrono::nanoseconds(0)", DEALING),
    ("range_stealing.hpp", "the shortest chunk is longer", "shortest_chunk = std::chrono::microseconds(4)",
     "shortest_chunk = std::chrono::microseconds(40)", DEALING),
    ("range_stealing.hpp", "chunks leave crumbs", "left <= shortest + shortest / 2 ? left :", "left <= shortest ? left :",
     DEALING),
    ("range_stealing.hpp", "chunks are all of what is left", "larger(left - left / 2, shortest)", "left", DEALING),
    ("range_stealing.hpp", "chunks do not grow", "most_ = std::uint64_t{8} * size;", "most_ = 8;", DEALING),
    ("range_stealing.hpp", "chunks grow at once", "most_ = std::uint64_t{8} * size;",
     "most_ = std::uint64_t{1} << 32;", DEALING),
    ("range_stealing.hpp", "chunks are not measured",
     "quantum_ticks_ = static_cast<double>(larger<ticks>(t - last_, 1)) / size;", "", DEALING),
    ("cost_model.hpp", "all helpers pay", "if (work.count() <= 0) return most;", "if (work.count() >= 0) return most;",
     PRICES),
    ("cost_model.hpp", "all sleepers pay", "larger(static_cast<int>(sleepers), 1)", "most", PRICES),
    ("cost_model.hpp", "those awake do not help", "awake + larger(static_cast<int>(sleepers), 1)",
     "larger(static_cast<int>(sleepers), 1)", PRICES),
    ("cost_model.hpp", "CPUs do not matter", "smaller(free_cpus, awake +", "(awake +", PRICES),
    ("cost_model.hpp", "queueing costs nothing", "smaller<std::uint64_t>(root, ", "smaller<std::uint64_t>(~root | root, ",
     PRICES),
    ("cost_model.hpp", "one more costs a tenth", "cost_of_one_more = std::chrono::nanoseconds(200)",
     "cost_of_one_more = std::chrono::nanoseconds(20)", PRICES),
    ("cost_model.hpp", "CPUs matter in long loops too", "on_cpus + static_cast<int>(beyond)", "on_cpus", PRICES),
    ("team.hpp", "the team counts on all helpers",
     "return detail::helpers_that_pay(most, work, awake(), free_cpus_);", "return most;", PRICES),
    ("team.hpp", "the team expects no delay",
     "return asleep_.count() < threads() ? delay_of_awake_worker : to_nanoseconds(asleep_.delay());",
     "return std::chrono::nanoseconds(0);", PRICES),
    ("team_loop.hpp", "loops are cut for all helpers", "1 + t.helpers_that_pay(wanted - 1, total_time(work))", "wanted",
     ON_TEAM),
    ("team_loop.hpp", "loops are cut for helpers who are there at once", "t.head_start());",
     "std::chrono::nanoseconds(0));", ON_TEAM),
    ("team_loop.hpp", "loops have the length of an iteration", "work.iteration * static_cast<double>(work.n);",
     "work.iteration;", ON_TEAM),
    ("idle_rule.hpp", "adaptive workers spin after every loop", "return gap <= longest ? longest : 0;", "return longest;",
     RULE),
    ("idle_rule.hpp", "adaptive workers spin for the gap", "return gap <= longest ? longest : 0;",
     "return gap <= longest ? gap : 0;", RULE),
    ("idle_rule.hpp", "parked workers spin", "if (kind != idle_policy::kind::adaptive) return 0;", "", RULE),
    ("idle_rule.hpp", "no thread ends", "return kind_.load(memory_order_relaxed) == idle_policy::kind::release;",
     "return false;", RULE),
    ("idle_rule.hpp", "callers do not poll", "larger(time_.load(memory_order_relaxed), shortest_join_spin())",
     "shortest_join_spin()", RULE),
    ("learned_time.hpp", "the last measurement counts", "recent_.store(smaller(before, took), memory_order_relaxed);",
     "recent_.store(took, memory_order_relaxed);", LEARNED),
    ("learned_time.hpp", "nothing is forgotten", ">> smaller(halves, all_bits)", ">> smaller(halves, ticks{0})", LEARNED),
    ("balance.hpp", "losses are not forgotten", "sum_ = sum_ < -tolerance_ ? sum_ / 2 : 0;", "", PACE),
    ("balance.hpp", "gains have no limit", "smaller(larger(sum_ + gain, -most_debt_), most_credit_)",
     "larger(sum_ + gain, -most_debt_)", PACE),
    ("balance.hpp", "debt has no limit", "smaller(larger(sum_ + gain, -most_debt_), most_credit_)",
     "smaller(sum_ + gain, most_credit_)", PACE),
    ("pace.hpp", "a gap does not start anew", "    missed = smaller(earned / 2, wanted);\n", "", PACE),
    ("pace.hpp", "what was earned is not lent", "missed = smaller(earned / 2, wanted);", "missed = 0;", PACE),
    ("pace.hpp", "workers are woken after long gaps", "const bool due = after_short_ && of.missed >= price;",
     "const bool due = of.missed >= price;", PACE),
    ("pace.hpp", "nothing is missed by small loops",
     "    current().missed += (predicted - least_) * current().share;\n", "", PACE),
    ("pace.hpp", "small loops that had better stay alone are missed", " || close.misses_nothing(n, predicted)", "", PACE),
    ("pace.hpp", "one gap is like the other", "trust_[after_short_] > 0 ? short_gap_ : long_gap_", "short_gap_", PACE),
    ("pace.hpp", "callers that are stopped blame their helpers",
     "if (late > current().gains.tolerance()) current().gains.add(end, late);", "", PACE),
    ("help_offer.hpp", "what chunks called is judged", "    turn_to_giver();\n    pace_here.note_end(end);",
     "    pace_here.note_end(end);", CALL),
    ("help_offer.hpp", "debt is no part of the price", "price_ += static_cast<float>(debt);", "", CALL),
    ("help_offer.hpp", "sleepers take over before they are there",
     "if (!offered.awake) price_ *= static_cast<float>(2 * saved(1));", "", CALL),
    ("help_offer.hpp", "whether a worker is awake is guessed from the price", "awake_ = offered.awake;",
     "awake_ = offered.price < std::chrono::microseconds(4);", CALL),
    ("event_count.hpp", "a sleeper takes as long as since the last wake-up",
     "if (woken_at_.load(memory_order_relaxed) == 0) woken_at_", "woken_at_", EVENTS),
    ("event_count.hpp", "who did not sleep leaves the time of its wake-up",
     "    woken_at_.store(0, memory_order_relaxed);  // it did not sleep\n", "", EVENTS),
    ("cgroup.hpp", "a quota is rounded down", "(quota - 1) / period + 1", "quota / period", CPUS),
    ("loop_call.hpp", "a first chunk that was interrupted counts", "if (known_ < 0 || first_ > 2 * known_) return;",
     "if (known_ < 0) return;", CALL),
    ("loop_call.hpp", "what stops the caller is blamed on its helpers",
     "larger(smaller(alone - took, (help_.width() - 1) * took), -waited)",
     "smaller(alone - took, (help_.width() - 1) * took)", CALL),
    ("loop_call.hpp", "one block may run long alone", "block = smaller(larger(grown, to_block(least / iteration_)), "
     "to_block(in_ticks(longest_block) / iteration_));", "block = larger(grown, to_block(least / iteration_));", CALL),
    ("help_offer.hpp", "loops are shared whatever that gains",
     "    if (alone < so_long * price_) price_ = larger(price_, static_cast<float>(saved(2 * alone)));", "", CALL),
    ("help_offer.hpp", "long loops stay in their caller, too", "if (alone < so_long * price_) price_", "price_", CALL),
    ("help_offer.hpp", "loops that were to stay in their caller do so however long they are", "saved(2 *", "saved(200 *",
     CALL),
    ("help_offer.hpp", "loops that come close and wake somebody are tried alone",
     "!awake_ && pace_here.after_pause()", "!awake_", CALL),
    ("help_offer.hpp", "it is not measured what loops take after pauses", "    if (trials_ == nullptr) return;",
     "    if (trials_ == nullptr || !awake_) return;", CALL),
    ("help_offer.hpp", "it is not measured what loops take that have help", "    if (trials_ == nullptr) return;",
     "    if (trials_ == nullptr || awake_) return;", CALL),
    ("help_offer.hpp", "it is not measured what loops take alone",
     "    if (trials_ != nullptr) trials_->note_alone(backend_, n, took);\n", "", CALL),
    ("sharing_trials.hpp", "loops are tried alone that gain much", "left > 0 && may_try", "left > 0", TRIALS),
    ("sharing_trials.hpp", "loops that miss nothing are tried no more",
     "    left_.store(left_.load(memory_order_relaxed) - 1, memory_order_relaxed);\n    return true;", "    return true;",
     TRIALS),
    ("sharing_trials.hpp", "loops that take longer than those tried miss nothing", " || likely > longer * tried", "",
     TRIALS),
    ("sharing_trials.hpp", "the other way is never tried again", "is_better(alone, shared) == is_due()",
     "!is_better(alone, shared)", TRIALS),
    ("sharing_trials.hpp", "a trial that took long is repeated as soon as one that did not",
     "larger(static_cast<int>(smaller(lost, most)), fewest)", "fewest", TRIALS),
    ("sharing_trials.hpp", "the first trial is believed for long",
     "before > 0 ? larger(static_cast<int>(smaller(lost, most)), fewest) : soon",
     "larger(static_cast<int>(smaller(lost, most)), fewest)", TRIALS),
    ("sharing_trials.hpp", "any gain is worth waking somebody", "shared > (1 - saved) * alone", "shared > alone", TRIALS),
    ("sharing_trials.hpp", "an interrupt counts for as long as it took", "smaller(taken, 2 * before)", "taken", TRIALS),
    ("sharing_trials.hpp", "loops of all sizes are alike", "size <= 2 * before && before <= 2 * size;",
     "before > 0;", TRIALS),
    ("sharing_trials.hpp", "all iterations of a body are alike", "if (other_work || !is_alike(giver, size)) {",
     "if ((other_work && alone < 0) || !is_alike(giver, size)) {", TRIALS),
    ("sharing_trials.hpp", "iterations that do less are like the others", "|| different * expected < alone)", ")", TRIALS),
    ("sharing_trials.hpp", "what is learned of one backend is believed of all",
     "giver_.load(memory_order_relaxed) == giver && ", "", TRIALS),
    ("pace.hpp", "bursts are forgotten when workers sleep", "{ sleepers_price = bursts > 0 ? 0 : price; }",
     "{ sleepers_price = price; }", PACE),
    ("pace.hpp", "bursts never end", "if (of.key == b && of.bursts > 0) --of.bursts;", "", PACE),
    ("pace.hpp", "the end of another's burst counts", "if (of.key == b && of.bursts > 0) --of.bursts;", "--of.bursts;",
     PACE),
    ("../keep_awake.hpp", "the caller's loops are not told of a burst", "detail::pace_here.note_burst(of_);", "", BURST),
    ("../keep_awake.hpp", "the caller's loops are not told of its end",
     "if (burst_) detail::pace_here.note_burst_end(of_);", "", BURST),
    ("burst.hpp", "a burst starts no thread",
     "if (t.workers_.threads_for_certain() < t.free_cpus_) t.workers_.start_one(t.free_cpus_);", "", BURST),
    ("burst.hpp", "a burst wakes nobody", "t.wake(smaller(t.free_cpus_, woken_at_once));", ";", BURST),
    ("burst.hpp", "a burst does not end", "if (team_.exists_here()) team_.bursts_.end();", "", BURST),
    ("bursts.hpp", "the shortest of nested bursts counts", "larger(seen >> shift, asked)",
     "((seen & counts) == 0 ? asked : smaller(seen >> shift, asked))", BURST),
    ("bursts.hpp", "the first that ends ends all", "(seen & counts) == 1 ? 0 : seen - 1", "0", BURST),
    ("bursts.hpp", "the last that ends ends nothing", "(seen & counts) == 1 ? 0 : seen - 1",
     "(seen & counts) == 1 ? seen : seen - 1", BURST),
    ("team.hpp", "workers do not spin for bursts", "larger(idle_.longest_spin(gap), bursts_.longest())",
     "idle_.longest_spin(gap)", BURST),
    ("team.hpp", "workers spin for ever in bursts",
     "if (t - idle.since < larger(idle_.longest_spin(gap), bursts_.longest())) continue;",
     "if (bursts_.longest() != 0 || t - idle.since < idle_.longest_spin(gap)) continue;", BURST),
    ("team.hpp", "a new burst gives a spinning worker no more time",
     "return is_wanted(number) || bursts_.begun() != bursts;", "return (void)bursts, is_wanted(number);", BURST),
    ("launching.hpp", "a launch starts no thread", "t.workers_.start_one(unfinished + t.slots_.wanted());", ";", LAUNCH),
    ("launching.hpp", "a launch wakes nobody", "t.wake(1);  // L4", ";", LAUNCH),
    ("launching.hpp", "what is detached runs inside its caller",
     "if (t.unserved_.exchange(true, memory_order_acq_rel)) return;", "", LAUNCH),
    ("launching.hpp", "who waits does not run what nobody has begun", "if (b.has_tasks() && run_one(t, b)) continue;", "",
     LAUNCH),
    ("launching.hpp", "who waits does not help with loops", "if (t.slots_.help_for(b)) continue;", "", LAUNCH),
    ("launching.hpp", "a child waits for what its parent runs", "if (!t.exists_here()) return wait_alone(b);", "", LAUNCH),
    ("launching.hpp", "a child does not say what its parent runs", "return all;", "return true;", LAUNCH),
    ("task_queue.hpp", "a batch is served until it is empty", "if (b.has_tasks() && first_ != last_) {", "if (false) {",
     LAUNCH),
    ("launched_work.hpp", "a callback is lost", "if ((before & has_callback) != 0) callback_->run(callback_);", "", LAUNCH),
    ("launched_work.hpp", "a callback that comes late is lost",
     "if ((stage_.fetch_or(has_callback, memory_order_acq_rel) & ended) != 0) callback_->run(callback_);",
     "stage_.fetch_or(has_callback, memory_order_acq_rel);", LAUNCH),
    ("launched_work.hpp", "a callback may come after wait",
     "if ((before & has_callback) != 0) callback_->run(callback_);\n    team& t = team_;\n    batch_.finish();",
     "team& t = team_;\n    batch_.finish();\n    if ((before & has_callback) != 0) callback_->run(callback_);", LAUNCH),
    ("launched_work.hpp", "an exception is lost", "error_ = std::current_exception();", "", LAUNCH),
    ("launched_work.hpp", "memory is not freed", "delete this;", "", LAUNCH),
    ("launched_work.hpp", "work has its launcher's number", "const scoped_place place({});", "", LAUNCH),
    ("launched_work.hpp", "work has its worker's default backend", "const caller_context::adopted context(from);", "",
     LAUNCH),
    ("launched_work.hpp", "what the function holds is freed by the last owner", "own.function_.reset();", "", LAUNCH),
    ("grouped_tasks.hpp", "tasks of a group run after one has thrown", "if (error_.caught()) return;", "", LAUNCH),
    ("grouped_tasks.hpp", "a group's task is freed after its end is told", "    own.reset();\n    group.note_end();",
     "    group.note_end();", LAUNCH),
    ("grouped_tasks.hpp", "a group's exception stays", "const std::exception_ptr error = error_.take();",
     "const std::exception_ptr error = nullptr;", LAUNCH),
    ("team_backend.hpp", "a pool does not wait for what is detached", "t->wait_for_detached();", ";",
     LAUNCH),
    ("gang.hpp", "members have no number", "const scoped_place place({seat.number, size_, nullptr});", "",
     "thread_number.cpp"),
    ("gang.hpp", "members have their thread's default backend",
     "const caller_context::adopted context(g.context_);", "", TEAM),
    ("gang.hpp", "a member that ends early is not told of", "mismatch_.store(true, memory_order_relaxed);", ";", TEAM),
    ("gang_thread.hpp", "threads of teams spin for ever", "return gap <= longest ? longest : 0;",
     "return ticks{1} << 62;", TEAM),
    ("gang_thread.hpp", "threads of teams do not end", "} else if (leave()) {", "} else if (false) {", TEAM),
    ("patience.hpp", "members that share CPUs poll",
     "return used_ <= longest_ && let_others_run();", "return used_ <= longest_;", PATIENCE),
    ("patience.hpp", "members go on giving time slices away", "own_.lost = smaller(away, most_lost());", ";", PATIENCE),
    ("patience.hpp", "a lost time slice is never made up for", "own_.lost -= made_up_by_sleeping();", ";", PATIENCE),
    ("patience.hpp", "who has lost a time slice lets others run at once", "(!soon_ || own_.lost > 0)", "!soon_",
     PATIENCE),
    ("gang_affinity.hpp", "members that share CPUs are steered", "if (!apart_ || System", "if (System",
     "detail/team/gang_affinity.cpp"),
]


def find(headers, file):
    """The header of this name, in whichever room it is."""
    found = list(headers.rglob(file)) if ".." not in file else [headers / file]
    if len(found) != 1:
        sys.exit(f"{file}: there are {len(found)} headers of this name under {headers}")
    return found[0]


def check_texts(headers, tests):
    wrong = []
    for file, what, text, _, test in MUTANTS:
        times = find(headers / "parloop/detail", file).read_text().count(text)
        if times != 1:
            wrong.append(f"{file}: {what}: '{text}' is there {times} times: the list has to follow it")
        if not (tests / test).is_file():
            wrong.append(f"{file}: {what}: there is no test {test}")
    if wrong:
        sys.exit("\n".join(wrong))


class Builder:
    def __init__(self, compile_command, link, tests, work):
        self.command = shlex.split(compile_command)
        self.link = shlex.split(link)
        self.tests = tests
        self.work = work

    def complaint(self, headers, test):
        """What the test says that fails with these headers; empty when it passes."""
        program = self.work / "program"
        subprocess.run([*self.command, f"-I{headers}", f"-I{self.tests}", str(self.tests / test), "-o", str(program),
                        *self.link], check=True)
        try:
            done = subprocess.run([str(program)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return "it does not end"
        if done.returncode == 0:
            return ""
        names = re.findall(r"^-{20,}\n(\S.*)\n", done.stdout, re.MULTILINE)
        return names[0] if names else f"exit code {done.returncode}"


def main():
    compile_command, link = sys.argv[1:3]
    headers, tests, work = (pathlib.Path(a).resolve() for a in sys.argv[3:6])
    pattern = sys.argv[6] if len(sys.argv) > 6 else ""
    check_texts(headers, tests)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    build = Builder(compile_command, link, tests, work)
    chosen = [m for m in MUTANTS if re.search(pattern, f"{m[0]}: {m[1]}")]
    if not chosen:
        sys.exit(f"no mutant is called '{pattern}'")
    bad = 0
    for test in sorted({m[4] for m in chosen}):
        if complaint := build.complaint(headers, test):
            print(f"FAILS UNCHANGED: {test}: {complaint}", flush=True)
            bad += 1
    for file, what, text, instead, test in chosen:
        changed = work / "include"
        shutil.rmtree(changed, ignore_errors=True)
        shutil.copytree(headers, changed)
        header = find(changed / "parloop/detail", file)
        header.write_text(header.read_text().replace(text, instead))
        complaint = build.complaint(changed, test)
        bad += not complaint
        print(f"{'noticed' if complaint else 'NOT NOTICED'}: {file}: {what}: {complaint or test}", flush=True)
    print(f"{len(chosen)} mutants, {bad} faults")
    sys.exit(1 if bad else 0)


main()
