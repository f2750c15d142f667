// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the loops over one communicator share: the duplicate, and the window with the counters of dynamic chunks. For
/// mpi/communicator.hpp and the loops.
#pragma once

#include <memory>
#include <vector>

#include "../../mpi/error.hpp"
#include "../base/compare.hpp"

namespace parloop::inline v0_2::detail {

/// Words that every rank of a communicator can change at once, by one-sided atomic operations; all zero at first.
class shared_words {
 public:
  /// Collective: `count` words on every rank.
  shared_words(MPI_Comm comm, index_t count) : count_(count) {
    index_t* own = nullptr;
    check_mpi("MPI_Win_allocate",
              MPI_Win_allocate(static_cast<MPI_Aint>(count * static_cast<index_t>(sizeof(index_t))), sizeof(index_t),
                               MPI_INFO_NULL, comm, &own, &window_),
              " (for dynamic chunks; over TCP, Open MPI 4.1 needs mpirun --mca osc ^ucx)");
    check_mpi("MPI_Win_set_errhandler", MPI_Win_set_errhandler(window_, MPI_ERRORS_RETURN));
    check_mpi("MPI_Win_lock_all", MPI_Win_lock_all(MPI_MODE_NOCHECK, window_));
    for (index_t k = 0; k < count; ++k) own[k] = 0;
    check_mpi("MPI_Win_sync", MPI_Win_sync(window_));
    check_mpi("MPI_Barrier", MPI_Barrier(comm));
  }
  shared_words(const shared_words&) = delete;
  shared_words& operator=(const shared_words&) = delete;
  /// Collective.
  ~shared_words() {
    MPI_Win_unlock_all(window_);
    MPI_Win_free(&window_);
  }

  [[nodiscard]] index_t count() const noexcept { return count_; }
  [[nodiscard]] MPI_Win window() const noexcept { return window_; }

  /// Begins result = word, word += value. Both have to live until `finish`.
  void start_add(int rank, index_t word, const index_t& value, index_t& result) {
    check_mpi("MPI_Fetch_and_op",
              MPI_Fetch_and_op(&value, &result, MPI_INT64_T, rank, static_cast<MPI_Aint>(word), MPI_SUM, window_));
  }
  void finish(int rank) { check_mpi("MPI_Win_flush", MPI_Win_flush(rank, window_)); }

  index_t fetch_add(int rank, index_t word, index_t value) {
    index_t result = 0;
    start_add(rank, word, value, result);
    finish(rank);
    return result;
  }
  [[nodiscard]] index_t read(int rank, index_t word) { return fetch_add(rank, word, 0); }
  void write(int rank, index_t word, index_t value) {
    check_mpi("MPI_Accumulate", MPI_Accumulate(&value, 1, MPI_INT64_T, rank, static_cast<MPI_Aint>(word), 1,
                                               MPI_INT64_T, MPI_REPLACE, window_));
    finish(rank);
  }
  /// Writes zeros to `count` of this rank's own words. Atomically, as others may write their neighbours.
  void clear(int own_rank, index_t first, index_t count) {
    const std::vector<index_t> zeros(static_cast<std::size_t>(count));
    const int n = static_cast<int>(count);
    check_mpi("MPI_Accumulate", MPI_Accumulate(zeros.data(), n, MPI_INT64_T, own_rank, static_cast<MPI_Aint>(first), n,
                                               MPI_INT64_T, MPI_REPLACE, window_));
    finish(own_rank);
  }

 private:
  index_t count_;
  MPI_Win window_ = MPI_WIN_NULL;
};

// Tags, all below the 32,767 that every MPI has. Below these, two for each loop, in turn: see loop_watch.hpp.
inline constexpr int chain_tag = 32'000;  ///< for scan_chain.hpp
inline constexpr int halo_tag = 32'001;   ///< and above, for halo_exchange.hpp

/// Belongs to one `mpi::communicator`.
struct rank_state {
  MPI_Comm comm = MPI_COMM_NULL;
  int rank = 0;
  int size = 1;
  bool crowded = false;                 ///< more ranks than CPUs: who waits gives way
  unsigned loops = 0;                   ///< that have begun; the same on all ranks
  index_t dynamic_loops = 0;            ///< of these, with dynamic chunks
  std::unique_ptr<shared_words> words;  ///< made by the first of these
  index_t words_used[2] = {0, 0};       ///< of each half of the words, by the last loop that had it
};

}  // namespace parloop::inline v0_2::detail
