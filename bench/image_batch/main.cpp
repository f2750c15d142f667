// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// 12 and 60 images of 120 x 160, 240 x 320 and 480 x 640 pixels, blurred.

#include <algorithm>
#include <map>
#include <stdexcept>

#include "../common/contest.hpp"
#include "../common/timing.hpp"
#include "loops.hpp"

namespace {

using bench::sample;
using image_batch::batch;
using image_batch::image;

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
  if (fresh) at->second = image_batch::run_serial(images(count));
  return at->second;
}

sample take(const char* name, batch (*run)(const batch& in), int count) {
  const batch& in = images(count);
  const batch& answer = expected(count);
  (void)run(in);
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  const batch out = run(in);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  const auto equal = [](const image& a, const image& b) { return a.pixels == b.pixels; };
  if (!std::equal(out.begin(), out.end(), answer.begin(), answer.end(), equal)) {
    throw std::runtime_error(std::string("wrong answer: ") + name);
  }
  return {time, burnt};
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 9);
  if (image_batch::run_openmp_static == nullptr) bench::note_missing("OpenMP");
  if (image_batch::run_tbb == nullptr) bench::note_missing("oneTBB");
  if (image_batch::run_std_execution == nullptr) bench::note_missing("std::execution");
  if (image_batch::run_rayon == nullptr) bench::note_missing("rayon");
  static const std::string dynamic = std::string(bench::openmp_name) + "/dynamic";
  std::vector<std::string> contests;
  for (const int count : counts) {
    std::vector<bench::rival> rivals;
    const auto add = [&](const char* name, batch (*run)(const batch& in)) {
      if (run != nullptr) rivals.push_back({name, [=] { return take(name, run, count); }});
    };
    add("serial", image_batch::run_serial);
    add("parloop", image_batch::run_parloop);
    add("parloop/work_stealing", image_batch::run_parloop_work_stealing);
    add(bench::openmp_name, image_batch::run_openmp_static);
    add(dynamic.c_str(), image_batch::run_openmp_dynamic);
    add("oneTBB", image_batch::run_tbb);
    add("std::execution", image_batch::run_std_execution);
    add("rayon", image_batch::run_rayon);
    contests.push_back("image_batch/" + std::to_string(count));
    bench::add_contest(contests.back(), std::move(rivals));
  }
  const bool right = bench::run();
  bench::print_comparison("A batch of images, blurred", contests);
  return right ? 0 : 1;
}
