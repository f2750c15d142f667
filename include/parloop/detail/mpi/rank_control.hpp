// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The control of a loop over ranks: in each rank it takes the place of detail/algorithm/control.hpp's, and makes the
/// reductions of detail/algorithm/partials.hpp fold this rank's blocks alone and exchange the results. For mpi/.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "../../algorithm/controlled.hpp"
#include "../../mpi/communicator.hpp"
#include "../algorithm/control.hpp"
#include "../algorithm/partials.hpp"
#include "chunk_plan.hpp"
#include "loop_watch.hpp"

namespace parloop::inline v0_2::detail {

template <int N, stride Stride>
[[nodiscard]] auto as_controlled(const range<N, Stride>& r) {
  return controlled_range<range<N, Stride>, no_stop, no_progress>(r, {}, {});
}
template <class Range, class Stop, class Progress>
[[nodiscard]] const auto& as_controlled(const controlled_range<Range, Stop, Progress>& r) {
  return r;
}

/// The object that listens to one loop's progress, on rank 0.
template <class Progress>
class rank_listener {
 public:
  rank_listener(const Progress& progress, index_t total, bool here) : total_(total), progress_(progress) {
    if constexpr (reports) {
      told_ = {[](void* self, index_t done) { static_cast<rank_listener*>(self)->tell(done); }, this,
               std::chrono::duration_cast<std::chrono::nanoseconds>(progress.interval)};
      if constexpr (!std::is_reference_v<heard>) {
        if (here) display_.emplace(maker{progress, total});
      }
    }
  }
  rank_listener(const rank_listener&) = delete;
  rank_listener& operator=(const rank_listener&) = delete;
  ~rank_listener() {
    if constexpr (reports && !std::is_reference_v<heard>) {
      if (display_) display_->ended(last_);
    }
  }
  [[nodiscard]] const progress_listener* get() const noexcept { return reports ? &told_ : nullptr; }

 private:
  static constexpr bool reports = !std::is_same_v<Progress, no_progress>;
  using heard = decltype(detail::listener(std::declval<const Progress&>(), index_t()));
  struct maker {
    const Progress& progress;
    index_t total;
    operator heard() const { return detail::listener(progress, total); }
  };
  struct nothing {};

  void tell(index_t done) {
    last_ = done;
    if constexpr (reports && std::is_reference_v<heard>) progress_.callback(done, total_);
    if constexpr (reports && !std::is_reference_v<heard>) (*display_)(done, total_);
  }

  const index_t total_;
  const Progress& progress_;
  index_t last_ = 0;
  progress_listener told_;
  std::optional<std::conditional_t<std::is_reference_v<heard>, nothing, std::remove_cvref_t<heard>>> display_;
};

template <class Stop, class Progress>
class rank_control {
 public:
  template <class Range>
  rank_control(const mpi::communicator& ranks, const controlled_range<Range, Stop, Progress>& range)
      : ranks_(state_of(ranks)),
        stop_(range.stop_token()),
        listener_(range.reports(), range.size(), ranks.rank() == 0),
        watch_(ranks_, range.size(), listener_.get()),
        total_(range.size()) {}

  [[nodiscard]] loop_watch& watch() noexcept { return watch_; }
  [[nodiscard]] bool proceed() noexcept {
    if (stop_.stop_requested()) watch_.stop();
    return watch_.proceed();
  }

  /// Lets a loop within the rank ask whether to go on.
  struct token {
    rank_control* control;
    [[nodiscard]] bool stop_requested() const noexcept { return !control->proceed(); }
  };

  /// Runs run(begin, end) for the positions [0, count), by this rank's threads.
  template <class Run>
  void run(backend& b, loop_options options, index_t count, const Run& run) {
    const auto positions = prange(count).grain(options.grain).threads(options.threads).stop(token{this});
    const loop_result result = parallel_for_chunks(b, positions, [&](index_t begin, index_t end) {
      run(begin, end);
      watch_.ran(end - begin);
    });
    static_cast<void>(result);
  }

  // What reduce_blocks asks of a control.
  template <class Run>
  void one_block(index_t begin, index_t end, const Run& run) {
    if (!proceed()) return;
    run(begin, end);
    watch_.ran(end - begin);
  }
  [[nodiscard]] stretch share(const blocks& cut, index_t n) const noexcept {
    const stretch own = share_of(cut.count, ranks_.rank, ranks_.size);
    return {smaller(own.begin * cut.size, n), own.end == cut.count ? n : own.end * cut.size};
  }
  template <class T>
  void exchange(partials<T>& results, const blocks& cut) {
    static_assert(std::is_trivially_copyable_v<T>,
                  "parloop::mpi: the results of a reduction travel as bytes, so their type must be trivially copyable");
    ran_ = watch_.agree(nullptr);
    if (watch_.was_stopped()) return;
    std::vector<int> counts, begins;
    for (int rank = 0; rank < ranks_.size; ++rank) {
      const stretch own = share_of(cut.count, rank, ranks_.size);
      counts.push_back(static_cast<int>(own.size() * static_cast<index_t>(sizeof(T))));
      begins.push_back(static_cast<int>(own.begin * static_cast<index_t>(sizeof(T))));
    }
    MPI_Request request;
    check_mpi("MPI_Iallgatherv", MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, &results[0], counts.data(),
                                                 begins.data(), MPI_BYTE, ranks_.comm, &request));
    watch_.wait(request);
  }

  /// Runs `run` and meets the other ranks at its end: what any of them threw is thrown. Nothing is returned where `run`
  /// returns nothing, else an optional that is empty when the loop was stopped.
  template <class Run>
  auto together(const Run& run) {
    using result = decltype(run());
    std::exception_ptr own;
    if constexpr (std::is_void_v<result>) {
      try {
        run();
      } catch (...) {
        own = std::current_exception();
      }
      meet(own);
    } else {
      std::optional<result> value;
      try {
        value.emplace(run());
      } catch (...) {
        own = std::current_exception();
      }
      meet(own);
      if (watch_.was_stopped()) value.reset();
      return value;
    }
  }
  /// Of all ranks, after `together`.
  [[nodiscard]] loop_result result() const noexcept { return {ran_, total_}; }

 private:
  void meet(const std::exception_ptr& own) {
    if (!watch_.agreed()) {
      ran_ = watch_.agree(own);
    } else if (own != nullptr) {
      std::rethrow_exception(own);
    }
  }

  rank_state& ranks_;
  const Stop& stop_;
  rank_listener<Progress> listener_;
  loop_watch watch_;
  const index_t total_;
  index_t ran_ = 0;
};

template <class Range, class Stop, class Progress>
rank_control(const mpi::communicator&, const controlled_range<Range, Stop, Progress>&) -> rank_control<Stop, Progress>;

/// The result of a reduction: in an optional where the loop can be stopped.
template <class Stop, class T>
auto answer_of(std::optional<T>&& value) {
  if constexpr (std::is_same_v<Stop, no_stop>) {
    return *std::move(value);
  } else {
    return std::move(value);
  }
}

}  // namespace parloop::inline v0_2::detail
