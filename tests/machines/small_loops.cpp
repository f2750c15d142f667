// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Is the simulation to be believed? bench/small_loops on both measured guests, simulated, beside what was measured
/// there. Prints every point; fails when fewer than the given part of the Xeon's, or the EPYC's, agree, within 25 % or
/// 0.3 us.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <parloop/parloop.hpp>
#include <vector>

#include "fresh_process.hpp"
#include "loops.hpp"
#include "profiles.hpp"

namespace {

using machines::between;

/// Medians in us.
struct measured {
  between pause;
  double serial;
  double by[3];  // parloop, parloop/spin, parloop/park
};
/// From bench/results/xeon_2_cpus.json (2026-11-22).
const std::vector<measured> on_xeon = {
    {between::nothing, 0.617, {0.775, 0.758, 0.776}},
    {between::nothing, 1.29, {1.37, 1.42, 1.35}},
    {between::nothing, 2.02, {2.07, 2.31, 2.18}},
    {between::nothing, 4.85, {4.9, 4.32, 5.02}},
    {between::nothing, 10.2, {7.15, 6.78, 10.5}},
    {between::nothing, 22.1, {13.5, 13, 22.5}},
    {between::nothing, 49.6, {27.7, 28, 52}},
    {between::nothing, 107, {56.8, 55, 62.7}},
    {between::nothing, 205, {105, 105, 110}},
    {between::nothing, 501, {255, 258, 272}},
    {between::nothing, 2.05e3, {1.04e3, 1.02e3, 1.05e3}},
    {between::work, 0.678, {0.81, 0.771, 0.817}},
    {between::work, 1.28, {1.61, 1.56, 1.58}},
    {between::work, 2.13, {2.3, 2.27, 2.24}},
    {between::work, 5.23, {5.41, 4.29, 5.42}},
    {between::work, 9.98, {7.05, 6.78, 10.7}},
    {between::work, 21.9, {12.9, 13.3, 22.3}},
    {between::work, 49.3, {26.8, 27, 49.7}},
    {between::work, 103, {53.8, 54.5, 61.5}},
    {between::work, 194, {101, 101, 107}},
    {between::work, 517, {258, 260, 277}},
    {between::work, 1.91e3, {962, 969, 971}},
    {between::sleep, 0.724, {1.19, 1.16, 1.15}},
    {between::sleep, 1.68, {2.53, 2.17, 2.04}},
    {between::sleep, 2.06, {2.44, 3.17, 3.24}},
    {between::sleep, 5.22, {5.49, 6.37, 5.2}},
    {between::sleep, 9.44, {9.98, 8.28, 9.76}},
    {between::sleep, 21.4, {19.3, 13.3, 19.1}},
    {between::sleep, 47.6, {46.4, 28.3, 48}},
    {between::sleep, 93.5, {74.5, 52.1, 80.1}},
    {between::sleep, 171, {111, 93.3, 123}},
    {between::sleep, 510, {300, 266, 291}},
    {between::sleep, 2.08e3, {1.1e3, 1.06e3, 1.12e3}},
};
/// bench_small_loops --rivals=parloop,parloop/spin,parloop/park on the machine of the profile: the middle of three runs
/// of nine rounds (2026-11-28).
const std::vector<measured> on_epyc = {
    {between::nothing, 0.506, {0.538, 0.536, 0.538}},
    {between::nothing, 0.994, {1.03, 1.01, 1.02}},
    {between::nothing, 2.07, {2.17, 2.14, 2.07}},
    {between::nothing, 4.79, {2.94, 2.99, 4.81}},
    {between::nothing, 9.98, {5.52, 5.56, 10.1}},
    {between::nothing, 20, {10.6, 10.7, 20}},
    {between::nothing, 50.4, {25.6, 26.5, 50.2}},
    {between::nothing, 100, {50.4, 50.5, 59.3}},
    {between::nothing, 202, {101, 101, 110}},
    {between::nothing, 501, {251, 251, 264}},
    {between::nothing, 999, {501, 503, 528}},
    {between::nothing, 1.99e3, {1e3, 1e3, 1.05e3}},
    {between::work, 0.52, {0.571, 0.571, 0.561}},
    {between::work, 0.992, {1.01, 1.05, 1.01}},
    {between::work, 2.13, {1.99, 2.17, 2.03}},
    {between::work, 4.96, {3.04, 3.15, 4.99}},
    {between::work, 9.92, {5.51, 5.57, 9.93}},
    {between::work, 19.8, {10.7, 11.3, 19.9}},
    {between::work, 49.9, {25.4, 26.2, 50.1}},
    {between::work, 100, {50.7, 50.7, 68.9}},
    {between::work, 200, {101, 101, 118}},
    {between::work, 499, {251, 250, 271}},
    {between::work, 992, {495, 494, 517}},
    {between::work, 1.99e3, {997, 996, 1.04e3}},
    {between::sleep, 0.571, {0.631, 0.611, 0.641}},
    {between::sleep, 1, {1.04, 1.05, 1.05}},
    {between::sleep, 2.14, {2.2, 2.2, 2.19}},
    {between::sleep, 4.99, {5.04, 3.16, 5.03}},
    {between::sleep, 9.97, {10.1, 5.66, 10.1}},
    {between::sleep, 20.1, {20.2, 11.1, 20.2}},
    {between::sleep, 50.4, {51, 26, 51}},
    {between::sleep, 100, {101, 51.4, 83.8}},
    {between::sleep, 200, {132, 101, 140}},
    {between::sleep, 502, {287, 251, 286}},
    {between::sleep, 992, {527, 497, 528}},
    {between::sleep, 2.02e3, {1.04e3, 1e3, 1.05e3}},
};
constexpr const char* variants[] = {"adaptive", "spin", "park"};
constexpr const char* pauses[] = {"back to back", "after 50 us of work", "after 2 ms of sleep"};

double simulate(const machines::profile& p, const measured& m, int variant) {
  double time = 0;
  const auto o = machines::run(p, 1, [&] {
    const parloop::idle_policy policies[] = {parloop::idle::adaptive(), parloop::idle::spin(), parloop::idle::park()};
    parloop::thread_pool pool{{.idle = variant == 1 ? parloop::idle::park() : policies[variant]}};
    machines::settle_in(pool);
    pool.set_idle(policies[variant]);
    machines::series s;
    s.size = m.serial * 1e3;
    s.pause = m.pause;
    s.length = m.pause == between::work ? 50'000 : 2'000'000;
    const double room = m.pause == between::nothing ? 1e6 : 3e6;
    s.warm = m.pause == between::sleep ? 3 : static_cast<int>(std::fmin(std::fmax(room / s.size, 5), 400));
    s.loops = m.pause == between::nothing ? static_cast<int>(std::fmin(std::fmax(2e6 / s.size, 5), 1000)) : 15;
    time = run_series(pool, s).time * 1e-3;
  });
  if (!o) {
    std::fprintf(stderr, "%s\n", o.failure.c_str());
    std::abort();
  }
  return time;
}

/// The part of the points that agrees.
double compare(const machines::profile& p, const std::vector<measured>& points) {
  const std::size_t count = points.size() * std::size(variants);
  int good = 0;
  std::printf("%s\n%-20s %-9s %10s %10s %10s\n", p.name.c_str(), "us", "workers", "serial", "measured", "simulated");
  machines::in_fresh_processes(
      count, 2, [&](std::size_t i) { return std::to_string(simulate(p, points[i / 3], static_cast<int>(i % 3))); },
      [&](std::size_t i, const machines::child_result& r) {
        const measured& m = points[i / 3];
        const double simulated = r.good ? std::atof(r.text.c_str()) : -1;
        const double off = std::fabs(simulated - m.by[i % 3]);
        const bool agrees = r.good && (off <= 0.25 * m.by[i % 3] || off <= 0.3);
        good += agrees ? 1 : 0;
        std::printf("%-20s %-9s %10.2f %10.2f %10.2f%s\n", pauses[static_cast<int>(m.pause)], variants[i % 3], m.serial,
                    m.by[i % 3], simulated, agrees ? "" : "  MISSED");
        return true;
      });
  const double part = good / static_cast<double>(count);
  std::printf("%d of %d points agree: %.0f %%\n", good, static_cast<int>(count), 100 * part);
  return part;
}

}  // namespace

int main(int argc, char** argv) {
  const double xeon = compare(machines::xeon_guest(), on_xeon);
  const double epyc = compare(machines::epyc_guest(), on_epyc);
  return argc <= 2 || (xeon >= std::atof(argv[1]) && epyc >= std::atof(argv[2])) ? 0 : 1;
}
