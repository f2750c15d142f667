// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Series of loops on a simulated computer, as bench/small_loops has them: back to back, after work, after sleep.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <parloop/parloop.hpp>
#include <vector>

#include "machine.hpp"

namespace machines {

/// The pool has been in use for a while: its workers exist, and are where the kernel's balancing has put them.
inline void settle_in(parloop::backend& b, int loops = 50) {
  const double each = 200e3 * b.width() / 64;
  for (int i = 0; i < loops; ++i) {
    parloop::parallel_for(b, parloop::prange(64), [each](parloop::index_t) { machines::work(each); });
  }
  machines::sleep(10'000'000);
}

/// What the caller does between two loops.
enum class between : std::uint8_t { nothing, work, sleep };

struct series {
  double size = 0;  ///< of a loop, ns on one fast core
  between pause = between::nothing;
  nanoseconds length = 0;  ///< of the pause
  parloop::index_t iterations = 64;
  int warm = 50;
  int loops = 50;
};

struct series_result {
  double time = 0;   ///< ns a loop: the mean back to back, else the median, as the benchmark
  double burnt = 0;  ///< CPU time a loop, the pauses' included
};

/// `run` runs one of the loops. On the computer.
template <class Run>
series_result time_series(const series& s, Run run) {
  std::vector<double> times;
  nanoseconds begin = 0;
  nanoseconds burnt_before = 0;
  for (int i = -s.warm - 1; i < s.loops; ++i) {
    if (s.pause == between::work) machines::work(static_cast<double>(s.length));
    if (s.pause == between::sleep) machines::sleep(s.length);
    const nanoseconds before = machines::now();
    if (i == 0) {
      begin = before;
      burnt_before = machines::burnt();
    }
    run();
    if (i >= 0) times.push_back(static_cast<double>(machines::now() - before));
  }
  series_result result;
  result.burnt = static_cast<double>(machines::burnt() - burnt_before) / s.loops;
  if (s.pause == between::nothing) {
    result.time = static_cast<double>(machines::now() - begin) / s.loops;
  } else {
    std::nth_element(times.begin(), times.begin() + s.loops / 2, times.end());
    result.time = times[static_cast<std::size_t>(s.loops / 2)];
  }
  return result;
}

/// The loops' body does `size / iterations` an iteration.
inline series_result run_series(parloop::backend& b, const series& s) {
  const double each = s.size / static_cast<double>(s.iterations);
  const auto body = [each](parloop::index_t begin, parloop::index_t end) {
    machines::work(each * static_cast<double>(end - begin));
  };
  return time_series(s, [&] { parloop::parallel_for_chunks(b, parloop::prange(s.iterations), body); });
}

/// The same in plain loops.
inline series_result run_plain_series(const series& s) {
  return time_series(s, [&] { machines::work(s.size); });
}

}  // namespace machines
