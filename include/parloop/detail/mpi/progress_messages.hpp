// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How rank 0 learns how far the others are. For detail/mpi/loop_watch.hpp, from whose thread alone it is used.
#pragma once

#include <chrono>
#include <vector>

#include "../base/ticks.hpp"
#include "rank_state.hpp"

namespace parloop::inline v0_2::detail {

/// Whom rank 0 tells how many iterations of all ranks have run, and how often at most.
struct progress_listener {
  void (*call)(void* object, index_t done) = nullptr;
  void* object = nullptr;
  std::chrono::nanoseconds interval{0};
};

/// Each rank sends its count to rank 0 now and then, one message at a time; all of them are received before the loop
/// ends, as its agreement tells how many there were.
class progress_messages {
 public:
  progress_messages(const rank_state& ranks, index_t total, int tag, const progress_listener& listener)
      : ranks_(ranks),
        total_(total),
        tag_(tag),
        listener_(listener),
        interval_(to_ticks(listener.interval)),
        last_(now()),
        others_(static_cast<std::size_t>(ranks.rank == 0 ? ranks.size : 0)) {}
  progress_messages(const progress_messages&) = delete;
  progress_messages& operator=(const progress_messages&) = delete;

  /// `done` is this rank's count, which may be sent when `may_send`.
  void look(index_t done, bool may_send) {
    if (ranks_.rank == 0) {
      receive_and_tell(done);
    } else if (may_send && done != told_ && now() - last_ >= interval_ && has_left()) {
      told_ = done;
      last_ = now();
      ++sent_;
      check_mpi("MPI_Isend", MPI_Isend(&told_, 1, MPI_INT64_T, 0, tag_, ranks_.comm, &report_));
    }
  }
  [[nodiscard]] index_t messages_sent() const noexcept { return sent_; }
  /// `messages` were sent by all ranks.
  void drain(index_t messages) {
    while (ranks_.rank == 0 && received_ < messages) receive(MPI_ANY_SOURCE);
    check_mpi("MPI_Wait", MPI_Wait(&report_, MPI_STATUS_IGNORE));
  }
  void last_word(index_t done) {
    if (ranks_.rank == 0) listener_.call(listener_.object, done);
  }

 private:
  void receive_and_tell(index_t done) {
    for (int there = 1; there != 0;) {
      MPI_Status status;
      check_mpi("MPI_Iprobe", MPI_Iprobe(MPI_ANY_SOURCE, tag_, ranks_.comm, &there, &status));
      if (there != 0) receive(status.MPI_SOURCE);
    }
    for (const index_t other : others_) done += other;
    if (done <= told_ || done == total_ || now() - last_ < interval_) return;  // the last word comes at the end
    told_ = done;
    last_ = now();
    listener_.call(listener_.object, done);
  }
  void receive(int rank) {
    MPI_Status status;
    index_t done = 0;
    check_mpi("MPI_Recv", MPI_Recv(&done, 1, MPI_INT64_T, rank, tag_, ranks_.comm, &status));
    others_[static_cast<std::size_t>(status.MPI_SOURCE)] = done;
    ++received_;
  }
  [[nodiscard]] bool has_left() {
    int left = 0;
    check_mpi("MPI_Test", MPI_Test(&report_, &left, MPI_STATUS_IGNORE));
    return left != 0;
  }

  const rank_state& ranks_;
  const index_t total_;
  const int tag_;
  const progress_listener listener_;
  const ticks interval_;
  ticks last_;
  index_t told_ = 0;
  MPI_Request report_ = MPI_REQUEST_NULL;
  index_t sent_ = 0;
  index_t received_ = 0;
  std::vector<index_t> others_;  // counts, on rank 0
};

}  // namespace parloop::inline v0_2::detail
