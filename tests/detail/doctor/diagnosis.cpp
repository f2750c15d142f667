// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The doctor's judgement, on figures that were recorded on a machine with 2 CPUs, some of them while it was busy.
#include <parloop/detail/doctor/diagnosis.hpp>
#include <string>

#include "catch.hpp"

namespace {

using parloop::detail::finding;
using parloop::detail::loop_figures;

loop_figures shared_loop() {
  loop_figures f;
  f.calls = f.shared = 30;
  f.iterations = 1000;
  f.threads = 2;
  f.wall = 3.43e-3;
  f.serial = 6.61e-3;
  f.work = f.serial_work = 6.61e-3;
  f.running = 1.01;
  f.wake = 10.1e-6;
  f.tail = 0.02;
  f.longest = 0.05;
  f.longest_excess = 1.1;
  f.chunks = 164;
  f.participants = 2;
  f.period = 7e-3;
  f.cpu = 1.99;
  return f;
}

loop_figures tiny_loop() {
  loop_figures f;
  f.calls = 500;
  f.shared = 1;
  f.iterations = 2;
  f.threads = 2;
  f.wall = f.serial = 166e-9;
  f.participants = 1;
  f.period = 1.07e-3;
  return f;
}

loop_figures array_add() {
  loop_figures f = shared_loop();
  f.iterations = 16777216;
  f.wall = 15.7e-3;
  f.serial = 29.4e-3;
  f.work = f.serial_work = 29.4e-3;
  f.bytes = 16;
  f.bandwidth_of_one = 9.1e9;
  f.bandwidth = 17.4e9;
  return f;
}

loop_figures triangle() {
  loop_figures f = shared_loop();
  f.wall = 9.87e-3;
  f.serial = 14.9e-3;
  f.tail = 0.62;
  f.longest = 0.75;
  f.longest_excess = 1.5;
  f.chunks = 2;
  f.cpu = 1.36;
  return f;
}

loop_figures long_iteration() {
  loop_figures f = shared_loop();
  f.iterations = 64;
  f.wall = 4.07e-3;
  f.serial = 4.32e-3;
  f.tail = 0.9;
  f.longest = 0.95;
  f.longest_excess = 60;
  f.chunks = 18;
  f.cpu = 1.08;
  return f;
}

loop_figures asleep() {
  loop_figures f = shared_loop();
  f.iterations = 64;
  f.wall = 113e-6;
  f.serial = 104e-6;
  f.wake = 0;
  f.tail = 0;
  f.participants = 1;
  f.period = 5.26e-3;
  f.cpu = 1.46;
  return f;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string advice_on(const loop_figures& f) { return parloop::detail::advice(f, diagnose_loop(f)); }

}  // namespace

TEST_CASE("five loops and what is the matter with them") {
  CHECK(diagnose_loop(tiny_loop()) == finding::too_small);
  CHECK(diagnose_loop(array_add()) == finding::memory_bound);
  CHECK(diagnose_loop(triangle()) == finding::imbalanced);
  CHECK(diagnose_loop(long_iteration()) == finding::one_long_iteration);
  CHECK(diagnose_loop(shared_loop()) == finding::pays);
}

TEST_CASE("the same loops on a busy machine are not taken for something else") {
  loop_figures add = array_add();  // with one of two CPUs
  add.wall = 30.6e-3;
  add.cpu = 0.99;
  add.running = 0.97;
  CHECK(diagnose_loop(add) == finding::memory_bound);
  loop_figures uneven = triangle();
  uneven.wall = 14.8e-3;
  uneven.tail = 0.576;
  uneven.running = 0.84;
  uneven.cpu = 0.99;
  CHECK(diagnose_loop(uneven) == finding::imbalanced);
  uneven = triangle();  // `array_add` with ten other programs on two CPUs; it has no uneven iterations
  uneven.wall = 50e-3;
  uneven.tail = 0.352;
  uneven.running = 0.12;
  uneven.cpu = 0.25;
  CHECK(diagnose_loop(uneven) == finding::kept_from_running);
  loop_figures healthy = shared_loop();
  healthy.wall = 7.15e-3;
  healthy.cpu = 0.99;
  healthy.tail = 0.165;
  CHECK(diagnose_loop(healthy) == finding::kept_from_running);
  healthy.cpu = 0;  // not looked at
  healthy.running = 0.57;
  CHECK(diagnose_loop(healthy) == finding::kept_from_running);
}

TEST_CASE("other complaints") {
  CHECK(diagnose_loop(asleep()) == finding::wake_dominates);
  loop_figures late = asleep();
  late.participants = 2;
  late.wake = 60e-6;
  late.cpu = 1.8;
  CHECK(diagnose_loop(late) == finding::wake_dominates);

  loop_figures together = shared_loop();
  together.wall = 6e-3;
  together.work = 11.5e-3;
  CHECK(diagnose_loop(together) == finding::slower_when_together);
  together.work = together.serial_work;
  together.wall = together.serial;
  CHECK(diagnose_loop(together) == finding::does_not_pay);

  loop_figures alone = shared_loop();
  alone.threads = 1;
  CHECK(diagnose_loop(alone) == finding::one_thread);
  CHECK(diagnose_loop(loop_figures{}) == finding::unknown);
}

TEST_CASE("few bytes, or none told, are no reason to blame memory") {
  loop_figures f = array_add();
  f.bytes = 0;
  CHECK(diagnose_loop(f) == finding::pays);
  f = array_add();
  f.iterations = 1000;
  CHECK(diagnose_loop(f) == finding::pays);
  f = array_add();
  f.wall = 10 * f.wall;
  f.serial = 10 * f.serial;
  CHECK(diagnose_loop(f) == finding::pays);
}

TEST_CASE("as many threads as stream what all can, and no more") {
  loop_figures f = array_add();
  CHECK(enough_threads(f) == 2);
  f.threads = 16;
  f.bandwidth_of_one = 12e9;
  f.bandwidth = 40e9;
  CHECK(enough_threads(f) == 4);
  f.bandwidth = 12.5e9;
  CHECK(enough_threads(f) == 1);
  f.bandwidth_of_one = 0;
  CHECK(enough_threads(f) == 1);
}

TEST_CASE("the advice is in plain words, with the figures") {
  CHECK(has(advice_on(tiny_loop()), "does not pay at this size: 166 ns"));
  CHECK(has(advice_on(array_add()), "memory-bound: moves 17.1 GB/s of the 17.4 GB/s that all threads can; 2 threads"));
  CHECK(has(advice_on(triangle()), "imbalanced: for 62.0 % of the time"));
  CHECK(has(advice_on(triangle()), "smaller grain"));
  CHECK(has(advice_on(triangle()), "work stealing"));
  CHECK(has(advice_on(long_iteration()), "one iteration takes 95.0 % of the work"));
  CHECK(has(advice_on(asleep()), "wake-up dominates"));
  CHECK(has(advice_on(asleep()), "loops come every 5.26 ms"));
  CHECK(has(advice_on(shared_loop()), "pays: 1.93 times as fast"));
  for (int f = 0; f <= static_cast<int>(finding::pays); ++f) {
    CHECK_FALSE(parloop::detail::advice(shared_loop(), static_cast<finding>(f)).empty());
  }
}

TEST_CASE("CPU time burnt between calls is remarked on when it is more than a little") {
  loop_figures f = shared_loop();
  CHECK(remark(f).empty());
  f.burnt = 0.002;
  CHECK(remark(f).empty());
  f.burnt = 0.998;
  CHECK(has(remark(f), "99.8 % of a CPU"));
}

TEST_CASE("times have the unit that suits them") {
  using parloop::detail::time_text;
  CHECK(time_text(2.5e-9) == "2.50 ns");
  CHECK(time_text(166e-9) == "166 ns");
  CHECK(time_text(12.34e-6) == "12.3 us");
  CHECK(time_text(0.25) == "250 ms");
  CHECK(time_text(3) == "3.00 s");
}
