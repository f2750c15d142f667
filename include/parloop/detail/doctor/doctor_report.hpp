// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The doctor's table, and the memory bandwidth that it judges by. For examined.hpp.
#pragma once

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../base/throw.hpp"
#include "site_record.hpp"

namespace parloop::inline v0_2::detail {

/// Bytes/s read and written by `threads` threads that add a number to an array each, larger than their caches; the best
/// of some rounds, because other programs only make it slower. 0 when there is no memory or no thread for it.
[[gnu::cold]] inline double measure_bandwidth(int threads) noexcept {
  constexpr std::size_t doubles = std::size_t{1} << 21;  // 16 MiB read, 16 written
  constexpr int rounds = 5;
  const auto measure = [&] {
    std::vector<std::unique_ptr<double[]>> arrays;
    std::vector<std::thread> team;
    std::vector<double> best(static_cast<std::size_t>(threads), 1e9);
    arrays.reserve(2 * best.size());
    for (int t = 0; t < 2 * threads; ++t) arrays.push_back(std::make_unique<double[]>(doubles));
    atomic<int> ready{0};
    const auto work = [&](std::size_t t) {
      double* x = arrays[2 * t].get();
      double* y = arrays[2 * t + 1].get();
      for (std::size_t i = 0; i < doubles; ++i) x[i] = y[i] = static_cast<double>(i);
      ready.fetch_add(1, memory_order_relaxed);
      const ticks deadline = now() + to_ticks(std::chrono::milliseconds(100));
      while (ready.load(memory_order_relaxed) < threads && now() < deadline) cpu_pause();  // together, if possible
      for (int r = 0; r < rounds; ++r) {
        const ticks start = now();
        for (std::size_t i = 0; i < doubles; ++i) y[i] = x[i] + 2;
        best[t] = smaller(best[t], static_cast<double>(now() - start) * 1e-9 / ticks_per_nanosecond());
      }
    };
    struct joiner {  // also when a thread cannot be made
      std::vector<std::thread>& team;
      ~joiner() {
        for (std::thread& t : team) t.join();
      }
    };
    {
      const joiner at_end{team};
      for (int t = 1; t < threads; ++t) team.emplace_back(work, static_cast<std::size_t>(t));
      work(0);
    }
    double sum = 0;
    for (const double seconds : best) sum += 2.0 * sizeof(double) * doubles / seconds;
    return sum;
  };
  return call_or(measure, [] { return 0.0; });
}

/// The figures of all places, those in which most time was spent first.
struct examined_loop {
  std::string place;
  loop_figures figures;
};
[[nodiscard]] inline std::vector<examined_loop> examined_loops() {
  std::vector<examined_loop> loops;
  int streaming_threads = 0;
  for (site_record* s = all_sites.load(memory_order_acquire); s != nullptr; s = s->next) {
    loops.push_back({s->place(), s->figures()});
    const loop_figures& f = loops.back().figures;
    if (f.bytes * f.iterations >= limits::least_traffic) streaming_threads = larger(streaming_threads, f.threads);
  }
  if (streaming_threads > 0) {
    const double one = measure_bandwidth(1);
    const double all = larger(one, measure_bandwidth(smaller(streaming_threads, 64)));
    for (examined_loop& l : loops) {
      l.figures.bandwidth_of_one = one;
      l.figures.bandwidth = all;
    }
  }
  const auto seconds = [](const loop_figures& f) { return f.wall * static_cast<double>(f.calls); };
  std::stable_sort(loops.begin(), loops.end(), [&](const examined_loop& a, const examined_loop& b) {
    return seconds(a.figures) > seconds(b.figures);
  });
  return loops;
}

[[nodiscard]] inline std::string describe_loop(const examined_loop& l) {
  const loop_figures& f = l.figures;
  const double shared = f.calls > 0 ? static_cast<double>(f.shared) / static_cast<double>(f.calls) : 0;
  const double per_iteration = f.iterations > 0 ? f.serial / f.iterations : 0;
  const auto known = [](bool is, const std::string& text) { return is ? text : std::string("-"); };
  std::string text = l.place + "\n";
  text += "  calls " + std::to_string(f.calls) + ", every " + known(f.period > 0, time_text(f.period)) +
          "; kept serial " + percent(1 - shared) + "; iterations " + with_unit(f.iterations, "of ") +
          time_text(per_iteration) + "\n";
  text += "  wall " + time_text(f.wall) + ", one thread " + known(f.serial > 0, time_text(f.serial)) + ", speed-up " +
          known(f.serial > 0, with_unit(speed_up(f), "with ") + std::to_string(f.threads) + " threads") +
          ", CPU time / wall " + known(f.cpu > 0, with_unit(f.cpu, "")) +
          (f.running > 0 ? ", CPU / wall in chunks " + with_unit(f.running, "") : "") + "\n";
  text += "  second thread after " + known(f.wake > 0, time_text(f.wake)) + ", chunks " +
          known(f.chunks > 0, with_unit(f.chunks, "")) + ", out of work for " + known(f.shared > 0, percent(f.tail)) +
          ", CPU burnt between calls " + percent(f.burnt) + "\n";
  text += "  => " + advice(f, diagnose_loop(f)) + ".\n";
  if (const std::string more = remark(f); !more.empty()) text += "  => " + more + ".\n";
  return text;
}

[[nodiscard]] inline std::string doctor_report() {
  std::string text = "parloop doctor\n";
  const auto loops = examined_loops();
  if (loops.empty()) text += "no loop over an `examined` range has run\n";
  for (const examined_loop& l : loops) text += describe_loop(l);
  return text;
}

/// Whatever happens, the program goes on.
[[gnu::cold]] inline void print_doctor_report(std::FILE* to) noexcept {
  call_or([&] { (void)std::fputs(doctor_report().c_str(), to); }, [] {});
}

}  // namespace parloop::inline v0_2::detail
