// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <stop_token>

#include "ranks.hpp"

namespace {

/// PARLOOP_TEST_FACTOR, as for the other tests.
int factor() {
  const char* text = std::getenv("PARLOOP_TEST_FACTOR");
  return text != nullptr ? std::max(std::atoi(text), 1) : 1;
}

/// One of ten loops, the same on all ranks; whether it did what it should.
bool one_loop(const mpi::communicator& ranks, pl::index_t k) {
  const pl::index_t n = k * 37 % 500;
  const int chosen = static_cast<int>(k * 7919 % ranks.size());
  const auto square = [](pl::index_t i) { return i * i; };
  const pl::index_t squares = n > 0 ? (n - 1) * n * (2 * n - 1) / 6 : 0;
  std::atomic<pl::index_t> sum{0};
  const auto add = [&](pl::index_t i) { sum += square(i); };
  switch (k * 2654435761 % 10) {
    case 0:
      return mpi::parallel_sum(ranks, pl::prange(n), square) == squares;
    case 1:
      mpi::parallel_for(ranks, pl::prange(n), add);
      break;
    case 2:
      mpi::parallel_for(ranks, pl::prange(n), add, mpi::cyclic(3));
      break;
    case 3:
      mpi::parallel_for(ranks, pl::prange(n), add, mpi::dynamic());
      break;
    case 4:
      mpi::parallel_for(ranks, pl::prange(n), add, mpi::dynamic{.group = 2});
      break;
    case 5:
      return mpi::parallel_map(ranks, pl::prange(n), square, mpi::dynamic()).size() == static_cast<std::size_t>(n);
    case 6:
      return n == 0 || mpi::parallel_argmax(ranks, pl::prange(n), square).index == n - 1;
    case 7: {
      mpi::array<double> x(ranks, n);
      mpi::generate(x, [](pl::index_t) { return 1.0; });
      mpi::inclusive_scan(x, x);
      return x.rows() == 0 || x(x.first_row()) == static_cast<double>(x.first_row() + 1);
    }
    case 8: {
      std::stop_source source;
      const auto stopped =
          mpi::parallel_for(ranks, pl::prange(pl::index_t{1} << 50).stop(source.get_token()), [&](pl::index_t i) {
            volatile pl::index_t x = i;
            static_cast<void>(x);
            if (ranks.rank() == chosen) source.request_stop();
          });
      return !stopped.complete();
    }
    default:
      try {
        mpi::parallel_for(
            ranks, pl::prange(100),
            [&](pl::index_t) {
              if (ranks.rank() == chosen) throw std::runtime_error("x");
            },
            mpi::cyclic());
      } catch (const mpi::remote_exception& e) {
        return e.rank() == chosen;
      } catch (const std::runtime_error&) {
        return ranks.rank() == chosen;
      }
      return false;
  }
  // What each rank added up, together.
  pl::index_t own = sum, all = 0;
  MPI_Request request;
  MPI_Iallreduce(&own, &all, 1, MPI_INT64_T, MPI_SUM, ranks.handle(), &request);
  finish(request);
  return all == squares;
}

}  // namespace

TEST_CASE("thousands of mixed loops") {
  at_both_widths([](const mpi::communicator& ranks) {
    int wrong = 0;
    for (pl::index_t k = 0; k < 500 * factor(); ++k) wrong += one_loop(ranks, k) ? 0 : 1;
    CHECK(wrong == 0);
  });
}
