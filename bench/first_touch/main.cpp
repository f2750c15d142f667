// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Large arrays that did not exist before: zeros, and x[i] + 2, allocation and end included. The largest size in MiB as
/// an argument. NumPy and Numba take part where python3 has them.

#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include "../common/child.hpp"
#include "../common/contest.hpp"
#include "../common/timing.hpp"
#include "loops.hpp"

namespace {

using bench::sample;
using first_touch::work;

constexpr long mib = 1024 * 1024;
constexpr long element = sizeof(double);

std::unique_ptr<double[]> x;
std::unique_ptr<bench::child> python;

void check(const std::string& name, work what, long n, double spots) {
  double expected = 0;
  for (long k = 1; k <= 1000 && what == work::add; ++k) expected += static_cast<double>((n / 1000 * k - 1) % 1000) + 2;
  if (spots != expected) throw std::runtime_error("wrong answer: " + name);
}

sample take(const std::string& name, double (*run)(work, const double*, long), work what, long n) {
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  const double spots = run(what, x.get(), n);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  check(name, what, n, spots);
  return {time, burnt};
}

sample take_python(const std::string& who, work what, long n) {
  std::istringstream answer(python->ask(who + (what == work::zeros ? " zeros " : " add ") + std::to_string(n)));
  double time = 0;
  double spots = 0;
  if (!(answer >> time >> spots)) throw std::runtime_error("no answer: " + who);
  check(who, what, n, spots);
  return {time, 0};
}

std::string add_contest(work what, long size_mib) {
  const long n = size_mib * mib / element;
  std::vector<bench::rival> rivals;
  const auto add = [&rivals, what, n](const char* name, double (*run)(work, const double*, long)) {
    if (run != nullptr) rivals.push_back({name, [name, run, what, n] { return take(name, run, what, n); }});
  };
  add("std::vector", first_touch::run_serial);
  add("parloop", first_touch::run_parloop);
  add(bench::openmp_name, first_touch::run_openmp);
  add("oneTBB", first_touch::run_tbb);
  if (python != nullptr) {
    rivals.push_back({"NumPy", [what, n] { return take_python("numpy", what, n); }});
    rivals.push_back({"Numba", [what, n] { return take_python("numba", what, n); }});
  }
  const std::string name =
      std::string("first_touch/") + (what == work::zeros ? "zeros/" : "add/") + std::to_string(size_mib) + "MiB";
  bench::add_contest(name, std::move(rivals));
  return name;
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 5);
  const long largest_mib = bench::largest_mib(argc, argv, 512);
  const long largest = largest_mib * mib / element;
  if (std::system("python3 -c 'import numba, numpy' 2>/dev/null") == 0) {  // before the first thread is made
    python = std::make_unique<bench::child>(std::vector<std::string>{
        "python3", std::string(BENCH_SOURCES) + "/first_touch/numpy_numba.py", std::to_string(largest)});
  } else {
    bench::note_missing("NumPy and Numba");
  }
  x.reset(new double[static_cast<std::size_t>(largest)]);
  for (long i = 0; i < largest; ++i) x[static_cast<std::size_t>(i)] = static_cast<double>(i % 1000);
  std::vector<std::string> contests;
  for (const work what : {work::zeros, work::add}) {
    for (const long size : {8L, 64L, 512L, 4096L}) {
      if (size <= largest_mib) contests.push_back(add_contest(what, size));
    }
  }
  const bool right = bench::run();
  bench::print_comparison("A new array, allocation and end included", contests);
  python.reset();
  return right ? 0 : 1;
}
