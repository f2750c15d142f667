// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Adding 2 to every element of an array of doubles, in cache and out of it. Largest array in MiB as an argument.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "../common/contest.hpp"
#include "../common/timing.hpp"
#include "loops.hpp"

namespace {

using bench::sample;

struct loop {
  const char* name;
  void (*run)(const double* x, double* y, double addend, long n);
};

struct arrays {
  std::unique_ptr<double[]> x;
  std::unique_ptr<double[]> y;
};
arrays data;

constexpr long element = sizeof(double);
constexpr long kib = 1024;
constexpr long mib = 1024 * kib;

/// Both arrays are written before they are read: pages that never were are all the one page of zeros.
void fill(long n) {
  data.x.reset(new double[static_cast<std::size_t>(n)]);
  data.y.reset(new double[static_cast<std::size_t>(n)]);
  for (long i = 0; i < n; ++i) {
    data.x[static_cast<std::size_t>(i)] = static_cast<double>(i % 1000);
    data.y[static_cast<std::size_t>(i)] = -1;
  }
}

sample take(const loop& l, long n) {
  // A new addend for every sample, so that the answers of an earlier one are wrong.
  static double addend = 2;
  addend = addend < 100 ? addend + 1 : 2;
  const double* x = data.x.get();
  double* y = data.y.get();
  const int loops = static_cast<int>(std::clamp(32 * mib / (n * element), 1L, 4000L));
  const int warm = loops / 4 + 1;
  for (int i = 0; i < warm; ++i) l.run(x, y, addend, n);
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  for (int i = 0; i < loops; ++i) l.run(x, y, addend, n);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  for (long i = 0; i < n; ++i) {
    if (y[i] != static_cast<double>(i % 1000) + addend) {
      throw std::runtime_error(std::string("wrong answer: ") + l.name);
    }
  }
  return {time / loops, burnt / loops};
}

std::string size_text(long bytes) {
  return bytes < mib ? std::to_string(bytes / kib) + " KiB" : std::to_string(bytes / mib) + " MiB";
}
std::string contest_name(long bytes) { return "array_add/" + std::to_string(bytes / kib) + "KiB"; }

void print(const std::vector<long>& sizes) {
  bench::head(
      "y = x + 2: median time [quartiles], GB/s read and written (16 bytes an element), time against the best "
      "rival's (OpenMP or oneTBB)",
      {"array", "rival", "median", "quartiles", "GB/s", "speed-up", "time / best rival's", "CPU"});
  for (const long bytes : sizes) {
    const bench::result& r = bench::result_of(contest_name(bytes));
    if (r.empty()) continue;
    for (const std::string& name : r.names) {
      const double time = r.median(name);
      const std::string best = r.best_rival();
      bench::row({size_text(bytes), name, bench::time_text(time), r.quartiles(name),
                  bench::number(2e-9 * static_cast<double>(bytes) / time, 1),
                  bench::number(r.median("serial") / time, 2),
                  best.empty() ? "-" : bench::number(time / r.median(best), 3),
                  bench::time_text(r.median(name, &sample::cpu))});
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 9);
  const long largest_mib = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 512;
  if (largest_mib < 1 || largest_mib > 1024 * 1024) {
    std::fprintf(stderr, "usage: %s [Google Benchmark's flags] [size of the largest array in MiB]\n", argv[0]);
    return 2;
  }
  std::vector<long> sizes{kib, 8 * kib, 64 * kib, 512 * kib, 4 * mib, 32 * mib};
  std::erase_if(sizes, [largest_mib](long bytes) { return bytes >= largest_mib * mib; });
  sizes.push_back(largest_mib * mib);
  fill(largest_mib * mib / element);

  std::vector<loop> loops{{"serial", array_add::run_serial}, {"parloop", array_add::run_parloop}};
  if (array_add::run_openmp != nullptr) {
    loops.push_back({bench::openmp_name, array_add::run_openmp});
  } else {
    bench::note_missing("OpenMP");
  }
  if (array_add::run_tbb != nullptr) {
    loops.push_back({"oneTBB", array_add::run_tbb});
  } else {
    bench::note_missing("oneTBB");
  }
  for (const long bytes : sizes) {
    std::vector<bench::rival> rivals;
    for (const loop& l : loops) rivals.push_back({l.name, [l, bytes] { return take(l, bytes / element); }});
    bench::add_contest(contest_name(bytes), std::move(rivals));
  }
  const bool right = bench::run();
  print(sizes);
  return right ? 0 : 1;
}
