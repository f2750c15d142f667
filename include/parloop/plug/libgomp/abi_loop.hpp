// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The libgomp ABI: loops, of all schedules, and sections. For plug/libgomp.hpp. The same functions are there for long
/// and, with ull in their names, for unsigned long long, so macros write them.
#pragma once

#include <cstdarg>

#include "abi.hpp"
#include "loop.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// Comes to a loop and takes the first chunk; false: there is none.
template <class Number>
bool start_loop(const loop_bounds& b, unsigned kind, std::uint64_t size, Number* begin, Number* end, bool ordered,
                std::uintptr_t* reductions = nullptr, void** memory = nullptr) {
  thread_state& me = here();
  come_to_construct(
      me, [&](work_share& s) { set_loop(me, s, b, kind, size); }, reductions, memory);
  return begin == nullptr || next_chunk(me, begin, end, ordered);
}

/// The same with which a region begins.
[[nodiscard]] inline auto beginning_with(const loop_bounds& b, unsigned kind, std::uint64_t size) {
  return [=](parallel& p) { p.begin_at([&](work_share& s) { set_loop(here(), s, b, kind, size); }); };
}

[[nodiscard]] inline bool end_loop_cancel() {
  thread_state& me = here();
  return barrier(me, true);
}

inline constexpr auto fixed = static_cast<unsigned>(schedule::fixed);
inline constexpr auto dynamic = static_cast<unsigned>(schedule::dynamic);
inline constexpr auto guided = static_cast<unsigned>(schedule::guided);
inline constexpr auto runtime = static_cast<unsigned>(schedule::runtime);

[[nodiscard]] inline loop_bounds sections(unsigned count) noexcept {
  return loop_bounds::of_unsigned(true, 1, std::uint64_t{count} + 1, 1);
}
/// The next section's number, from 1 on; 0: there is none.
[[nodiscard]] inline unsigned next_section() noexcept {
  unsigned long long begin = 0;
  unsigned long long end = 0;
  return next_chunk(here(), &begin, &end) ? static_cast<unsigned>(begin) : 0;
}

#define PARLOOP_GOMP_ARGUMENTS_signed long start, long end, long step
#define PARLOOP_GOMP_BOUNDS_signed loop_bounds::of_signed(start, end, step)
#define PARLOOP_GOMP_ARGUMENTS_unsigned \
  bool up, unsigned long long start, unsigned long long end, unsigned long long step
#define PARLOOP_GOMP_BOUNDS_unsigned loop_bounds::of_unsigned(up, start, end, step)

// NAME_start and NAME_next of loops that say their chunk size, and of those that leave it to OMP_SCHEDULE.
#define PARLOOP_GOMP_NEXT(name, number, ordered)                            \
  PARLOOP_GOMP_ABI bool name##_next(number* first, number* last) noexcept { \
    return next_chunk(here(), first, last, ordered);                        \
  }
#define PARLOOP_GOMP_LOOP(name, number, sign, kind, ordered)                                     \
  PARLOOP_GOMP_ABI bool name##_start(PARLOOP_GOMP_ARGUMENTS_##sign, number size, number* first,  \
                                     number* last) noexcept {                                    \
    return start_loop(PARLOOP_GOMP_BOUNDS_##sign, kind, chunk_size(size), first, last, ordered); \
  }                                                                                              \
  PARLOOP_GOMP_NEXT(name, number, ordered)
#define PARLOOP_GOMP_RUNTIME_LOOP(name, number, sign, ordered)                                              \
  PARLOOP_GOMP_ABI bool name##_start(PARLOOP_GOMP_ARGUMENTS_##sign, number* first, number* last) noexcept { \
    return start_loop(PARLOOP_GOMP_BOUNDS_##sign, runtime, 0, first, last, ordered);                        \
  }                                                                                                         \
  PARLOOP_GOMP_NEXT(name, number, ordered)

// All of a kind of number.
#define PARLOOP_GOMP_LOOPS(prefix, number, sign)                                                                     \
  PARLOOP_GOMP_LOOP(prefix##_static, number, sign, fixed, false)                                                     \
  PARLOOP_GOMP_LOOP(prefix##_dynamic, number, sign, dynamic, false)                                                  \
  PARLOOP_GOMP_LOOP(prefix##_guided, number, sign, guided, false)                                                    \
  PARLOOP_GOMP_LOOP(prefix##_nonmonotonic_dynamic, number, sign, dynamic, false)                                     \
  PARLOOP_GOMP_LOOP(prefix##_nonmonotonic_guided, number, sign, guided, false)                                       \
  PARLOOP_GOMP_RUNTIME_LOOP(prefix##_runtime, number, sign, false)                                                   \
  PARLOOP_GOMP_RUNTIME_LOOP(prefix##_nonmonotonic_runtime, number, sign, false)                                      \
  PARLOOP_GOMP_RUNTIME_LOOP(prefix##_maybe_nonmonotonic_runtime, number, sign, false)                                \
  PARLOOP_GOMP_LOOP(prefix##_ordered_static, number, sign, fixed, true)                                              \
  PARLOOP_GOMP_LOOP(prefix##_ordered_dynamic, number, sign, dynamic, true)                                           \
  PARLOOP_GOMP_LOOP(prefix##_ordered_guided, number, sign, guided, true)                                             \
  PARLOOP_GOMP_RUNTIME_LOOP(prefix##_ordered_runtime, number, sign, true)                                            \
  PARLOOP_GOMP_ABI bool prefix##_start(PARLOOP_GOMP_ARGUMENTS_##sign, long kind, number size, number* first,         \
                                       number* last, std::uintptr_t* reductions, void** memory) noexcept {           \
    return start_loop(PARLOOP_GOMP_BOUNDS_##sign, static_cast<unsigned>(kind), chunk_size(size), first, last, false, \
                      reductions, memory);                                                                           \
  }                                                                                                                  \
  PARLOOP_GOMP_ABI bool prefix##_ordered_start(PARLOOP_GOMP_ARGUMENTS_##sign, long kind, number size, number* first, \
                                               number* last, std::uintptr_t* reductions, void** memory) noexcept {   \
    return start_loop(PARLOOP_GOMP_BOUNDS_##sign, static_cast<unsigned>(kind), chunk_size(size), first, last, true,  \
                      reductions, memory);                                                                           \
  }

// Loops whose iterations wait for others: the iterations of the outermost of `count` dimensions are shared.
#define PARLOOP_GOMP_DOACROSS_KIND(name, number, kind)                                                           \
  PARLOOP_GOMP_ABI bool name(unsigned count, number* sizes, number size, number* first, number* last) noexcept { \
    return start_doacross(here(), count, sizes, kind, chunk_size(size), first, last, nullptr, nullptr);          \
  }
#define PARLOOP_GOMP_DOACROSS(prefix, number)                                                                         \
  PARLOOP_GOMP_DOACROSS_KIND(prefix##_doacross_static_start, number, fixed)                                           \
  PARLOOP_GOMP_DOACROSS_KIND(prefix##_doacross_dynamic_start, number, dynamic)                                        \
  PARLOOP_GOMP_DOACROSS_KIND(prefix##_doacross_guided_start, number, guided)                                          \
  PARLOOP_GOMP_ABI bool prefix##_doacross_runtime_start(unsigned count, number* sizes, number* first,                 \
                                                        number* last) noexcept {                                      \
    return start_doacross(here(), count, sizes, runtime, 0, first, last, nullptr, nullptr);                           \
  }                                                                                                                   \
  PARLOOP_GOMP_ABI bool prefix##_doacross_start(unsigned count, number* sizes, long kind, number size, number* first, \
                                                number* last, std::uintptr_t* reductions, void** memory) noexcept {   \
    return start_doacross(here(), count, sizes, static_cast<unsigned>(kind), chunk_size(size), first, last,           \
                          reductions, memory);                                                                        \
  }

// Regions that are one loop.
#define PARLOOP_GOMP_PARALLEL_LOOP(name, kind)                                                                   \
  PARLOOP_GOMP_ABI void GOMP_parallel_loop_##name(void (*f)(void*), void* data, unsigned threads,                \
                                                  PARLOOP_GOMP_ARGUMENTS_signed, long size, unsigned) noexcept { \
    run_parallel(f, data, threads, beginning_with(PARLOOP_GOMP_BOUNDS_signed, kind, chunk_size(size)));          \
  }
#define PARLOOP_GOMP_PARALLEL_RUNTIME_LOOP(name)                                                      \
  PARLOOP_GOMP_ABI void GOMP_parallel_loop_##name(void (*f)(void*), void* data, unsigned threads,     \
                                                  PARLOOP_GOMP_ARGUMENTS_signed, unsigned) noexcept { \
    run_parallel(f, data, threads, beginning_with(PARLOOP_GOMP_BOUNDS_signed, runtime, 0));           \
  }
#define PARLOOP_GOMP_OPEN_LOOP(name, kind)                                                                     \
  PARLOOP_GOMP_ABI void GOMP_parallel_loop_##name##_start(void (*f)(void*), void* data, unsigned threads,      \
                                                          PARLOOP_GOMP_ARGUMENTS_signed, long size) noexcept { \
    open_parallel(f, data, threads, beginning_with(PARLOOP_GOMP_BOUNDS_signed, kind, chunk_size(size)));       \
  }

extern "C" {

PARLOOP_GOMP_LOOPS(GOMP_loop, long, signed)
PARLOOP_GOMP_LOOPS(GOMP_loop_ull, unsigned long long, unsigned)
PARLOOP_GOMP_DOACROSS(GOMP_loop, long)
PARLOOP_GOMP_DOACROSS(GOMP_loop_ull, unsigned long long)

PARLOOP_GOMP_PARALLEL_LOOP(static, fixed)
PARLOOP_GOMP_PARALLEL_LOOP(dynamic, dynamic)
PARLOOP_GOMP_PARALLEL_LOOP(guided, guided)
PARLOOP_GOMP_PARALLEL_LOOP(nonmonotonic_dynamic, dynamic)
PARLOOP_GOMP_PARALLEL_LOOP(nonmonotonic_guided, guided)
PARLOOP_GOMP_PARALLEL_RUNTIME_LOOP(runtime)
PARLOOP_GOMP_PARALLEL_RUNTIME_LOOP(nonmonotonic_runtime)
PARLOOP_GOMP_PARALLEL_RUNTIME_LOOP(maybe_nonmonotonic_runtime)
PARLOOP_GOMP_OPEN_LOOP(static, fixed)
PARLOOP_GOMP_OPEN_LOOP(dynamic, dynamic)
PARLOOP_GOMP_OPEN_LOOP(guided, guided)
PARLOOP_GOMP_ABI void GOMP_parallel_loop_runtime_start(void (*f)(void*), void* data, unsigned threads,
                                                       PARLOOP_GOMP_ARGUMENTS_signed) noexcept {
  open_parallel(f, data, threads, beginning_with(PARLOOP_GOMP_BOUNDS_signed, runtime, 0));
}

PARLOOP_GOMP_ABI void GOMP_loop_end() noexcept { barrier(here(), false); }
PARLOOP_GOMP_ABI void GOMP_loop_end_nowait() noexcept {}
PARLOOP_GOMP_ABI bool GOMP_loop_end_cancel() noexcept { return end_loop_cancel(); }

PARLOOP_GOMP_ABI void GOMP_doacross_post(long* at) noexcept { post(here(), at); }
PARLOOP_GOMP_ABI void GOMP_doacross_ull_post(unsigned long long* at) noexcept { post(here(), at); }
PARLOOP_GOMP_ABI void GOMP_doacross_wait(long first, ...) noexcept {
  thread_state& me = here();
  std::va_list others;
  va_start(others, first);
  const std::uint64_t place = place_after(*me.share, [&](unsigned i) { return i == 0 ? first : va_arg(others, long); });
  va_end(others);
  wait_for_post(me, static_cast<std::uint64_t>(first), place);
}
PARLOOP_GOMP_ABI void GOMP_doacross_ull_wait(unsigned long long first, ...) noexcept {
  thread_state& me = here();
  std::va_list others;
  va_start(others, first);
  const std::uint64_t place =
      place_after(*me.share, [&](unsigned i) { return i == 0 ? first : va_arg(others, unsigned long long); });
  va_end(others);
  wait_for_post(me, static_cast<std::uint64_t>(first), place);
}

PARLOOP_GOMP_ABI unsigned GOMP_sections_start(unsigned count) noexcept {
  unsigned long long first = 0;
  unsigned long long last = 0;
  return start_loop(sections(count), dynamic, 1, &first, &last, false) ? static_cast<unsigned>(first) : 0;
}
PARLOOP_GOMP_ABI unsigned GOMP_sections2_start(unsigned count, std::uintptr_t* reductions, void** memory) noexcept {
  unsigned long long first = 0;
  unsigned long long last = 0;
  const bool any = start_loop(sections(count), dynamic, 1, &first, &last, false, reductions, memory);
  return any ? static_cast<unsigned>(first) : 0;
}
PARLOOP_GOMP_ABI unsigned GOMP_sections_next() noexcept { return next_section(); }
PARLOOP_GOMP_ABI void GOMP_parallel_sections(void (*f)(void*), void* data, unsigned threads, unsigned count,
                                             unsigned) noexcept {
  run_parallel(f, data, threads, beginning_with(sections(count), dynamic, 1));
}
PARLOOP_GOMP_ABI void GOMP_parallel_sections_start(void (*f)(void*), void* data, unsigned threads,
                                                   unsigned count) noexcept {
  open_parallel(f, data, threads, beginning_with(sections(count), dynamic, 1));
}
PARLOOP_GOMP_ABI void GOMP_sections_end() noexcept { GOMP_loop_end(); }
PARLOOP_GOMP_ABI void GOMP_sections_end_nowait() noexcept {}
PARLOOP_GOMP_ABI bool GOMP_sections_end_cancel() noexcept { return GOMP_loop_end_cancel(); }

}  // extern "C"

}  // namespace parloop::inline v0_2::detail::gomp
