// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backend on the compiler's OpenMP runtime, for programs that use OpenMP anyway. Needs the flag -fopenmp.
#pragma once

#include "../backend.hpp"
#include "../detail/backend/one_at_a_time.hpp"
#include "../detail/backend/openmp_runtime.hpp"
#include "../detail/backend/optional_backends.hpp"
#include "../detail/base/cpu_count.hpp"
#include "../detail/team/range_stealing.hpp"

namespace parloop::inline v0_2 {

/// How to set up an OpenMP backend.
struct openmp_options {
  int threads = 0;                      ///< width, the caller included; 0: as many as this process may use CPUs
  idle_policy idle = idle::adaptive();  ///< what the runtime's threads do between loops, as far as it can be told
};

/// Runs loops in parallel regions, each of all its threads. OpenMP has a team for every calling thread, so one caller
/// at a time gets help. Loops inside any parallel region run in their caller; with libgomp, so do those of forked
/// children, and the threads end with `release` only.
class openmp final : public backend {
  using state = detail::openmp_team::state;

 public:
  /// Throws `std::invalid_argument` when the number of threads is negative or above 4096.
  [[gnu::cold]] explicit openmp(openmp_options options = {})
      : idle_(options.idle),
        width_(detail::smaller(detail::checked_width(options.threads, detail::cpu_count().usable),
                               omp_get_thread_limit())),
        sleeping_size_(detail::size_that_sleeps(idle_, width_, omp_get_num_procs())) {
    detail::openmp_home.note();
  }

  [[nodiscard]] std::string_view name() const noexcept override { return "openmp"; }
  [[nodiscard]] int width() const noexcept override { return width_; }

  [[nodiscard]] help_offered help() const noexcept override {
    if (detail::openmp_is_alone()) return {never};
    return {detail::openmp_team_here.price(width_), detail::openmp_team_here.is_hot(), idle_.stays_awake()};
  }
  [[nodiscard]] team_rules teams() const noexcept override { return {detail::most_threads, idle_}; }

  void run(const loop& work) override {
    const int wanted = detail::smaller(work.width, width_);
    if (wanted == 1 || detail::openmp_is_alone() || !callers_.enter()) return work.chunk(0, work.n);
    detail::openmp_team& team = detail::openmp_team_here;
    const auto afterwards = team.afterwards(idle_, work.next);
    detail::range_stealing dealing(work, wanted, team.price(width_) / 2);
    const int size = afterwards == state::hot || sleeping_size_ == 0 ? width_ : sleeping_size_;
    bool complete = false;
    {
      const detail::openmp_settings settings(afterwards, idle_);
#pragma omp parallel num_threads(size)
      {
        const int number = omp_get_thread_num();
        if (number == 0) complete = omp_get_num_threads() == size;
        if (number < dealing.participants()) detail::range_stealing::participant(dealing, number).drain();
      }
    }
    team.note_end(afterwards, complete ? sleeping_size_ : 0);
    callers_.leave();
  }

  [[nodiscard]] short_text details() const override { return detail::describe_openmp(idle_, sleeping_size_); }

 private:
  static constinit inline detail::one_at_a_time callers_{};
  idle_policy idle_;
  int width_;
  int sleeping_size_;
};

[[gnu::cold]] backend* detail::make_openmp(backend_options o) { return new openmp({o.threads, o.idle}); }

}  // namespace parloop::inline v0_2
