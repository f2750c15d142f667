// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Where ranks run, and how many threads each may use. For mpi/communicator.hpp.
#pragma once

#include <cstddef>
#include <vector>

#include "../base/cpu_count.hpp"
#include "rank_state.hpp"

namespace parloop::inline v0_2::detail {

struct rank_placement {
  int nodes = 1;
  int ranks_here = 1;  ///< on this rank's node
  int own_cpus = 1;    ///< in this rank's affinity mask
  int node_cpus = 1;   ///< that are switched on
  int threads = 1;     ///< this rank's fair share
};

/// The CPUs in the calling thread's affinity mask, a 1 for each; empty where the system does not tell.
[[nodiscard]] inline std::vector<int> affinity_mask() {
  std::vector<int> mask;
#if defined(__linux__)
  cpu_set_t sets[8];
  CPU_ZERO_S(sizeof sets, sets);
  if (::sched_getaffinity(0, sizeof sets, sets) == 0) {
    mask.resize(sizeof sets * 8);
    for (std::size_t cpu = 0; cpu < mask.size(); ++cpu) mask[cpu] = CPU_ISSET_S(cpu, sizeof sets, sets) ? 1 : 0;
  }
#endif
  return mask;
}

/// Collective. Each CPU is shared evenly by the ranks of the node that may use it: ranks that the launcher has bound to
/// CPUs of their own have these, others an equal part of all. A control group's quota is shared evenly.
[[nodiscard]] inline rank_placement place_rank(rank_state& ranks) {
  rank_placement place;
  MPI_Comm node = MPI_COMM_NULL;
  check_mpi("MPI_Comm_split_type",
            MPI_Comm_split_type(ranks.comm, MPI_COMM_TYPE_SHARED, ranks.rank, MPI_INFO_NULL, &node));
  int rank_here = 0;
  check_mpi("MPI_Comm_rank", MPI_Comm_rank(node, &rank_here));
  check_mpi("MPI_Comm_size", MPI_Comm_size(node, &place.ranks_here));
  const int first = rank_here == 0 ? 1 : 0;
  check_mpi("MPI_Allreduce", MPI_Allreduce(&first, &place.nodes, 1, MPI_INT, MPI_SUM, ranks.comm));

  const cpus here = cpu_count();
  place.own_cpus = place.node_cpus = here.affinity;
  double share = static_cast<double>(here.affinity) / place.ranks_here;
  if (const std::vector<int> mask = affinity_mask(); !mask.empty()) {
    std::vector<int> users(mask.size());
    check_mpi("MPI_Allreduce",
              MPI_Allreduce(mask.data(), users.data(), static_cast<int>(mask.size()), MPI_INT, MPI_SUM, node));
    share = 0;
    for (std::size_t cpu = 0; cpu < mask.size(); ++cpu) {
      if (mask[cpu] != 0) share += 1.0 / users[cpu];
    }
#if defined(__linux__)
    place.node_cpus = larger(static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)), 1);
#endif
  }
  check_mpi("MPI_Comm_free", MPI_Comm_free(&node));
  if (here.quota != 0) share = smaller(share, here.quota / place.ranks_here);
  ranks.crowded = share < 1 - 1e-6;
  place.threads = within(static_cast<int>(share + 1e-6), 1, most_threads);  // thirds may add up to a little less than 1
  return place;
}

}  // namespace parloop::inline v0_2::detail
