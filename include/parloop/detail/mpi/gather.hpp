// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Collects what ranks have, in the order of the ranks, on all of them or on one. For mpi/.
#pragma once

#include <limits>
#include <stdexcept>
#include <vector>

#include "loop_watch.hpp"

namespace parloop::inline v0_2::detail {

/// In the place of a rank: all of them.
inline constexpr int all_ranks = -1;

/// Bytes in one piece, as a type of MPI's, so that counts are of elements.
class element_type {
 public:
  explicit element_type(std::size_t bytes) {
    check_mpi("MPI_Type_contiguous", MPI_Type_contiguous(static_cast<int>(bytes), MPI_BYTE, &type_));
    check_mpi("MPI_Type_commit", MPI_Type_commit(&type_));
  }
  element_type(const element_type&) = delete;
  element_type& operator=(const element_type&) = delete;
  ~element_type() { MPI_Type_free(&type_); }
  [[nodiscard]] MPI_Datatype get() const noexcept { return type_; }

 private:
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
};

/// Collective: rank r's counts[r] elements of `bytes` each, one rank's after another's, to `to`, on rank `where` or on
/// all. Throws `std::length_error` when they are too many for MPI's counts.
inline void gather_bytes(loop_watch& watch, const rank_state& ranks, int where, const void* from,
                         const std::vector<index_t>& counts, void* to, std::size_t bytes) {
  std::vector<int> sizes, begins;
  index_t begin = 0;
  for (const index_t count : counts) {
    if (begin > (std::numeric_limits<int>::max)() - count) {
      throw std::length_error("parloop::mpi: more than 2^31 - 1 elements to gather");
    }
    sizes.push_back(static_cast<int>(count));
    begins.push_back(static_cast<int>(begin));
    begin += count;
  }
  const element_type type(bytes);
  const int own = sizes[static_cast<std::size_t>(ranks.rank)];
  MPI_Request request;
  if (where == all_ranks) {
    check_mpi("MPI_Iallgatherv", MPI_Iallgatherv(from, own, type.get(), to, sizes.data(), begins.data(), type.get(),
                                                 ranks.comm, &request));
  } else {
    check_mpi("MPI_Igatherv", MPI_Igatherv(from, own, type.get(), to, sizes.data(), begins.data(), type.get(), where,
                                           ranks.comm, &request));
  }
  watch.wait(request);
}

/// Collective: every rank's number, on all ranks.
[[nodiscard]] inline std::vector<index_t> gather_numbers(loop_watch& watch, const rank_state& ranks, index_t own) {
  std::vector<index_t> all(static_cast<std::size_t>(ranks.size));
  MPI_Request request;
  check_mpi("MPI_Iallgather", MPI_Iallgather(&own, 1, MPI_INT64_T, all.data(), 1, MPI_INT64_T, ranks.comm, &request));
  watch.wait(request);
  return all;
}

}  // namespace parloop::inline v0_2::detail
