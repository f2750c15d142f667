// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backend on oneTBB, for programs that use it anyway: one pool of threads serves both. Needs oneTBB 2021 or later.
#pragma once

#include "../backend.hpp"
#include "../detail/backend/optional_backends.hpp"
#include "../detail/backend/tbb_runtime.hpp"
#include "../detail/base/cpu_count.hpp"
#include "../detail/team/learned_time.hpp"
#include "../detail/team/nesting.hpp"
#include "../detail/team/range_stealing.hpp"

namespace parloop::inline v0_2 {

/// How to set up a oneTBB backend.
struct tbb_options {
  int threads = 0;  ///< width, the caller included; 0: as many as this process may use CPUs. At most what oneTBB has
  idle_policy idle = idle::adaptive();  ///< `spin`: as oneTBB likes it; else leave at once, from oneTBB 2023 on
};

/// Runs loops as tasks of the calling thread's arena. Who waits for a loop runs nothing but that loop's tasks. Loops
/// nested in a chunk, and those of forked children, run in their caller. `details` says what idle threads do.
class tbb final : public backend {
 public:
  /// Throws `std::invalid_argument` when the number of threads is negative or above 4096.
  [[gnu::cold]] explicit tbb(tbb_options options = {})
      : width_(detail::smaller(detail::checked_width(options.threads, detail::cpu_count().usable),
                               ::tbb::this_task_arena::max_concurrency())),
        threads_(options.idle) {
    detail::tbb_home.note();
  }

  [[nodiscard]] std::string_view name() const noexcept override { return "tbb"; }
  [[nodiscard]] int width() const noexcept override { return width_; }

  [[nodiscard]] help_offered help() const noexcept override {
    if (detail::inside::of(&detail::tbb_home) || detail::tbb_home.left()) return {never};
    // oneTBB does not say whether a thread is awake, so what the last loops saw is expected.
    return {cost_of_asking + detail::to_nanoseconds(delay_.expected(detail::now())) / 2};
  }

  void run(const loop& work) override {
    const int wanted = detail::smaller(work.width, width_);
    if (wanted == 1 || detail::inside::of(&detail::tbb_home) || detail::tbb_home.left()) return work.chunk(0, work.n);
    const detail::ticks start = detail::now();
    detail::range_stealing dealing(work, wanted, detail::to_nanoseconds(delay_.expected(start)));
    const auto take_part = [&dealing, start, this](int number) noexcept {
      if (number == 1) delay_.note(start, detail::now());
      const detail::inside mark(&detail::tbb_home);
      detail::range_stealing::participant(dealing, number).drain();
    };
    detail::run_as_tbb_tasks(dealing.participants(), take_part);
  }

  [[nodiscard, gnu::cold]] short_text details() const override {
    return threads_.details() + "; help came after: " + detail::to_text(delay_.last()).chars;
  }

 private:
  static constexpr std::chrono::nanoseconds cost_of_asking = std::chrono::microseconds(5);
  static constexpr std::chrono::nanoseconds usual_delay = std::chrono::microseconds(100);
  detail::learned_time delay_{usual_delay};
  int width_;
  detail::tbb_threads<::tbb::global_control> threads_;
};

[[gnu::cold]] backend* detail::make_tbb(backend_options o) { return new tbb({o.threads, o.idle}); }

}  // namespace parloop::inline v0_2
