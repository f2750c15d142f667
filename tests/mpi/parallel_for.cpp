// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <atomic>
#include <ctime>
#include <stdexcept>
#include <stop_token>

#include "ranks.hpp"

namespace {

/// Checks that the loop over `range` runs each index once, on one rank.
template <class Range, class Schedule>
void covers_once(const mpi::communicator& ranks, const Range& range, const Schedule& how) {
  std::vector<std::atomic<int>> visits(static_cast<std::size_t>(range.size()));
  const pl::axis a = range.along(0);
  if constexpr (Range::dimensions == 1) {
    mpi::parallel_for(
        ranks, range, [&](pl::index_t i) { ++visits[static_cast<std::size_t>((i - a.start) / a.step)]; }, how);
  } else {
    const pl::index_t nx = range.extent(1);
    mpi::parallel_for(
        ranks, range, [&](pl::index_t y, pl::index_t x) { ++visits[static_cast<std::size_t>(y * nx + x)]; }, how);
  }
  const std::vector<int> sums = over_all_ranks(ranks, {visits.begin(), visits.end()});
  CHECK(sums == std::vector<int>(sums.size(), 1));
}

template <class Schedule>
void covers_all_ranges_once(const Schedule& how) {
  at_both_widths([&](const mpi::communicator& ranks) {
    for (const int n : {0, 1, 2, 3, 6, 7, 8, 64, 1000}) covers_once(ranks, pl::prange(n), how);
    covers_once(ranks, pl::prange(10, -11, -3), how);
    covers_once(ranks, pl::prange(100, 0, -1), how);
    covers_once(ranks, pl::prange(1000).grain(7).threads(1), how);
    covers_once(ranks, pl::grid(3, 50), how);
    covers_once(ranks, pl::grid(50, 0), how);
  });
}

/// Takes a microsecond or so; loops over it are not optimised away.
void work(pl::index_t i) {
  volatile double x = static_cast<double>(i);
  for (int k = 0; k < 100; ++k) x = x * 0.5 + 1;
}
constexpr pl::index_t hours_of_work = 1'000'000'000'000;

}  // namespace

TEST_CASE("every index runs once, on one rank, with equal shares") { covers_all_ranges_once(mpi::equal_shares()); }
TEST_CASE("every index runs once, on one rank, in cyclic pieces") {
  covers_all_ranges_once(mpi::cyclic());
  covers_all_ranges_once(mpi::cyclic(16));
  CHECK_THROWS_AS(mpi::cyclic(0), std::invalid_argument);
}
TEST_CASE("every index runs once, on one rank, in dynamic chunks") {
  covers_all_ranges_once(mpi::dynamic());
  covers_all_ranges_once(mpi::dynamic{.group = 0});
}
TEST_CASE("every index runs once, on one rank, with a tree of counters") {
  covers_all_ranges_once(mpi::dynamic{.group = 1});
  covers_all_ranges_once(mpi::dynamic{.group = 2});
  covers_all_ranges_once(mpi::dynamic{.group = 3});
}

TEST_CASE("2^40 iterations are dealt in chunks") {
  at_both_widths([](const mpi::communicator& ranks) {
    const pl::index_t n = pl::index_t{1} << 40;
    const auto count = [&](const auto& how) {
      std::atomic<pl::index_t> ran{0};
      mpi::parallel_for_chunks(
          ranks, pl::prange(n).grain(n / 64), [&](pl::index_t begin, pl::index_t end) { ran += end - begin; }, how);
      pl::index_t all = ran;
      MPI_Request request;
      MPI_Iallreduce(MPI_IN_PLACE, &all, 1, MPI_INT64_T, MPI_SUM, ranks.handle(), &request);
      finish(request);
      CHECK(all == n);
    };
    count(mpi::equal_shares());
    count(mpi::cyclic(n / 100));
    count(mpi::dynamic());
    count(mpi::dynamic{.group = 2});
  });
}

TEST_CASE("local parts are whole rows that follow one another") {
  const mpi::communicator ranks;
  const auto range = pl::grid(pl::prange(20, 0, -2), pl::prange(3)).grain(5).threads(1);
  const auto own = mpi::local(range, ranks);
  CHECK(own.extent(1) == 3);
  CHECK(own.options().grain == 5);
  CHECK(own.options().threads == 1);
  std::vector<int> rows(11);
  for (pl::index_t y = 0; y < own.extent(0); ++y) ++rows[static_cast<std::size_t>(own.along(0)[y] / 2)];
  CHECK(over_all_ranks(ranks, rows) == std::vector<int>{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  CHECK(mpi::local(pl::prange(0), ranks).size() == 0);
}

TEST_CASE("an exception of one rank is thrown on all") {
  struct special : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  at_both_widths([](const mpi::communicator& ranks) {
    const auto throws_on = [&](int thrower, const auto& how) {
      bool as_itself = false;
      int from = -1;
      std::string text;
      try {
        mpi::parallel_for(
            ranks, pl::prange(1000),
            [&](pl::index_t) {
              if (ranks.rank() == thrower) throw special("no good");
            },
            how);
      } catch (const special& e) {
        as_itself = true;
        text = e.what();
      } catch (const mpi::remote_exception& e) {
        from = e.rank();
        text = e.what();
      }
      CHECK(as_itself == (ranks.rank() == thrower));
      if (!as_itself) CHECK(from == thrower);
      if (!as_itself) CHECK(text == "rank " + std::to_string(thrower) + ": no good");
      covers_once(ranks, pl::prange(10), how);  // nothing of it is left
    };
    for (int thrower = 0; thrower < ranks.size(); ++thrower) {
      throws_on(thrower, mpi::equal_shares());
      throws_on(thrower, mpi::cyclic());
    }
  });
}

TEST_CASE("when all ranks throw each has its own") {
  at_both_widths([](const mpi::communicator& ranks) {
    CHECK_THROWS_AS(mpi::parallel_for(ranks, pl::prange(100),
                                      [&](pl::index_t i) {
                                        if (i % 2 == 0) throw 42;
                                        throw 43;
                                      }),
                    int);
    if (ranks.size() > 1) {
      std::string text;
      try {
        mpi::parallel_for(ranks, pl::prange(ranks.size()), [](pl::index_t i) {
          if (i == 0) throw 42;
        });
      } catch (const mpi::remote_exception& e) {
        text = e.what();
      } catch (int) {
        text = "rank 0: an exception that is no std::exception";
      }
      CHECK(text == "rank 0: an exception that is no std::exception");
    }
  });
}

TEST_CASE("a stop token of one rank stops all") {
  at_both_widths([](const mpi::communicator& ranks) {
    for (int stopper = 0; stopper < ranks.size(); ++stopper) {
      std::stop_source source;
      const pl::loop_result result =
          mpi::parallel_for(ranks, pl::prange(hours_of_work).stop(source.get_token()), [&](pl::index_t i) {
            work(i);
            if (ranks.rank() == stopper) source.request_stop();
          });
      CHECK(!result.complete());
      CHECK(result.ran > 0);
      CHECK(same_on_all(ranks, result));
    }
    std::stop_source never;
    CHECK(mpi::parallel_for(ranks, pl::prange(1000).stop(never.get_token()), [](pl::index_t) {}).complete());
  });
}

TEST_CASE("rank 0 is told the progress of all ranks") {
  at_both_widths([](const mpi::communicator& ranks) {
    for (const bool dynamic : {false, true}) {
      std::vector<pl::index_t> told;
      const auto range = pl::prange(200'000).progress(
          [&](pl::index_t done, pl::index_t total) {
            CHECK(total == 200'000);
            told.push_back(done);
          },
          std::chrono::microseconds(1));
      const auto body = [](pl::index_t i) { work(i); };
      if (dynamic) mpi::parallel_for(ranks, range, body, mpi::dynamic());
      if (!dynamic) mpi::parallel_for(ranks, range, body);
      if (ranks.rank() == 0) {
        CHECK(!told.empty());
        CHECK(std::is_sorted(told.begin(), told.end()));
        CHECK(told.back() == 200'000);
        CHECK(std::count(told.begin(), told.end(), 200'000) == 1);
      } else {
        CHECK(told.empty());
      }
    }
  });
}

TEST_CASE("what a progress callback throws ends the loop on all ranks") {
  at_both_widths([](const mpi::communicator& ranks) {
    bool thrown = false;
    try {
      mpi::parallel_for(ranks,
                        pl::prange(hours_of_work)
                            .progress([](pl::index_t, pl::index_t) { throw std::runtime_error("seen enough"); },
                                      std::chrono::microseconds(1)),
                        [](pl::index_t i) { work(i); });
    } catch (const std::runtime_error& e) {
      thrown = std::string(e.what()).find("seen enough") != std::string::npos;
    }
    CHECK(thrown);
  });
}

TEST_CASE("an exception or a stop ends dynamic loops, whichever rank has the iteration") {
  at_both_widths([](const mpi::communicator& ranks) {
    for (const int group : {0, 2}) {
      const mpi::dynamic how{.group = group};
      std::vector<int> seen(2);
      try {
        mpi::parallel_for(
            ranks, pl::prange(1000),
            [](pl::index_t i) {
              if (i == 500) throw std::out_of_range("500");
            },
            how);
      } catch (const std::out_of_range&) {
        seen[0] = 1;
      } catch (const mpi::remote_exception&) {
        seen[1] = 1;
      }
      CHECK(over_all_ranks(ranks, seen) == std::vector<int>{1, ranks.size() - 1});
      std::stop_source source;
      const pl::loop_result result = mpi::parallel_for(
          ranks, pl::prange(hours_of_work).stop(source.get_token()),
          [&](pl::index_t i) {
            work(i);
            if (i == 0) source.request_stop();
          },
          how);
      CHECK(!result.complete());
      CHECK(same_on_all(ranks, result));
      covers_once(ranks, pl::prange(100), how);
    }
  });
}

TEST_CASE("ranks that wait at the end of a loop sleep") {
  const auto cpu_seconds = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
  const mpi::communicator& ranks = *shared_ranks[0];
  mpi::parallel_for(ranks, pl::prange(1), [](pl::index_t) {});
  const double before = cpu_seconds();
  mpi::parallel_for(ranks, pl::prange(ranks.size()), [](pl::index_t i) {
    const double start = MPI_Wtime();
    while (i == 0 && MPI_Wtime() - start < 0.3) continue;
  });
  if (ranks.rank() != 0) CHECK(cpu_seconds() - before < 0.15);
}
