// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the workloads' main programs share: who takes part, a sample of some loops, and what is said of wrong answers.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "contest.hpp"
#include "timing.hpp"

namespace bench {

/// Somebody's loop, which is null when the build found no such library.
template <class Function>
struct candidate {
  std::string name;
  Function run;
};

/// Those of the candidates that are_there; the libraries of the others are noted as missing.
template <class Candidate, class Predicate>
std::vector<Candidate> present(std::vector<Candidate> all, const Predicate& is_there) {
  for (const Candidate& c : all) {
    if (!is_there(c)) note_missing(c.name);
  }
  std::erase_if(all, [&is_there](const Candidate& c) { return !is_there(c); });
  return all;
}

/// The four that take part in most workloads.
template <class Function>
std::vector<candidate<Function>> usual(Function serial, Function parloop, Function openmp, Function tbb) {
  return {{"serial", serial}, {"parloop", parloop}, {openmp_name, openmp}, {"oneTBB", tbb}};
}

template <class Loop>
void repeat(int times, const Loop& loop) {
  for (int i = 0; i < times; ++i) loop();
}

/// Calls loop() `warm` times, and then `loops` times under the clocks; both figures are per loop.
template <class Loop>
sample measure(int warm, int loops, const Loop& loop) {
  repeat(warm, loop);
  const cpu_meter cpu;
  const double start = wall();
  repeat(loops, loop);
  const double time = wall() - start;
  const double burnt = cpu.burnt();
  return {time / loops, burnt / loops};
}

/// What a sample of `name` ends with when its answer is wrong.
inline void require(bool right, const std::string& name) {
  if (!right) throw std::runtime_error("wrong answer: " + name);
}

/// The rivals of a contest: of each candidate that is there, take(name, run) makes a sample.
template <class Function, class Take>
std::vector<rival> rivals_of(const std::vector<candidate<Function>>& all, const Take& take) {
  std::vector<rival> rivals;
  for (const candidate<Function>& c : present(all, [](const auto& one) { return one.run != nullptr; })) {
    rivals.push_back({c.name, [c, take] { return take(c.name, c.run); }});
  }
  return rivals;
}

}  // namespace bench
