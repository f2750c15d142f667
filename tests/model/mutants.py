# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Whether the model notices when the protocol is changed: mutants.py COMPILE HEADERS WORK EXECUTIONS [PATTERN].

COMPILE is the model's compiler command, in which @ stands for the headers' folder, HEADERS is that folder, as
prepare.cmake makes it. Every memory order is weakened by one step, and every step of the protocol left out, one at a
time; the model has to fail each time. Those that it cannot notice stand in EXPECTED with the reason. With 0 EXECUTIONS
nothing is run: whether every text is still there.
"""
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

WEAKER = {"acq_rel": ["acquire", "release"], "acquire": ["relaxed"], "release": ["relaxed"]}
FILES = ["door.hpp", "gate.hpp", "entrances.hpp", "way_out.hpp", "futex.hpp", "worker_threads.hpp", "event_count.hpp",
         "job_slots.hpp", "team.hpp", "fork_join.hpp", "team_loop.hpp", "task_queue.hpp", "launching.hpp", "lock.hpp",
         "bursts.hpp", "waited_word.hpp", "gang.hpp", "gang_thread.hpp", "gang_pool.hpp"]

# (file, what the step is, its text, what stands there instead)
STEPS = [
    ("fork_join.hpp", "the caller does not look for workers that left",
     "if (team_.workers_.threads_for_certain() < team_.workers_.size() && team_.exists_here()) {",
     "if (false) {"),
    ("fork_join.hpp", "other loops' workers are counted on", "start_one(most_ + team_.slots_.wanted(one_door(number_)))",
     "start_one(most_)"),
    ("gate.hpp", "workers on their way are not counted", "return {came(seen), open ? most(seen) : came(seen), open};",
     "return {came(seen), came(seen), false && open};"),
    ("door.hpp", "who is behind a shut door is not counted",
     "c.came - out_.gone(c.came, c.used, before_.load(memory_order_relaxed));", "0;"),
    ("fork_join.hpp", "that look is a load", "team_.workers_.threads_for_certain() <", "team_.workers_.threads() <"),
    ("fork_join.hpp", "C3 wakes nobody", "if (team_.asleep_.fence_and_count() > 0) {",
     "if (team_.asleep_.fence_and_count() < 0) {"),
    ("event_count.hpp", "C3 is a load", "return count_.fetch_add(0, memory_order_release);",
     "return count_.load(memory_order_acquire);"),
    ("job_slots.hpp", "a caller looks after its own loop only",
     "return most - came + (came > 0 ? smaller(came, at_all_doors(&door::room, one_door(number))) : 0);",
     "return most - came;"),
    ("launching.hpp", "L3 is a load", "t.asleep_.fence_and_count(); asleep > 0", "t.asleep_.count(); asleep > 0"),
    ("launching.hpp", "L2 is a load", "t.workers_.threads_for_certain() <", "t.workers_.threads() <"),
    ("launching.hpp", "L2 only when nobody sleeps", "if (t.workers_.threads_for_certain() <",
     "if (t.asleep_.count() == 0 && t.workers_.threads_for_certain() <"),
    ("launching.hpp", "L4 wakes nobody", "t.wake(1);  // L4", ";"),
    ("launching.hpp", "J2 does not look for loops", "&& !t.slots_.has_room_for(b)) b.sleep", ") b.sleep"),
    ("launching.hpp", "who has run detached tasks does not look again",
     "while (t.threads() == 0 && t.detached_.has_tasks()) {", "if (t.threads() == 0 && t.detached_.has_tasks()) {"),
    ("lock.hpp", "who unlocks wakes nobody", "if (word_.exchange(is_free, memory_order_release) == is_waited_for) wake_one(word_);",
     "word_.exchange(is_free, memory_order_release);"),
    ("lock.hpp", "who waits for a lock does not say so",
     "while (word_.exchange(is_waited_for, memory_order_acquire) != is_free) wait_on(word_, is_waited_for);",
     "while (word_.exchange(is_held, memory_order_acquire) != is_free) wait_on(word_, is_held);"),
    ("task_queue.hpp", "A2 of a group wakes nobody",
     "if ((word_.fetch_and(~asleep_mark, memory_order_release) & asleep_mark) != 0) wake();", ""),
    ("fork_join.hpp", "A2 is left out", "if (what.batch != nullptr) what.batch->notify_waiters();", ""),
    ("task_queue.hpp", "E2 wakes nobody", "if (seen == (one | asleep_mark)) wake();", ""),
    ("task_queue.hpp", "the end of a task is relaxed", "seen / one == 1 ? 0 : seen - one, memory_order_release,",
     "seen / one == 1 ? 0 : seen - one, memory_order_relaxed,"),
    ("task_queue.hpp", "is_finished is relaxed", "return word_.load(memory_order_acquire) / one == 0;",
     "return word_.load(memory_order_relaxed) / one == 0;"),
    ("task_queue.hpp", "a waiter announces its sleep without acquire",
     "return word_.fetch_or(asleep_mark, memory_order_acquire) | asleep_mark;",
     "return word_.fetch_or(asleep_mark, memory_order_relaxed) | asleep_mark;"),
    ("gang_thread.hpp", "a letter wakes nobody", "before == asleep || before == steered", "before == 9"),
    ("gang_thread.hpp", "the end of a body wakes nobody",
     "if (letter_.exchange(nothing, memory_order_release) == work_awaited) {",
     "if (letter_.exchange(nothing, memory_order_release) == 9) {"),
    ("gang_thread.hpp", "who is given back is not told that it may end", "if (!may_end) return;", "if (may_end) return;"),
    ("gang_thread.hpp", "give_back looks by a load", "letter_.fetch_add(0, memory_order_release)",
     "letter_.load(memory_order_acquire)"),
    ("gang_thread.hpp", "who is given back is not woken",
     "wake_all(letter_);  // the next gang's caller may sleep on it by now, too", ""),
    ("gang_thread.hpp", "who is given back may not be woken",
     "wake_all(letter_);  // the next gang's caller may sleep on it by now, too", "wake_one(letter_);"),
    ("gang_thread.hpp", "who is steered may wake",
     "letter_.compare_exchange_strong(seen, steered, memory_order_acquire, memory_order_relaxed)",
     "letter_.load(memory_order_acquire) == seen"),
    ("gang_thread.hpp", "who is taken leaves",
     "if (owner_.compare_exchange_strong(free, owner::no_thread, memory_order_release, memory_order_relaxed)) {",
     "if (owner_.store(owner::no_thread, memory_order_release); free == owner::nobody) {"),
    ("gang_thread.hpp", "two gangs take one thread",
     "if (!owner_.compare_exchange_strong(free, owner::taken, memory_order_acquire, memory_order_relaxed)) return false;",
     "owner_.store(owner::taken, memory_order_relaxed);"),
    ("gang_thread.hpp", "who falls asleep does not say so",
     "if (!letter_.compare_exchange_strong(seen, asleep, memory_order_acq_rel, memory_order_acquire)) continue;",
     "letter_.store(asleep, memory_order_release);"),
    ("gang.hpp", "the next barrier begins with those of the last", "come_.store(0, memory_order_relaxed);", ""),
    ("gang.hpp", "who ends breaks no barrier", "passed_.break_up();  // who", "// who"),
    ("gang.hpp", "who throws breaks no loop", "for (shared_loop& l : loops_) l.round.break_up();", ""),
    ("gang.hpp", "who is ahead does not wait",
     "if (round != 0 && !l.round.wait_while(round - 1, polling(own))) stop();", "(void)round;"),
    ("gang.hpp", "a loop is not set back", "l.next.store(0, memory_order_relaxed);", ""),
    ("gang.hpp", "the caller does not wait for the others",
     "for_each_other([&](gang_thread& t) { t.wait(polling(caller), threads_.generation()); });", ""),
    ("gang.hpp", "threads are not given back",
     "threads_.change_members(-size_);\n    for_each_other([](gang_thread& t) { t.give_back(); });",
     "threads_.change_members(-size_);"),
    ("gang.hpp", "a gang that is refused keeps its threads",
     "if (self != nullptr) self->for_each_other([](gang_thread& t) { t.give_back(); });", ""),
    ("waited_word.hpp", "who changes a word wakes nobody", "if ((before & asleep_mark) == 0) return;", "return;"),
    ("waited_word.hpp", "who sleeps on a word does not look again",
     "if (seen / one == count && (seen & broken_mark) == 0) {", "if (true) {"),
    ("waited_word.hpp", "who finds a word broken waits", "if ((seen & broken_mark) != 0) return false;", ""),
    ("fork_join.hpp", "no notify_waiter", "team_.slots_.at(std::countr_zero(left)).notify_waiter();", ""),
    ("team.hpp", "the end wakes nobody", "    asleep_.notify_all();\n    workers_.end_all();", "    workers_.end_all();"),
    ("team.hpp", "the end is not said", "    slots_.close();", ""),
    ("event_count.hpp", "notify_all is not certain", "notify(fence_and_count());", "notify(count());"),
    ("team.hpp", "a worker does not look again before it sleeps",
     "if (wanted()) {", "if (false) {"),
    ("team.hpp", "who falls asleep does not look for bursts",
     "return is_wanted(number) || bursts_.begun() != bursts;", "return (void)bursts, is_wanted(number);"),
    ("team.hpp", "who leaves does not look for bursts", "workers_.retire(number, wanted)",
     "workers_.retire(number, [this, number] { return is_wanted(number); })"),
    ("bursts.hpp", "a burst is not counted", "begun_.fetch_add(1,", "begun_.fetch_add(0,"),
    ("burst.hpp", "a burst starts no thread",
     "if (t.workers_.threads_for_certain() < t.free_cpus_) t.workers_.start_one(t.free_cpus_);", ""),
    ("burst.hpp", "C3' of a burst is a load", "t.workers_.threads_for_certain()", "t.workers_.threads()"),
    ("burst.hpp", "a burst wakes nobody", "t.wake(smaller(t.free_cpus_, woken_at_once));", ";"),
    ("burst.hpp", "C3 of a burst is a load", "t.asleep_.fence_and_count() > 0", "t.asleep_.count() > 0"),
    ("fork_join.hpp", "nobody is asked when a loop opens",
     "team_.request_workers(most_ - (team_.awake() - team_.busy()));", ""),
    ("team.hpp", "a woken worker leaves", "if (!asleep_.cancel_wait()) return true;", "asleep_.cancel_wait();"),
    ("team.hpp", "who stays does not look for others", "        start_others(number);  // who kept", "        // who kept"),
    ("team.hpp", "who comes does not look for others", "    start_others(number);\n    idling", "    idling"),
    ("event_count.hpp", "a permit is left behind", "while (!permits_.try_acquire()) permits_.wait();", ""),
    ("job_slots.hpp", "other doors are not counted",
     "if (number > 0) front_.others_open.fetch_add(1, memory_order_relaxed);", ""),
    ("worker_threads.hpp", "needed is not asked", "if (!needed() && m.state", "if (m.state"),
    ("worker_threads.hpp", "nobody is kept", "if (status gone = status::leaving;\n          m.state",
     "if (status gone = status::leaving; false &&\n          m.state"),
    ("worker_threads.hpp", "who is kept stays so", "      m.state.store(status::running, memory_order_release);  // revived",
     "      // revived"),
    ("worker_threads.hpp", "who leaves does not notice the end", "if (seen == status::ending) return false;", ""),
    ("way_out.hpp", "leave wakes nobody",
     "(seen & ~caller_sleeps) + step == last_.load(memory_order_relaxed)) {\n      wake_caller();", "false) {\n"),
    ("way_out.hpp", "the caller does not say what it waits for",
     "last_.store(last, memory_order_relaxed);  // published by the mark", ""),
    ("entrances.hpp", "leave does not shut", "static_cast<std::uint32_t>(e.in.shut());",
     "static_cast<std::uint32_t>(e.in.counted().came);"),
    ("entrances.hpp", "an entrance counts when the first has left", "+ 1 != came) return false;",
     "+ 1 != 1) return (void)came, false;"),
    ("entrances.hpp", "an entrance's word is not cleared", "e.left.store(0, memory_order_relaxed);", ""),
    ("entrances.hpp", "an entrance is not waited for", "used += all_[i].in.shut() != 0 ? 1 : 0;",
     "used += all_[i].in.shut() != 0 && i == 0 ? 1 : 0;"),
    ("entrances.hpp", "workers look at their own entrance only", "for (int left = count; left > 0; --left) {",
     "for (int left = 1; left > 0; --left) {"),
    ("way_out.hpp", "notify_waiter wakes nobody", "if ((seen & caller_sleeps) != 0) wake_caller();", ""),
    ("way_out.hpp", "notify_waiter clears nothing", "left_.fetch_and(~caller_sleeps, memory_order_release)",
     "left_.load(memory_order_acquire)"),
    ("door.hpp", "enter_within does not look again",
     "if (participant == 0 || (around_.load(memory_order_relaxed) & outer) != 0) return participant;",
     "return participant;"),
    ("way_out.hpp", "the caller sleeps though nobody is inside",
     "        if ((seen & ~caller_sleeps) == last) continue;\n", ""),
    ("way_out.hpp", "the caller does not look for nested loops again", "if (!help()) {\n", "{\n"),
    ("gate.hpp", "shut does not shut",
     "if (has_room(seen)) seen = state_.fetch_and(~open_bit, memory_order_relaxed);", ""),
    ("futex.hpp", "release wakes nobody", "wake_some(permits_, static_cast<std::uint32_t>(count));", ""),
    ("futex.hpp", "release wakes one", "wake_some(permits_, static_cast<std::uint32_t>(count));",
     "wake_some(permits_, 1);"),
    ("team_loop.hpp", "no look before a long chunk", "  if (!short_chunk) help.ensure_workers();\n", ""),
    ("team_loop.hpp", "no look after a short chunk", "    if (short_chunk) help.ensure_workers();\n", ""),
]

# What the model cannot notice, and why.
STORES = "Relacy orders stores of one variable as they are executed; that a later one comes later is what this is for"
EXPECTED = {
    "workers look at their own entrance only": "three workers have three places at their own",
    "nobody is asked when a loop opens": "that comes sooner only: C3 asks for all of them",
    "a woken worker leaves": "its permit is from who opened a door, which retire's look at the doors then finds, or from "
    "a new policy or the end, where it may leave",
    "acquire -> relaxed: if (taken_.compare_exchange_weak(taken, taken | one_door(number), memory_order_acquire, "
    "memory_order_relaxed)) {": STORES,
    "release -> relaxed: taken_.fetch_and(~one_door(number), memory_order_release);"
    "  // pairs with the acquire in take": STORES,
    "acquire -> relaxed: if (!needed() && m.state.compare_exchange_strong(seen, status::none, memory_order_release, "
    "memory_order_acquire)) {": "whenever it fails, the next exchange fails as well and acquires the same",
    "acquire -> relaxed: if (m.state.compare_exchange_strong(seen, status::ending, memory_order_acquire)) return;":
    "the end of a member's life is no access to it in the model",
    "release -> relaxed: m.state.store(status::none, memory_order_release);  // pairs with the acquire in start_one":
    "a thread that is not made leaves its handle as it was in the model; pthread_create need not",
}


def find(headers, file):
    """The header of this name, in whichever room it is."""
    return next(headers.rglob(file))


def mutants(headers):
    wrong = []
    for file, what, text, instead in STEPS:
        content = find(headers, file).read_text()
        if content.count(text) != 1:
            wrong.append(f"{file}: {what}: '{text}' is there {content.count(text)} times: the list has to follow it")
    if wrong:
        sys.exit("\n".join(wrong))
    for file, what, text, instead in STEPS:
        yield f"{file}: {what}", file, find(headers, file).read_text().replace(text, instead)
    for file in FILES:
        content = find(headers, file).read_text()
        for found in re.finditer(r"memory_order_(acq_rel|acquire|release)", content):
            line = content.count("\n", 0, found.start()) + 1
            for order in WEAKER[found[1]]:
                changed = content[: found.start()] + "memory_order_" + order + content[found.end():]
                yield f"{file}:{line} {found[1]} -> {order}: {content.splitlines()[line - 1].strip()}", file, changed


def noticed(compile_command, headers, work, file, content, executions):
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(headers, work)
    find(work / "parloop/detail", file).write_text(content)
    program = work / "model"
    subprocess.run([*shlex.split(compile_command.replace("@", str(work))), "-o", str(program)], check=True)
    for some in (300, 3000, int(executions)):  # most are noticed at once, in one scenario or another
        done = subprocess.run([str(program), "all", str(some), "first"], stdout=subprocess.PIPE, text=True, timeout=1800)
        if done.returncode != 0:
            return (done.stdout.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    return ""


def main():
    compile_command, headers, work, executions = sys.argv[1], *map(pathlib.Path, sys.argv[2:4]), sys.argv[4]
    pattern = sys.argv[5] if len(sys.argv) > 5 else ""
    unexpected = 0
    changed = list(mutants(headers / "parloop/detail"))
    if unknown := EXPECTED.keys() - {name.split(" ", 1)[1] for name, _, _ in changed}:
        sys.exit("\n".join(f"no mutant is called '{name}'" for name in unknown))
    if int(executions) == 0:
        print(f"{len(changed)} mutants can be made")
        return
    for name, file, content in changed:
        if not re.search(pattern, name):
            continue
        result = noticed(compile_command, headers, work, file, content, executions)
        reason = EXPECTED.get(name.split(" ", 1)[1], "")
        unexpected += not result and not reason
        print(f"{'noticed' if result else 'NOT NOTICED'}: {name}: {result or reason or '???'}", flush=True)
    sys.exit(1 if unexpected else 0)


main()
