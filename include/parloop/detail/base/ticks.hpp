// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The clock of the scheduler: the processor's time stamp counter where it can be trusted, else `steady_clock`. For all
/// of detail/ and the backends.
#pragma once

#include "../../index.hpp"
#include "atomic.hpp"
#include "durations.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__)) && !defined(PARLOOP_PORTABLE)
#include <cpuid.h>
#endif
#if defined(_MSC_VER)
#include <intrin.h>
#endif

namespace parloop::inline v0_2::detail {

/// A point in time or a duration in units of the scheduler's clock. Points of different threads may differ by the skew
/// between their CPUs' counters, so differences across threads are estimates: clamp them.
using ticks = std::int64_t;

namespace clock_source {

enum class source : int { unknown, counter, steady };

/// Constant once known. Relaxed: `rate` is published before it, by release, and read after it, by acquire.
inline constinit atomic<source> chosen{source::unknown};
/// Ticks per nanosecond.
inline constinit atomic<double> rate{1.0};

inline std::int64_t steady_nanoseconds() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__)) && !defined(PARLOOP_PORTABLE)
inline ticks counter() noexcept { return static_cast<ticks>(__builtin_ia32_rdtsc()); }

/// Whether the counter runs at one rate in every power state (Intel SDM vol. 3, "Invariant TSC").
inline bool counter_is_invariant() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(0x80000007U, &a, &b, &c, &d) != 0 && (d & (1U << 8)) != 0;
}
#elif defined(__aarch64__) && (defined(__GNUC__) || defined(__clang__)) && !defined(PARLOOP_PORTABLE)
/// The virtual counter, which systems let programs read. Not ordered with the instructions around it: off by some tens
/// of nanoseconds, which is less than its step on most processors.
inline ticks counter() noexcept {
  std::uint64_t count = 0;
  __asm__ __volatile__("mrs %0, cntvct_el0" : "=r"(count));
  return static_cast<ticks>(count);
}

/// By definition of the architecture (Arm ARM, "The Generic Timer"); coarse ones, of 24 or 25 MHz, are as good as
/// steady_clock, which reads the same counter.
inline bool counter_is_invariant() noexcept { return true; }
#else
inline ticks counter() noexcept { return 0; }
inline bool counter_is_invariant() noexcept { return false; }
#endif

/// Both clocks at one moment.
struct moment {
  ticks counted = 0;
  std::int64_t ns = 0;
  ticks uncertain = 0;  // between the two readings
};

/// The closest of several readings: this thread may be stopped between two.
[[gnu::cold]] inline moment read_both() noexcept {
  moment best;
  for (int i = 0; i < 5; ++i) {
    const ticks before = counter();
    const std::int64_t ns = steady_nanoseconds();
    const ticks passed = counter() - before;
    if (i == 0 || passed < best.uncertain) best = {before + passed / 2, ns, passed};
  }
  return best;
}

/// The counter's ticks per nanosecond, measured against `steady_clock` over 20 us: a reading is off by 0.1 us at most,
/// so the rate by 1 %. 0 when the counter cannot be trusted; some emulators trap it, then reading it takes long.
[[gnu::cold, gnu::noinline]] inline double measure_rate() noexcept {
  if (!counter_is_invariant()) return 0;
  const moment first = read_both();
  moment last = first;
  while (last.ns - first.ns < 20'000) last = read_both();
  const double measured = static_cast<double>(last.counted - first.counted) / static_cast<double>(last.ns - first.ns);
  constexpr double longest_reading = 1000;  // ns
  return measured > 0 && static_cast<double>(last.uncertain) < longest_reading * measured ? measured : 0;
}

/// Once per process. Threads that come here at the same time measure the same.
[[gnu::cold, gnu::noinline]] inline source choose() noexcept {
  const double measured = measure_rate();
  if (measured > 0) rate.store(measured, memory_order_relaxed);
  const source found = measured > 0 ? source::counter : source::steady;
  source expected = source::unknown;
  // Release: pairs with the acquire in source_in_use, so that who sees the choice sees the rate.
  return chosen.compare_exchange_strong(expected, found, memory_order_release, memory_order_relaxed) ? found : expected;
}

inline source source_in_use() noexcept {
  // Acquire: pairs with the release in choose.
  const source s = chosen.load(memory_order_acquire);
  return s == source::unknown ? choose() : s;
}

}  // namespace clock_source

/// The time now. Costs 10-25 ns where the counter serves, 40-50 ns elsewhere (measured on the 2-core machine class).
/// Not inlined, here and below: one copy is one cache line, and less for every user to compile.
[[gnu::noinline]] inline ticks now() noexcept {
  return clock_source::source_in_use() == clock_source::source::counter ? clock_source::counter()
                                                                        : clock_source::steady_nanoseconds();
}

[[gnu::noinline]] inline double ticks_per_nanosecond() noexcept {
  clock_source::source_in_use();
  return clock_source::rate.load(memory_order_relaxed);
}

[[gnu::noinline]] inline ticks to_ticks(std::chrono::nanoseconds duration) noexcept {
  const double converted = static_cast<double>(duration.count()) * ticks_per_nanosecond();
  return converted < 9e18 ? static_cast<ticks>(converted) : static_cast<ticks>(9e18);
}

[[gnu::noinline]] inline std::chrono::nanoseconds to_nanoseconds(ticks duration) noexcept {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(duration) / ticks_per_nanosecond()));
}

/// Tells the processor that this is a waiting loop. 20-70 ns on current x86.
inline void cpu_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(_MSC_VER) && (defined(_M_X64) || defined(_M_IX86))
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("isb");  // `yield` does nothing on most; isb lasts as long as pause
#elif defined(__riscv)
  __asm__ __volatile__(".insn i 0x0f, 0, x0, x0, 0x010");  // pause of Zihintpause, a hint that others ignore
#endif
}

}  // namespace parloop::inline v0_2::detail
