// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What loops over ranks run on, for people.
#pragma once

#include <algorithm>
#include <string>

#include "../describe.hpp"
#include "communicator.hpp"

namespace parloop::inline v0_2::mpi {

/// Several lines of text: ranks, nodes, threads and why so many, MPI's library and thread level, and what
/// `parloop::describe` says of the backend, all of this rank. Not collective.
[[nodiscard]] inline std::string describe(const communicator& ranks) {
  const detail::rank_placement& place = detail::placement_of(ranks);
  char library[MPI_MAX_LIBRARY_VERSION_STRING + 1] = "";
  int length = 0;
  detail::check_mpi("MPI_Get_library_version", MPI_Get_library_version(library, &length));
  std::string version(library, static_cast<std::size_t>(length));
  version.erase(std::min(version.find_first_of("\n,"), version.size()));
  for (char& c : version) c = c == '\t' ? ' ' : c;
  int level = MPI_THREAD_SINGLE;
  detail::check_mpi("MPI_Query_thread", MPI_Query_thread(&level));
  const char* const name = level == MPI_THREAD_SINGLE       ? "MPI_THREAD_SINGLE"
                           : level == MPI_THREAD_FUNNELED   ? "MPI_THREAD_FUNNELED"
                           : level == MPI_THREAD_SERIALIZED ? "MPI_THREAD_SERIALIZED"
                                                            : "MPI_THREAD_MULTIPLE";
  std::string text = "MPI: rank " + std::to_string(ranks.rank()) + " of " + std::to_string(ranks.size()) + " on " +
                     std::to_string(ranks.nodes()) + (ranks.nodes() == 1 ? " node, " : " nodes, ") +
                     std::to_string(ranks.ranks_on_node()) + " on this one; " + version + ", " + name + "\n";
  text += "threads of this rank: " + std::to_string(ranks.threads()) +
          " (its fair share: " + std::to_string(place.threads) + "; affinity mask: " + std::to_string(place.own_cpus) +
          " of " + std::to_string(place.node_cpus) + " CPUs)\n";
  return text + parloop::describe(ranks.local_backend());
}

}  // namespace parloop::inline v0_2::mpi
