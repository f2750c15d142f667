// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// CPU time used so far, by the system's own clocks: `std::clock` is the time of day under Windows. For cpu_time.hpp
/// and detail/doctor/examination.hpp.
#pragma once

#include "durations.hpp"

#if defined(_WIN32) && !defined(PARLOOP_PORTABLE)
#include <cstdint>

#include "windows.hpp"
#elif (defined(__unix__) || defined(__APPLE__)) && !defined(PARLOOP_PORTABLE)
#include <time.h>
#else
#include <ctime>
#endif

namespace parloop::inline v0_2::detail {

#if defined(_WIN32) && !defined(PARLOOP_PORTABLE)

/// `ask` is GetProcessTimes or GetThreadTimes, whose times are in units of 100 ns, as two halves.
template <class Ask>
[[nodiscard]] std::chrono::nanoseconds kernel_and_user_time(Ask ask, void* whose) noexcept {
  std::uint32_t times[4][2] = {};  // made, ended, kernel, user
  const auto at = [&](int i) { return reinterpret_cast<_FILETIME*>(times[i]); };
  if (ask(whose, at(0), at(1), at(2), at(3)) == 0) return {};
  const auto whole = [&](int i) { return static_cast<std::int64_t>(std::uint64_t{times[i][1]} << 32 | times[i][0]); };
  return std::chrono::nanoseconds(100 * (whole(2) + whole(3)));
}
[[nodiscard]] inline std::chrono::nanoseconds process_cpu_time() noexcept {
  return kernel_and_user_time(windows::GetProcessTimes, windows::GetCurrentProcess());
}
[[nodiscard]] inline std::chrono::nanoseconds thread_cpu_time() noexcept {
  return kernel_and_user_time(windows::GetThreadTimes, windows::GetCurrentThread());
}

#elif (defined(__unix__) || defined(__APPLE__)) && !defined(PARLOOP_PORTABLE)

[[nodiscard]] inline std::chrono::nanoseconds read_clock(clockid_t clock) noexcept {
  timespec t{};
  ::clock_gettime(clock, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}
/// Of all threads. System calls: 0.3 us each.
[[nodiscard]] inline std::chrono::nanoseconds process_cpu_time() noexcept {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
/// Of the calling thread.
[[nodiscard]] inline std::chrono::nanoseconds thread_cpu_time() noexcept { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

#else

[[nodiscard]] inline std::chrono::nanoseconds process_cpu_time() noexcept {
  return std::chrono::nanoseconds(static_cast<long long>(1e9 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC));
}
/// Time takes the place of the CPU time of one thread, which standard C++ does not know.
[[nodiscard]] inline std::chrono::nanoseconds thread_cpu_time() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch();
}

#endif

}  // namespace parloop::inline v0_2::detail
