// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <string_view>
#include <vector>

#include "../common/chain.hpp"
#include "loops.hpp"

namespace idle_cost {

namespace {

using loop = void (*)(long n, chunk c);

// --- half a millisecond of work ---

constexpr long iterations = 64;
unsigned long out[iterations];
long chain_length = 1;

void compute(long begin, long end) {
  for (long i = begin; i < end; ++i) out[i] = bench::chain(chain_length, static_cast<unsigned long>(i));
}

// --- the origin's image, copied by rows ---

constexpr long height = 1080;
constexpr long row_bytes = 1440 * 3;
std::vector<unsigned char> image;
std::vector<unsigned char> copy;

void copy_rows(long begin, long end) {
  for (long y = begin; y < end; ++y) {
    const unsigned char* from = image.data() + y * row_bytes;
    unsigned char* to = copy.data() + y * row_bytes;
    for (long x = 0; x < row_bytes; ++x) to[x] = from[x];
  }
}

void nothing(long, long) { asm volatile(""); }

// --- measuring ---

struct figures {
  double wall = 0;      // s
  double cpu = 0;       // s
  double switches = 0;  // of all threads but this one
  double loop = 0;      // s, median
};

/// Context switches, voluntary or not, of every thread but the calling one, by thread.
std::map<std::string, long> context_switches() {
  std::map<std::string, long> of;
  const std::string self = std::to_string(getpid());  // called by the main thread
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    const std::string tid = task.path().filename().string();
    if (tid == self) continue;
    std::ifstream status(task.path() / "status");
    for (std::string line; std::getline(status, line);) {
      if (line.find("ctxt_switches:") != std::string::npos) of[tid] += std::stol(line.substr(line.find(':') + 1));
    }
  }
  return of;
}

/// The second after a loop of 0.5 ms, the last of 20 back to back: the moment at which workers are most awake.
figures second_after(loop run) {
  chain_length = bench::calibrate(0.5e-3, iterations, [](long length) {
    chain_length = length;
    run_serial(iterations, compute);
  });
  for (int i = 0; i < 20; ++i) run(iterations, compute);
  figures f;
  // Counting switches reads a hundred lines of /proc and so does not belong to what is measured.
  constexpr double asleep = 0.05;  // s; going to sleep takes one switch, which is no wake-up
  const auto idle_for = [&f](double seconds) {
    const bench::cpu_meter cpu;
    const double start = bench::wall();
    bench::sleep(seconds);
    f.wall += bench::wall() - start;
    f.cpu += cpu.burnt();
  };
  idle_for(asleep);
  const auto before = context_switches();
  idle_for(1 - asleep);
  const auto after = context_switches();
  for (const auto& [tid, switches] : after) {
    const auto known = before.find(tid);
    f.switches += static_cast<double>(switches - (known == before.end() ? 0 : known->second));
  }
  return f;
}

/// A second of one loop every `period`.
template <class Loop>
figures paced(double period, const Loop& run) {
  constexpr double duration = 1;  // s
  const auto period_time = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(period));
  for (int i = 0; i < 3; ++i) {
    run();
    std::this_thread::sleep_for(period_time);
  }
  std::vector<double> times;
  figures f;
  auto next = std::chrono::steady_clock::now();
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  while (bench::wall() - start < duration) {
    const double began = bench::wall();
    run();
    times.push_back(bench::wall() - began);
    next += period_time;  // the same number of loops for all, whatever a loop takes
    std::this_thread::sleep_until(next);
  }
  f.wall = bench::wall() - start;
  f.cpu = cpu.burnt();
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  f.loop = times[times.size() / 2];
  return f;
}

/// What `top` would show: the CPUs in use, every 50 ms. Half a second of nothing, two seconds of copying the image
/// every 100 ms, a second of nothing. Prints seconds and CPUs.
void draw_curve(loop run) {
  constexpr double window = 0.05;  // s
  constexpr int windows = 70;
  constexpr int first = 10;
  constexpr int last = 50;
  for (int w = 0; w < windows; ++w) {
    const bench::cpu_meter cpu;
    const double start = bench::wall();
    if (w >= first && w < last && w % 2 == 0) run(height, copy_rows);
    bench::sleep(std::max(0.0, window - (bench::wall() - start)));
    std::printf("%.3f %.4f\n", (w + 0.5 - first) * window, cpu.burnt() / (bench::wall() - start));
  }
}

bool right(std::string_view measure) {
  if (measure == "second_after") {
    for (long i = 0; i < iterations; ++i) {
      if (out[i] != bench::chain(chain_length, static_cast<unsigned long>(i))) return false;
    }
  }
  return copy == image;
}

}  // namespace

int be_child(const char* measure, const char* rival) {
  const std::string_view name = rival;
  const loop run = name == "parloop"         ? run_parloop
                   : name == "openmp"        ? run_openmp
                   : name == "tbb"           ? run_tbb
                   : name == "std_execution" ? run_std_execution
                   : name == "pthreadpool"   ? run_pthreadpool
                   : name == "rayon"         ? run_rayon
                                             : run_serial;
  const std::string_view what = measure;
  if (what == "copy_at_100ms" || what == "copy_at_60Hz" || what == "draw_curve") {
    image.resize(height * row_bytes);
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<unsigned char>(i % 251);
    copy.assign(image.size(), 255);
  }
  if (what == "draw_curve") {
    draw_curve(run);
    return right(what) ? 0 : 1;
  }
  figures f;
  if (what == "second_after") f = second_after(run);
  if (what == "copy_at_100ms") f = paced(0.1, [run] { run(height, copy_rows); });
  if (what == "copy_at_60Hz") f = paced(1.0 / 60, [run] { run(height, copy_rows); });
  if (what == "nothing_at_1kHz") f = paced(1e-3, [run] { run(2, nothing); });
  std::printf("%.9f %.9f %.0f %.9f\n", f.wall, f.cpu, f.switches, f.loop);
  return right(what) ? 0 : 1;
}

}  // namespace idle_cost
