// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a thread that runs chunks of a loop takes over from the loop's caller: its default backend, and how it rounds.
/// For detail/loop/loop_call.hpp.
#pragma once

#include <cstdint>

#if !((defined(__GNUC__) || defined(__clang__)) && (defined(__SSE2__) || defined(__aarch64__)))
#include <cfenv>
#endif

namespace parloop::inline v0_2 {

class backend;

namespace detail {

/// The innermost `scoped_backend` of this thread, or that of the caller whose chunk it runs; null: none.
inline thread_local constinit backend* scoped_default = nullptr;

/// How floating-point operations round, what becomes of denormal numbers, and which exceptions trap; not which
/// exceptions have been seen. On x86 the SSE unit's and the x87's, on AArch64 FPCR; elsewhere the direction of rounding
/// alone, which is what the C standard can tell.
class rounding {
 public:
  [[nodiscard]] static rounding here() noexcept {
    rounding r;
#if (defined(__GNUC__) || defined(__clang__)) && defined(__SSE2__)
    r.vector_ = __builtin_ia32_stmxcsr() & ~seen_exceptions;
    __asm__ __volatile__("fnstcw %0" : "=m"(r.x87_));
#elif (defined(__GNUC__) || defined(__clang__)) && defined(__aarch64__)
    __asm__ __volatile__("mrs %0, fpcr" : "=r"(r.control_));
#else
    r.direction_ = std::fegetround();
#endif
    return r;
  }

  void set() const noexcept {
#if (defined(__GNUC__) || defined(__clang__)) && defined(__SSE2__)
    __builtin_ia32_ldmxcsr(vector_ | (__builtin_ia32_stmxcsr() & seen_exceptions));
    __asm__ __volatile__("fldcw %0" : : "m"(x87_));
#elif (defined(__GNUC__) || defined(__clang__)) && defined(__aarch64__)
    __asm__ __volatile__("msr fpcr, %0" : : "r"(control_));
#else
    std::fesetround(direction_);
#endif
  }

  friend bool operator==(const rounding&, const rounding&) = default;

 private:
#if (defined(__GNUC__) || defined(__clang__)) && defined(__SSE2__)
  static constexpr unsigned seen_exceptions = 0x3f;  // MXCSR bits 0-5 (Intel SDM volume 1, 10.2.3)
  unsigned vector_ = 0;
  std::uint16_t x87_ = 0;
#elif (defined(__GNUC__) || defined(__clang__)) && defined(__aarch64__)
  std::uint64_t control_ = 0;
#else
  int direction_ = 0;
#endif
};

/// The calling thread's context, kept for others.
class caller_context {
 public:
  /// `by_default`: the default backend of those who adopt it.
  explicit caller_context(backend* by_default = scoped_default) noexcept
      : default_(by_default), rounding_(rounding::here()) {}

  /// Makes `caller` this thread's context for as long as the object lives; not on the caller's own thread.
  class adopted {
   public:
    explicit adopted(const caller_context& caller, bool is_own = false) noexcept : default_(scoped_default) {
      if (is_own) return;
      scoped_default = caller.default_;
      rounding_ = rounding::here();
      differs_ = rounding_ != caller.rounding_;
      if (differs_) caller.rounding_.set();
    }
    adopted(const adopted&) = delete;
    adopted& operator=(const adopted&) = delete;
    ~adopted() {
      scoped_default = default_;
      if (differs_) rounding_.set();
    }

   private:
    backend* default_;
    rounding rounding_;
    bool differs_ = false;
  };

 private:
  backend* default_;
  rounding rounding_;
};

}  // namespace detail
}  // namespace parloop::inline v0_2
