// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The computers that the promises are held on. Where a profile is of a machine that was measured, its source says when
/// and how; the others are assumptions, with what they rest on.
#pragma once

#include <vector>

#include "profile.hpp"

namespace machines {

/// Both guests that the library was measured on; the first is that of bench/results/xeon_2_cpus.md.
inline profile xeon_guest() {
  profile p;
  p.name = "Xeon guest, 2 CPUs";
  p.source =
      "measured: line round trip 0.33 us; wake-up 6, 13, 30, 55 us after 20 us, 200 us, 2 ms, 20 ms; where it slept";
  p.operation = 2;
  p.exchange = 10;
  p.pause = 40;
  p.clock_read = 25;
  p.line_node = p.line_far = 72;  // four of them and two pauses, half of which are waited for: 0.33 us
  p.wake = {{20'000, 1'500, 6'000}, {200'000, 2'500, 13'000}, {2'000'000, 4'000, 30'000}, {20'000'000, 5'000, 55'000}};
  p.where = placement::where_it_slept;
  p.thread_start = 12'000;
  return p;
}

inline profile epyc_guest() {
  profile p;
  p.name = "EPYC guest, 2 CPUs";
  p.source =
      "measured on AMD family 26 model 2 under KVM, the middle of three runs of test_machines_probe (2026-11-28): line "
      "round trip 52-63 ns; wake-up 16, 19, 25, 75, 75 us after 20 us ... 100 ms, of which the waker's call takes 7-9; "
      "0, 0 and 7 % put on the waker's CPU";
  p.operation = 2;
  p.exchange = 5;
  p.pause = 24;
  p.clock_read = 9;
  p.line_node = p.line_far = 7;  // four of them and a pause that is waited for: 52 ns
  p.system_call = 122;
  p.thread_start = 5'700;
  p.where = placement::where_it_slept;
  p.wake = {{20'000, 6'700, 16'400},
            {200'000, 6'900, 19'500},
            {2'000'000, 7'300, 24'500},
            {20'000'000, 8'800, 75'300},
            {100'000'000, 8'900, 75'100}};
  p.wake_affine = 0.02;
  return p;
}

inline profile misplacing_guest() {
  profile p = epyc_guest();
  p.name = "EPYC guest, 2 CPUs, misplaced wake-ups";
  p.source = "as the EPYC guest; half of the woken are put on their waker's CPU, as was measured on other days";
  p.wake_affine = 0.5;
  return p;
}

inline profile desktop() {
  profile p;
  p.name = "desktop, 8 cores";
  p.source = "assumed: line to the next core 60 ns there; wake-up 4 us warm, 60 us out of deep sleep states";
  p.cores_per_node = 8;
  p.line_node = p.line_far = 30;
  p.wake = {{50'000, 1'200, 4'000}, {1'000'000, 1'500, 12'000}, {20'000'000, 1'500, 60'000}};
  return p;
}

inline profile hybrid() {
  profile p = desktop();
  p.name = "hybrid, 6 + 8 cores";
  p.source = "assumed: as the desktop, eight cores of 0.55 of the speed";
  p.cores_per_node = 14;
  p.slow_cores = 8;
  return p;
}

inline profile server() {
  profile p;
  p.name = "server, 64 cores";
  p.source = "assumed: line 130 ns to any core of the node, which is 120-150 ns where measured; wake-up as the desktop";
  p.cores_per_node = 64;
  p.line_node = p.line_far = 65;
  p.wake = {{50'000, 1'500, 5'000}, {1'000'000, 2'000, 15'000}, {20'000'000, 2'000, 70'000}};
  return p;
}

inline profile two_sockets() {
  profile p = server();
  p.name = "two sockets of 64 cores";
  p.source = "assumed: as the server, 320 ns between the nodes, which is 250-400 ns where measured";
  p.nodes = 2;
  p.line_far = 160;
  return p;
}

inline profile many_threads() {
  profile p = two_sockets();
  p.name = "256 hardware threads";
  p.source = "assumed: as the two sockets, two hardware threads a core, each 0.62 of the core's speed when both run";
  p.smt = 2;
  return p;
}

inline profile busy_host() {
  profile p = xeon_guest();
  p.name = "busy host, 4 CPUs, 20 % stolen";
  p.source = "assumed: the Xeon guest with 4 CPUs, each taken away for 1-3 ms at a time, a fifth of the time in all";
  p.cores_per_node = 4;
  p.steal_share = 0.2;
  return p;
}

inline profile windows_like() {
  profile p = desktop();
  p.name = "Windows-like, 8 cores";
  p.source =
      "assumed: the desktop; timed waits end at multiples of 15.625 ms, the clock counts 100 ns, threads do not "
      "know their CPU; wake-up 8 us warm";
  p.timer_resolution = 15'625'000;
  p.timer_slack = 0;
  p.clock_resolution = 100;
  p.tells_cpu = false;
  p.wake = {{50'000, 2'000, 8'000}, {1'000'000, 2'000, 20'000}, {20'000'000, 2'000, 60'000}};
  return p;
}

inline std::vector<profile> all_profiles() {
  return {xeon_guest(), epyc_guest(),  misplacing_guest(), desktop(),   hybrid(),
          server(),     two_sockets(), many_threads(),     busy_host(), windows_like()};
}

}  // namespace machines
