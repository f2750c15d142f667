// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Large arrays that did not exist before: zeros, and x[i] + 2, allocation and end included. The largest size in MiB as
/// an argument. NumPy and Numba take part where python3 has them.

#include <memory>
#include <sstream>

#include "../common/child.hpp"
#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using bench::sample;
using first_touch::work;
using loop = double (*)(work, const double*, long);

constexpr long mib = 1024 * 1024;
constexpr long element = sizeof(double);

std::unique_ptr<double[]> x;
std::unique_ptr<bench::child> python;

void check(const std::string& name, work what, long n, double spots) {
  double expected = 0;
  for (long k = 1; k <= 1000 && what == work::add; ++k) expected += static_cast<double>((n / 1000 * k - 1) % 1000) + 2;
  bench::require(spots == expected, name);
}

sample take(const std::string& name, loop run, work what, long n) {
  double spots = 0;
  const sample s = bench::measure(0, 1, [&] { spots = run(what, x.get(), n); });
  check(name, what, n, spots);
  return s;
}

sample take_python(const std::string& who, work what, long n) {
  std::istringstream answer(python->ask(who + (what == work::zeros ? " zeros " : " add ") + std::to_string(n)));
  double time = 0;
  double spots = 0;
  if (!(answer >> time >> spots)) throw std::runtime_error("no answer: " + who);
  check(who, what, n, spots);
  return {time, 0};
}

void add_contest(work what, long size_mib) {
  const long n = size_mib * mib / element;
  const std::vector<bench::candidate<loop>> loops{{"std::vector", first_touch::run_serial},
                                                  {"parloop", first_touch::run_parloop},
                                                  {bench::openmp_name, first_touch::run_openmp},
                                                  {"oneTBB", first_touch::run_tbb}};
  auto rivals = bench::rivals_of(loops, [what, n](const auto& name, loop run) { return take(name, run, what, n); });
  if (python != nullptr) {
    rivals.push_back({"NumPy", [what, n] { return take_python("numpy", what, n); }});
    rivals.push_back({"Numba", [what, n] { return take_python("numba", what, n); }});
  }
  bench::add_contest(
      std::string("first_touch/") + (what == work::zeros ? "zeros/" : "add/") + std::to_string(size_mib) + "MiB",
      std::move(rivals));
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 5);
  const long largest_mib = bench::largest_mib(argc, argv, 512);
  const long largest = largest_mib * mib / element;
  python =
      bench::python_child("numba, numpy", "NumPy and Numba", {"first_touch/numpy_numba.py", std::to_string(largest)});
  x.reset(new double[static_cast<std::size_t>(largest)]);
  for (long i = 0; i < largest; ++i) x[static_cast<std::size_t>(i)] = static_cast<double>(i % 1000);
  for (const work what : {work::zeros, work::add}) {
    for (const long size : {8L, 64L, 512L, 4096L}) {
      if (size <= largest_mib) add_contest(what, size);
    }
  }
  const int answer = bench::run_and_compare("A new array, allocation and end included");
  python.reset();
  return answer;
}
