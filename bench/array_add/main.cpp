// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Element-wise loops over arrays of doubles, in cache and out of it: an addition, a copy, a * x + z. Largest array in
/// MiB as an argument. NumPy and Numba take part where python3 has them.

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "../common/child.hpp"
#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using array_add::work;
using bench::sample;

struct kind {
  work what;
  const char* name;
  const char* formula;
  int arrays;  // that are read or written
};
constexpr kind kinds[] = {
    {work::add, "add", "y = x + 2", 2}, {work::copy, "copy", "y = x", 2}, {work::axpy, "axpy", "y = a * x + z", 3}};

using loop = void (*)(const array_add::arrays& on);

std::unique_ptr<double[]> x;
std::unique_ptr<double[]> z;
std::unique_ptr<double[]> y;
std::unique_ptr<bench::child> python;

constexpr long element = sizeof(double);
constexpr long kib = 1024;
constexpr long mib = 1024 * kib;

/// All arrays are written before they are read: pages that never were are all the one page of zeros.
void fill(long n) {
  const auto size = static_cast<std::size_t>(n);
  x.reset(new double[size]);
  z.reset(new double[size]);
  y.reset(new double[size]);
  for (std::size_t i = 0; i < size; ++i) {
    x[i] = static_cast<double>(i % 1000);
    z[i] = x[i] + 1;
    y[i] = -1;
  }
}

double expected(work what, long i, double a) {
  const auto v = static_cast<double>(i % 1000);
  if (what == work::add) return v + a;
  if (what == work::copy) return v;
  return a * v + (v + 1);
}

/// A new addend for every sample, so that the answers of an earlier one are wrong.
double next_addend() {
  static double addend = 2;
  return addend = addend < 100 ? addend + 1 : 2;
}
int loops_of(long n) { return static_cast<int>(std::clamp(32 * mib / (n * element), 1L, 4000L)); }

sample take(const std::string& name, loop run, work what, long n) {
  const array_add::arrays on{what, x.get(), z.get(), y.get(), next_addend(), n};
  const int loops = loops_of(n);
  const sample s = bench::measure(loops / 4 + 1, loops, [&] { run(on); });
  for (long i = 0; i < n; ++i) {
    bench::require(on.y[i] == expected(what, i, on.a), name);
    on.y[i] = -1;
  }
  return s;
}

sample take_python(const std::string& who, const kind& k, long n) {
  const int loops = loops_of(n);
  const std::string answer =
      python->ask(who + " " + k.name + " " + std::to_string(n) + " " + bench::number(next_addend(), 0) + " " +
                  std::to_string(loops / 4 + 1) + " " + std::to_string(loops));
  const double time = std::strtod(answer.c_str(), nullptr);
  bench::require(time > 0, who);
  return {time, 0};
}

std::string size_text(long bytes) {
  return bytes < mib ? std::to_string(bytes / kib) + " KiB" : std::to_string(bytes / mib) + " MiB";
}
std::string contest_name(const kind& k, long bytes) {
  return std::string(k.name) + "/" + std::to_string(bytes / kib) + "KiB";
}

void print(const kind& k, const std::vector<long>& sizes) {
  bench::head(std::string(k.formula) +
                  ": median time [quartiles], GB/s read and written, time against the best rival's (limits excepted)",
              {"array", "rival", "median", "quartiles", "GB/s", "speed-up", "time / best rival's", "CPU"});
  for (const long bytes : sizes) {
    const bench::result& r = bench::result_of(contest_name(k, bytes));
    if (r.empty()) continue;
    for (const std::string& name : r.names) {
      const double time = r.median(name);
      const std::string best = r.best_rival();
      bench::row({size_text(bytes), name, bench::time_text(time), r.quartiles(name),
                  bench::number(1e-9 * static_cast<double>(k.arrays * bytes) / time, 1),
                  bench::number(r.median("serial") / time, 2),
                  best.empty() ? "-" : bench::number(time / r.median(best), 3),
                  bench::time_text(r.median(name, &sample::cpu))});
    }
  }
}

void add_contests(const kind& k, const std::vector<long>& sizes) {
  for (const long bytes : sizes) {
    std::vector<bench::candidate<loop>> loops{{"serial", array_add::run_serial},
                                              {"parloop", array_add::run_parloop},
                                              {"parloop::transform", array_add::run_transform},
                                              {bench::openmp_name, array_add::run_openmp},
                                              {"oneTBB", array_add::run_tbb},
                                              {"rayon", array_add::run_rayon}};
    if (bytes >= 32 * mib) loops.push_back({"streaming_limit", array_add::run_streaming_limit});
    auto rivals = bench::rivals_of(
        loops, [&k, bytes](const auto& name, loop run) { return take(name, run, k.what, bytes / element); });
    if (python != nullptr) {
      rivals.push_back({"NumPy", [&k, bytes] { return take_python("numpy", k, bytes / element); }});
      rivals.push_back({"Numba", [&k, bytes] { return take_python("numba", k, bytes / element); }});
    }
    bench::add_contest(contest_name(k, bytes), std::move(rivals));
  }
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 5);
  const long largest_mib = bench::largest_mib(argc, argv, 512);
  std::vector<long> sizes{kib, 8 * kib, 64 * kib, 512 * kib, 4 * mib, 32 * mib, 128 * mib};
  std::erase_if(sizes, [largest_mib](long bytes) { return bytes >= largest_mib * mib; });
  sizes.push_back(largest_mib * mib);
  const long most = largest_mib * mib / element;
  python = bench::python_child("numba, numpy", "NumPy and Numba", {"array_add/numpy_numba.py", std::to_string(most)});
  fill(most);
  for (const kind& k : kinds) add_contests(k, sizes);
  const bool right = bench::run();
  for (const kind& k : kinds) print(k, sizes);
  python.reset();
  return right ? 0 : 1;
}
