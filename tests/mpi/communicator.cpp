// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <stdexcept>

#include "ranks.hpp"

TEST_CASE("a communicator is a duplicate, and says what it runs on") {
  const mpi::communicator ranks;
  int relation = 0;
  MPI_Comm_compare(ranks.handle(), MPI_COMM_WORLD, &relation);
  CHECK(relation == MPI_CONGRUENT);
  int size = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  CHECK(ranks.size() == size);
  CHECK(ranks.nodes() >= 1);
  CHECK(ranks.nodes() * ranks.ranks_on_node() >= size / 2);
  if (ranks.nodes() == 1) CHECK(ranks.ranks_on_node() == size);
  CHECK(ranks.threads() >= 1);
  const std::string text = mpi::describe(ranks);
  CHECK(text.find("of " + std::to_string(size) + " on " + std::to_string(ranks.nodes()) + " node") !=
        std::string::npos);
  CHECK(text.find(std::to_string(ranks.ranks_on_node()) + " on this one") != std::string::npos);
  CHECK(text.find("MPI_THREAD_") != std::string::npos);
  CHECK(text.find("backend: thread_pool, " + std::to_string(ranks.threads())) != std::string::npos);
}

TEST_CASE("ranks that are not bound share the CPUs") {
  const mpi::communicator ranks;
  const pl::detail::rank_placement& place = pl::detail::placement_of(ranks);
  CHECK(ranks.threads() == std::max(1, place.own_cpus / ranks.ranks_on_node()));
}

TEST_CASE("loops may run over a part of the ranks, and on the backend that the program chose") {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm half = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, rank % 2, rank, &half);
  {
    pl::thread_pool pool({.threads = 3});
    const pl::scoped_backend use(pool);
    const mpi::communicator ranks(half);
    CHECK(&ranks.local_backend() == &pool);
    CHECK(mpi::parallel_sum(ranks, pl::prange(1000), [](pl::index_t i) { return i; }) == 499'500);
  }
  MPI_Comm_free(&half);
}

TEST_CASE("messages of the user's do not meet the loops'") {
  at_both_widths([](const mpi::communicator& ranks) {
    // To oneself, with the tags that loops use: nobody else receives them.
    std::vector<MPI_Request> sent(20);
    for (int tag = 0; tag < 20; ++tag) {
      MPI_Isend(&tag, 0, MPI_INT, ranks.rank(), tag, MPI_COMM_WORLD, &sent[static_cast<std::size_t>(tag)]);
    }
    for (int k = 0; k < 10; ++k)
      mpi::parallel_for(
          ranks, pl::prange(100), [](pl::index_t) {}, mpi::dynamic());
    for (int tag = 0; tag < 20; ++tag) {
      MPI_Recv(nullptr, 0, MPI_INT, ranks.rank(), tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      MPI_Wait(&sent[static_cast<std::size_t>(tag)], MPI_STATUS_IGNORE);
    }
  });
}

TEST_CASE("an error of MPI names the call") {
  std::string text;
  int code = 0;
  try {
    pl::detail::check_mpi("MPI_Comm_dup", MPI_ERR_COMM);
  } catch (const mpi::error& e) {
    text = e.what();
    code = e.code();
    CHECK(std::string(e.call()) == "MPI_Comm_dup");
  }
  CHECK(text.find("parloop::mpi: MPI_Comm_dup: ") == 0);
  CHECK(text.size() > 30);
  CHECK(code == MPI_ERR_COMM);
}

TEST_CASE("chunks follow from their number, get smaller, and cover the loop") {
  for (const pl::index_t n : {1, 2, 10, 999, 100'000}) {
    for (const pl::index_t takers : {1, 2, 7, 64}) {
      for (const pl::index_t least : {1, 3, 50}) {
        const pl::detail::chunk_plan plan(n, takers, std::min(least, n));
        pl::index_t at = 0, last = n;
        bool right = true;
        for (pl::index_t q = 0; q < plan.count(); ++q) {
          right = right && plan(q).begin == at && plan(q).size() > 0 && plan(q).size() <= last;
          at = plan(q).end;
          last = plan(q).size();
        }
        CHECK(right);
        CHECK(at == n);
        CHECK(plan(plan.count()).size() == 0);
        CHECK(plan.count() <= 64 * takers);
      }
    }
  }
}
