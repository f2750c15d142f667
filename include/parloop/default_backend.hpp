// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backend that loops use when they name none: by scope, by program, by environment, or a pool over all usable
/// CPUs.
#pragma once

#include <new>

#include "backend.hpp"
#include "detail/backend/named_backends.hpp"
#include "detail/base/atomic.hpp"
#include "detail/base/caller_context.hpp"
#include "detail/base/environment.hpp"
#include "detail/base/throw.hpp"

namespace parloop::inline v0_2 {

namespace detail {

inline constinit atomic<backend*> program_default{nullptr};
inline constinit atomic<backend*> library_default{nullptr};

[[gnu::cold]] inline void complain_about_environment() noexcept {
  if (const char* name = environment_variable("PARLOOP_BACKEND"); name != nullptr) {
    const named_backend* known = find_backend(name);
    if (known == nullptr) {
      complain_about("PARLOOP_BACKEND", name, backend_names);
    } else if (known->maker() == nullptr) {
      warn("PARLOOP_BACKEND='%s' is ignored; no file of this program includes parloop/backend/%s.hpp", name, name);
    }
  }
  if (const char* threads = environment_variable("PARLOOP_NUM_THREADS");
      threads != nullptr && !parse_threads(threads)) {
    complain_about("PARLOOP_NUM_THREADS", threads, "a number from 1 to 4096");
  }
  if (const char* policy = environment_variable("PARLOOP_IDLE");
      policy != nullptr && parse_idle(policy).time.count() < 0) {
    complain_about("PARLOOP_IDLE", policy, "spin, adaptive, park, release, adaptive:TIME or release:TIME, as in 50us");
  }
}

/// The backend that PARLOOP_BACKEND, PARLOOP_NUM_THREADS and PARLOOP_IDLE ask for, but with so many threads if not 0.
/// Throws `std::bad_alloc`, and `std::invalid_argument` when they are negative or above 4096.
[[nodiscard, gnu::cold, gnu::noinline]] inline backend* make_as_environment_says(int threads) {
  const char* const name = environment_variable("PARLOOP_BACKEND");
  const char* const number = environment_variable("PARLOOP_NUM_THREADS");
  const char* const policy = environment_variable("PARLOOP_IDLE");
  backend_options options;
  if (number != nullptr) options.threads = parse_threads(number);
  if (threads != 0) options.threads = threads;
  if (policy != nullptr) {
    if (const idle_policy asked = parse_idle(policy); asked.time.count() >= 0) options.idle = asked;
  }
  const named_backend* const chosen = name != nullptr ? find_backend(name) : nullptr;
  return chosen != nullptr && chosen->maker() != nullptr ? chosen->maker()(options) : own_choice()(options);
}

/// The library's own choice. Never deleted, so that loops in static destructors work. Null when there is no memory.
[[gnu::cold, gnu::noinline]] inline backend* make_library_default() noexcept {
  // The threads are in range, so nothing but a lack of memory is thrown.
  backend* const made = call_or([] { return make_as_environment_says(0); }, []() -> backend* { return nullptr; });
  if (made == nullptr) return nullptr;
  backend* expected = nullptr;
  // Release: pairs with the acquire in default_backend. Who loses the race to be first uses the winner's.
  if (library_default.compare_exchange_strong(expected, made, memory_order_acq_rel, memory_order_acquire)) {
    complain_about_environment();
    return made;
  }
  delete made;
  return expected;
}

/// As `default_backend`, but null when there is no memory for one.
[[nodiscard]] inline backend* default_or_null() noexcept {
  if (scoped_default != nullptr) return scoped_default;
  // Acquire: pairs with the release in set_default_backend and in make_library_default.
  if (backend* b = program_default.load(memory_order_acquire); b != nullptr) return b;
  if (backend* b = library_default.load(memory_order_acquire); b != nullptr) return b;
  return make_library_default();
}

/// The same, but null also when the library's own choice has not been made yet: what callers know a loop's backend by.
[[nodiscard]] inline backend* default_if_made() noexcept {
  if (scoped_default != nullptr) return scoped_default;
  if (backend* b = program_default.load(memory_order_acquire); b != nullptr) return b;  // pairs as above
  return library_default.load(memory_order_acquire);                                    // likewise
}

}  // namespace detail

/// The backend of loops that name none. The innermost `scoped_backend` of this thread; else the program's, by
/// `set_default_backend`; else the library's, which the environment can choose: a `thread_pool` over all usable CPUs.
/// Throws `std::bad_alloc` when there is no memory for that one; loops then run in their caller instead.
[[nodiscard]] inline backend& default_backend() {
  backend* b = detail::default_or_null();
  if (b == nullptr) detail::throw_error(std::bad_alloc());
  return *b;
}

/// Makes `b` the default of the whole program. It has to outlive every loop that names no backend.
inline void set_default_backend(backend& b) noexcept {
  detail::program_default.store(&b, detail::memory_order_release);
}

/// Makes the library's own choice the default again.
inline void reset_default_backend() noexcept { detail::program_default.store(nullptr, detail::memory_order_release); }

/// Makes a backend the default of the current thread for as long as this object lives. It has to outlive that.
class scoped_backend {
 public:
  /// Loops of this thread that name no backend run on `b` from now on.
  explicit scoped_backend(backend& b) noexcept : outer_(detail::scoped_default) { detail::scoped_default = &b; }
  scoped_backend(const scoped_backend&) = delete;
  scoped_backend& operator=(const scoped_backend&) = delete;
  ~scoped_backend() { detail::scoped_default = outer_; }

 private:
  backend* outer_;
};

}  // namespace parloop::inline v0_2
