// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The loop doctor: marks loops, measures them, and says in plain words whether they pay. Optional.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "backend/doctor.hpp"
#include "default_backend.hpp"
#include "detail/doctor/doctor_report.hpp"
#include "options.hpp"

namespace parloop::inline v0_2 {

/// Whether marked loops are measured. By default the environment says: PARLOOP_DOCTOR=1 measures, and prints the report
/// to stderr when the program exits.
enum class doctor_state : int { ask_environment, off, on };

namespace detail {

/// Relaxed wherever it is used: a loop that misses the change is measured, or not, as before it.
inline constinit atomic<doctor_state> doctor_in_use{doctor_state::ask_environment};

[[gnu::cold, gnu::noinline]] inline bool ask_environment_for_doctor() noexcept {
  const char* const value = environment_variable("PARLOOP_DOCTOR");
  const std::string_view text = value != nullptr ? value : "0";
  const bool wanted = text == "1";
  doctor_state expected = doctor_state::ask_environment;
  if (!doctor_in_use.compare_exchange_strong(expected, wanted ? doctor_state::on : doctor_state::off,
                                             memory_order_relaxed, memory_order_relaxed)) {
    return expected == doctor_state::on;
  }
  if (!wanted && text != "0") complain_about("PARLOOP_DOCTOR", value, "0 or 1");
  if (wanted) std::atexit([] { print_doctor_report(stderr); });
  return wanted;
}

[[nodiscard]] inline bool doctor_is_on() noexcept {
  const doctor_state state = doctor_in_use.load(memory_order_relaxed);
  if (state == doctor_state::ask_environment) return ask_environment_for_doctor();
  return state == doctor_state::on;
}

/// A doctor for the backend that loops of this thread use when they name none; one per backend, never deleted.
struct doctor_of {
  backend* inner;
  doctor watching;
  doctor_of* next;
};
inline constinit atomic<doctor_of*> all_doctors{nullptr};

[[nodiscard]] inline backend* watched(backend* b) noexcept {
  // Acquire: pairs with the release below.
  doctor_of* head = all_doctors.load(memory_order_acquire);
  for (doctor_of* d = head; d != nullptr; d = d->next) {
    if (d->inner == b || &d->watching == b) return &d->watching;
  }
  auto* made = new (std::nothrow) doctor_of{b, doctor(*b), head};
  if (made == nullptr) return b;
  while (!all_doctors.compare_exchange_weak(made->next, made, memory_order_release, memory_order_relaxed)) {
  }
  return &made->watching;
}

/// From the start of a marked loop to its end.
class examination_scope {
 public:
  examination_scope() = default;
  examination_scope(const examination_scope&) = delete;
  examination_scope& operator=(const examination_scope&) = delete;
  ~examination_scope() {
    if (call_.site != nullptr) [[unlikely]]
      end();
  }

  /// What only the verb knows: its iterations, and how many of them its loops count as one.
  void tell_size(index_t n, index_t unit) const noexcept {
    call_.figures.iterations = n;
    unit_ = unit;
  }

 protected:
  [[gnu::noinline]] void begin(index_t n, const char* file, int line, std::string_view name, double bytes) noexcept {
    backend* used = default_or_null();
    call_.site = record_of(file, line, name, bytes);
    if (call_.site == nullptr || used == nullptr) {
      call_.site = nullptr;
      return;
    }
    call_.figures.iterations = n;
    call_.threads = used->width();
    outer_ = std::exchange(examined_here, &call_);
    outer_default_ = std::exchange(scoped_default, watched(used));
    call_.start = now();
    cpu_watch_here.loop_starts(call_.start);
  }

 private:
  [[gnu::noinline]] void end() noexcept {
    const ticks time = now();
    call_.figures.cpu = cpu_watch_here.loop_ends(time, call_.site);
    call_.figures.wall = larger<ticks>(time - call_.start, 1);
    call_.figures.shared_of_it *= unit_;
    call_.figures.longest_iterations *= static_cast<double>(unit_);
    examined_here = outer_;
    scoped_default = outer_default_;
    call_.site->add(call_.figures, call_.start, call_.threads);
  }

  mutable examination call_;
  mutable index_t unit_ = 1;
  examination* outer_ = nullptr;
  backend* outer_default_ = nullptr;
};

}  // namespace detail

/// What the doctor cannot see by itself. Both may be left out.
struct loop_notes {
  std::string_view name{};  ///< in the report, beside file and line
  double bytes = 0;         ///< that an iteration reads and writes; without it memory-bound loops are hard to tell
};

/// A range whose loop the doctor measures, `parallel_for(examined(prange(n)), body)`, or options whose verb it does:
/// `fill(examined(options()), x, 0.0)`. To be written in the call of the loop, because the measuring ends with this
/// object. Costs a look at one variable while the doctor is off, 0.1 us while it is on (measured). Loops on a backend
/// of their own are timed only, unless it is wrapped: `doctor watched(pool)`.
template <detail::setting Loop>
class examined : public Loop, public detail::examination_scope {
 public:
  /// Looks at `loop`, and `notes` is what to know about it. `file` and `line` are left out: they name the caller.
  // The built-ins are what std::source_location is made of; clang++ 14 has no more.
  [[nodiscard]] explicit examined(const Loop& loop, loop_notes notes = {}, const char* file = __builtin_FILE(),
                                  int line = __builtin_LINE())
      : Loop(loop) {
    if (detail::doctor_is_on()) [[unlikely]] {
      index_t n = 0;
      if constexpr (loop_range<Loop>) n = loop.size();
      this->begin(n, file, line, notes.name, notes.bytes);
    }
  }
};

/// Switches the measuring of marked loops on or off, for the whole program; overrides the environment.
inline void set_doctor(doctor_state state) noexcept {
  detail::doctor_in_use.store(state, detail::memory_order_relaxed);
}

/// A table of the marked loops that have run since the doctor was switched on, with advice. Loops may be running.
/// Takes some 50 ms where a loop's bytes are known, to measure what the machine can stream.
[[nodiscard]] inline std::string doctor_report() { return detail::doctor_report(); }

}  // namespace parloop::inline v0_2
