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
    {between::nothing, 0.512, {0.575, 0.553, 0.562}},
    {between::nothing, 1, {1.01, 1.01, 1.03}},
    {between::nothing, 2.04, {2.11, 2.1, 2.12}},
    {between::nothing, 4.98, {4.68, 3.36, 5.01}},
    {between::nothing, 10, {5.92, 5.82, 10.2}},
    {between::nothing, 20, {11.2, 11.1, 20.1}},
    {between::nothing, 50.5, {26.8, 26.9, 50.4}},
    {between::nothing, 101, {52.2, 52.2, 62.9}},
    {between::nothing, 201, {102, 102, 114}},
    {between::nothing, 500, {252, 252, 278}},
    {between::nothing, 1e3, {504, 505, 534}},
    {between::nothing, 2.01e3, {1.01e3, 1.01e3, 1.06e3}},
    {between::work, 0.531, {0.571, 0.57, 0.561}},
    {between::work, 1, {1.02, 1.02, 1.02}},
    {between::work, 2.03, {2.05, 2.18, 2.05}},
    {between::work, 4.95, {4.97, 3.36, 5}},
    {between::work, 9.99, {6.39, 6.43, 10}},
    {between::work, 19.8, {11.3, 11, 19.7}},
    {between::work, 49.2, {26.6, 25.9, 49.4}},
    {between::work, 100, {50.7, 50.9, 72.4}},
    {between::work, 198, {101, 101, 123}},
    {between::work, 496, {249, 249, 280}},
    {between::work, 987, {496, 497, 525}},
    {between::work, 2.01e3, {1.01e3, 1.01e3, 1.06e3}},
    {between::sleep, 0.571, {0.651, 0.601, 0.621}},
    {between::sleep, 1.01, {1.06, 1.13, 1.06}},
    {between::sleep, 3.36, {3.62, 4.43, 3.62}},
    {between::sleep, 5.24, {5.4, 4.1, 5.41}},
    {between::sleep, 10.2, {10.4, 10.1, 10.4}},
    {between::sleep, 20.2, {20.3, 12.2, 20.4}},
    {between::sleep, 49.7, {50.2, 27.2, 50.2}},
    {between::sleep, 102, {99.5, 52.8, 101}},
    {between::sleep, 201, {124, 103, 126}},
    {between::sleep, 494, {285, 249, 288}},
    {between::sleep, 981, {531, 496, 537}},
    {between::sleep, 2.01e3, {1.05e3, 1.01e3, 1.06e3}},
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
