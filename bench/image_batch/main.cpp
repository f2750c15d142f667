// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// 12 and 60 images of 120 x 160, 240 x 320 and 480 x 640 pixels, blurred.

#include <algorithm>
#include <map>

#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using namespace image_batch;
using loop = batch (*)(const batch&);

constexpr int counts[] = {12, 60};

const batch& images(int count) {
  static std::map<int, batch> known;
  batch& made = known[count];
  while (static_cast<int>(made.size()) < count) {
    const auto number = static_cast<long>(made.size());
    const long height = 120L << number % 3;
    image next{height, height / 3 * 4, std::vector<float>(static_cast<std::size_t>(height * height / 3 * 4))};
    for (long p = 0; auto& pixel : next.pixels) {
      pixel = static_cast<float>((p * p + p * number) % 251);
      ++p;
    }
    made.push_back(std::move(next));
  }
  return made;
}

const batch& expected(int count) {
  static std::map<int, batch> known;
  const auto [at, fresh] = known.try_emplace(count);
  if (fresh) at->second = run_serial(images(count));
  return at->second;
}

bench::sample take(const std::string& name, loop run, int count) {
  const batch& in = images(count);
  const batch& answer = expected(count);
  (void)run(in);
  batch out;
  const bench::sample s = bench::measure(0, 1, [&] { out = run(in); });
  const auto equal = [](const image& a, const image& b) { return a.pixels == b.pixels; };
  bench::require(std::equal(out.begin(), out.end(), answer.begin(), answer.end(), equal), name);
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 9);
  const std::string openmp = bench::openmp_name;
  const std::vector<bench::candidate<loop>> loops{{"serial", run_serial},
                                                  {"parloop", run_parloop},
                                                  {"parloop/work_stealing", run_parloop_work_stealing},
                                                  {openmp, run_openmp_static},
                                                  {openmp + "/dynamic", run_openmp_dynamic},
                                                  {"oneTBB", run_tbb},
                                                  {"std::execution", run_std_execution},
                                                  {"rayon", run_rayon}};
  for (const int count : counts) {
    bench::add_contest("image_batch/" + std::to_string(count),
                       bench::rivals_of(loops, [count](const auto& name, loop run) { return take(name, run, count); }));
  }
  return bench::run_and_compare("A batch of images, blurred");
}
