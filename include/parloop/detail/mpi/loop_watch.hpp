// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What ranks tell each other while a loop runs and at its end: to stop, how far they are, who threw what. For
/// detail/mpi/rank_control.hpp.
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"
#include "progress_messages.hpp"
#include "rank_state.hpp"

namespace parloop::inline v0_2::detail {

/// One loop over ranks. MPI is called by the thread alone that made it, the loop's caller.
///
/// Who wants the loop to stop sends an empty message to its neighbours in a binary tree of the ranks; who gets one
/// passes it on to all of its own, and each rank sends one at most to each. So when all have met at the end and know
/// that somebody stopped, each receives what it has not received yet from each neighbour, and no message is left over.
/// Tags change from loop to loop, as a neighbour may be in the next one already.
class loop_watch {
 public:
  /// `total` is the number of iterations, the same on all ranks where they run the same loop; `listener` listens on
  /// rank 0, and is null on all ranks or on none.
  loop_watch(rank_state& ranks, index_t total, const progress_listener* listener)
      : ranks_(ranks),
        total_(total),
        tag_(static_cast<int>(2 * (ranks.loops++ % 16'000))),
        spin_(ranks.crowded ? 0 : to_ticks(spin_time)) {
    if (listener != nullptr) progress_.emplace(ranks, total, tag_ + 1, *listener);
    if (ranks.rank > 0) neighbours_[count_++].rank = (ranks.rank - 1) / 2;
    for (int child = 2 * ranks.rank + 1; child <= 2 * ranks.rank + 2 && child < ranks.size; ++child) {
      neighbours_[count_++].rank = child;
    }
    last_look_ = now();
  }
  loop_watch(const loop_watch&) = delete;
  loop_watch& operator=(const loop_watch&) = delete;

  /// By any thread: all ranks are to stop. Relaxed here and below: a flag and a count, the loop's end orders the rest.
  void stop() noexcept { stopped_.store(true, memory_order_relaxed); }
  /// By any thread: so many iterations more have run here.
  void ran(index_t iterations) noexcept { done_.fetch_add(iterations, memory_order_relaxed); }
  /// By any thread: whether to go on. The caller looks for messages now and then.
  [[nodiscard]] bool proceed() noexcept {
    if (std::this_thread::get_id() == caller_) {
      const ticks time = now();
      if (time - last_look_ > look_interval_) {
        last_look_ = time;
        look();
      }
    }
    return !stopped_.load(memory_order_relaxed);
  }

  /// Waits for a request and looks for messages meanwhile; sleeps more and more, as MPI's own waiting burns a CPU.
  void wait(MPI_Request& request) {
    const ticks start = now();
    for (int done = 0;;) {
      check_mpi("MPI_Test", MPI_Test(&request, &done, MPI_STATUS_IGNORE));
      if (done != 0) return;
      look();
      const ticks waited = now() - start;
      if (waited < spin_) continue;
      if (waited < yield_) {
        std::this_thread::yield();
      } else {
        std::this_thread::sleep_for(smaller<std::chrono::nanoseconds>(to_nanoseconds(waited / 16), longest_sleep));
      }
    }
  }

  /// Collective, once. Returns how many iterations of all ranks ran, and rethrows: `own`, what this rank threw, or else
  /// a `remote_exception` where another did.
  index_t agree(std::exception_ptr own) {
    agreed_ = true;
    if (own != nullptr) stop();
    look();
    if (own == nullptr) own = thrown_by_listener_;
    enum { iterations, stops, throwers, messages, kinds, count };
    const index_t mine[count] = {done_.load(memory_order_relaxed), stopped_.load(memory_order_relaxed), own != nullptr,
                                 progress_ ? progress_->messages_sent() : 0, total_};
    index_t all[count];
    MPI_Request request;
    check_mpi("MPI_Iallreduce", MPI_Iallreduce(mine, all, count, MPI_INT64_T, MPI_SUM, ranks_.comm, &request));
    wait(request);
    if (all[stops] > 0) drain_stops();
    if (progress_) progress_->drain(all[messages]);
    // Each rank knows its own summand only, so that a loop that differs may be found on some ranks alone.
    if (static_cast<std::uint64_t>(all[kinds]) !=
        static_cast<std::uint64_t>(total_) * static_cast<std::uint64_t>(ranks_.size)) {
      throw std::logic_error("parloop::mpi: the ranks run different loops: ranges differ in size, or calls in order");
    }
    if (all[throwers] > 0) rethrow(own);
    if (progress_ && all[stops] == 0) progress_->last_word(all[iterations]);
    stopped_everywhere_ = all[stops] > 0;
    return all[iterations];
  }
  [[nodiscard]] bool agreed() const noexcept { return agreed_; }
  /// After `agree`: whether some rank stopped the loop.
  [[nodiscard]] bool was_stopped() const noexcept { return stopped_everywhere_; }

 private:
  struct neighbour {
    int rank = 0;
    bool heard = false;
    MPI_Request told = MPI_REQUEST_NULL;
  };

  /// A look costs some 0.2 us, and lets MPI serve other ranks.
  static constexpr std::chrono::nanoseconds time_between_looks = std::chrono::microseconds(100);
  /// MPI passes what is on the way in some microseconds; who waits for a rank's work waits longer.
  static constexpr std::chrono::nanoseconds spin_time = std::chrono::microseconds(50);
  static constexpr std::chrono::nanoseconds yield_time = std::chrono::milliseconds(1);
  static constexpr std::chrono::nanoseconds longest_sleep = std::chrono::microseconds(200);

  void look() noexcept {
    try {
      for (int there = 1; there != 0;) {
        MPI_Status status;
        check_mpi("MPI_Iprobe", MPI_Iprobe(MPI_ANY_SOURCE, tag_, ranks_.comm, &there, &status));
        if (there != 0) hear(status.MPI_SOURCE);
      }
      if (stopped_.load(memory_order_relaxed)) tell();
      if (progress_) progress_->look(done_.load(memory_order_relaxed), !agreed_);
    } catch (...) {
      if (thrown_by_listener_ == nullptr) thrown_by_listener_ = std::current_exception();
      stop();
    }
  }

  void hear(int rank) {
    check_mpi("MPI_Recv", MPI_Recv(nullptr, 0, MPI_BYTE, rank, tag_, ranks_.comm, MPI_STATUS_IGNORE));
    for (neighbour& n : neighbours_) n.heard = n.heard || n.rank == rank;
    stop();
  }
  void tell() {
    if (told_) return;
    told_ = true;
    for (int k = 0; k < count_; ++k) {
      check_mpi("MPI_Isend",
                MPI_Isend(nullptr, 0, MPI_BYTE, neighbours_[k].rank, tag_, ranks_.comm, &neighbours_[k].told));
    }
  }
  void drain_stops() {
    stop();
    tell();
    for (int k = 0; k < count_; ++k) {
      if (!neighbours_[k].heard) hear(neighbours_[k].rank);
      check_mpi("MPI_Wait", MPI_Wait(&neighbours_[k].told, MPI_STATUS_IGNORE));
    }
  }

  [[noreturn]] void rethrow(const std::exception_ptr& own) {
    int mine = own != nullptr ? ranks_.rank : ranks_.size;
    int first = 0;
    check_mpi("MPI_Allreduce", MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, ranks_.comm));
    std::string text = mine == first ? text_of(own) : std::string();
    int length = static_cast<int>(text.size());
    check_mpi("MPI_Bcast", MPI_Bcast(&length, 1, MPI_INT, first, ranks_.comm));
    text.resize(static_cast<std::size_t>(length));
    check_mpi("MPI_Bcast", MPI_Bcast(text.data(), length, MPI_CHAR, first, ranks_.comm));
    if (own != nullptr) std::rethrow_exception(own);
    throw mpi::remote_exception(first, text);
  }
  static std::string text_of(const std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return e.what();
    } catch (...) {
      return "an exception that is no std::exception";
    }
  }

  rank_state& ranks_;
  const index_t total_;
  const int tag_;
  const std::thread::id caller_ = std::this_thread::get_id();
  const ticks look_interval_ = to_ticks(time_between_looks);
  const ticks spin_;
  const ticks yield_ = to_ticks(yield_time);
  ticks last_look_ = 0;
  neighbour neighbours_[3];
  int count_ = 0;
  bool told_ = false;
  bool agreed_ = false;
  bool stopped_everywhere_ = false;
  std::exception_ptr thrown_by_listener_;
  std::optional<progress_messages> progress_;
  alignas(64) atomic<bool> stopped_{false};
  alignas(64) atomic<index_t> done_{0};
};

}  // namespace parloop::inline v0_2::detail
