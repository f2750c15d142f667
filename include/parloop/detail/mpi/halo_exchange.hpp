// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The rows around a rank's own, which other ranks have. For mpi/stencil.hpp.
#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include "../algorithm/stencil_access.hpp"
#include "chunk_plan.hpp"
#include "loop_watch.hpp"

namespace parloop::inline v0_2::detail {

enum class halo_ends { open, joined };  ///< joined: before the first row comes the last

/// Up to `radius` rows before this rank's own, and as many after them, whoever has them; fewer at open ends.
template <class T>
class halo_exchange {
 public:
  halo_exchange(const rank_state& ranks, index_t rows, index_t row_size, int radius, halo_ends ends)
      : ranks_(ranks), rows_(rows), row_size_(row_size), radius_(radius), ends_(ends) {
    own_ = share_of(rows, ranks.rank, ranks.size);
    for (int k = 0; k < 2 * radius; ++k) {
      const index_t row = wanted(ranks.rank, k);
      if (row < 0) continue;
      index_t& place = k < radius ? above_ : below_;
      received_.push_back({static_cast<int>(owner_of(rows, row, ranks.size)), k, row});
      ++place;
    }
    for (int other = 0; other < ranks.size; ++other) {
      for (int k = 0; other != ranks.rank && k < 2 * radius; ++k) {
        const index_t row = wanted(other, k);
        if (row >= own_.begin && row < own_.end) sent_.push_back({other, k, row});
      }
    }
    elements_.resize(received_.size() * static_cast<std::size_t>(row_size));
  }

  [[nodiscard]] index_t rows_above() const noexcept { return above_; }
  [[nodiscard]] index_t rows_below() const noexcept { return below_; }
  /// The rows above, in order, and then those below.
  [[nodiscard]] const T* above() const noexcept { return elements_.data(); }
  [[nodiscard]] const T* below() const noexcept { return elements_.data() + above_ * row_size_; }

  /// Begins the exchange; `own` is this rank's first element and stays as it is until `finish`.
  void start(const T* own) {
    const int bytes = static_cast<int>(row_size_ * static_cast<index_t>(sizeof(T)));
    T* to = elements_.data();
    for (const row_message& m : received_) {
      if (m.rank == ranks_.rank) {
        std::copy_n(own + (m.row - own_.begin) * row_size_, row_size_, to);
      } else {
        check_mpi("MPI_Irecv", MPI_Irecv(to, bytes, MPI_BYTE, m.rank, halo_tag + m.place, ranks_.comm,
                                         &requests_.emplace_back(MPI_REQUEST_NULL)));
      }
      to += row_size_;
    }
    for (const row_message& m : sent_) {
      check_mpi("MPI_Isend", MPI_Isend(own + (m.row - own_.begin) * row_size_, bytes, MPI_BYTE, m.rank,
                                       halo_tag + m.place, ranks_.comm, &requests_.emplace_back(MPI_REQUEST_NULL)));
    }
  }
  void finish(loop_watch& watch) {
    for (MPI_Request& request : requests_) watch.wait(request);
    requests_.clear();
  }

 private:
  struct row_message {
    int rank;
    int place;  // among the rows that its receiver wants
    index_t row;
  };

  /// The row that `rank` wants in its place k: before its own for k < radius, else after them; -1: there is none.
  [[nodiscard]] index_t wanted(int rank, int k) const noexcept {
    const stretch own = share_of(rows_, rank, ranks_.size);
    if (own.size() == 0) return -1;
    const index_t row = k < radius_ ? own.begin - radius_ + k : own.end + (k - radius_);
    if (row >= 0 && row < rows_) return row;
    return ends_ == halo_ends::joined ? modulo(row, rows_) : -1;
  }

  const rank_state& ranks_;
  const index_t rows_;
  const index_t row_size_;
  const int radius_;
  const halo_ends ends_;
  stretch own_;
  index_t above_ = 0;
  index_t below_ = 0;
  std::vector<row_message> received_;
  std::vector<row_message> sent_;
  std::vector<T> elements_;
  std::vector<MPI_Request> requests_;
};

}  // namespace parloop::inline v0_2::detail
