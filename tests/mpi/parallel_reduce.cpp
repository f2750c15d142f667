// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <cmath>
#include <stdexcept>
#include <stop_token>

#include "ranks.hpp"

namespace {

double term(pl::index_t i) { return std::sin(static_cast<double>(i)) / 3; }

/// Checks that the result of loop(...) over ranks has the bits of the same loop in one process, on all ranks.
template <class T>
void same_bits(const mpi::communicator& ranks, const T& over_ranks, const T& alone) {
  CHECK(std::memcmp(&over_ranks, &alone, sizeof alone) == 0);
  CHECK(same_on_all(ranks, over_ranks));
}

}  // namespace

TEST_CASE("sums and reductions have the bits of one process, with any number of ranks and threads") {
  at_both_widths([](const mpi::communicator& ranks) {
    pl::serial alone;
    for (const int n : {0, 1, 3, 63, 64, 65, 1000, 4097, 123'457}) {
      const auto range = pl::prange(n);
      same_bits(ranks, mpi::parallel_sum(ranks, range, term), pl::parallel_sum(alone, range, term));
      const auto as_float = [](pl::index_t i) { return static_cast<float>(term(i)); };
      same_bits(ranks, mpi::parallel_sum(ranks, range, as_float), pl::parallel_sum(alone, range, as_float));
      // Neither commutative nor exact: a composition of x -> a x + b.
      struct affine {
        double a, b;
      };
      const auto compose = [](affine f, affine g) { return affine{f.a * g.a, f.b * g.a + g.b}; };
      const auto each = [](pl::index_t i) { return affine{1 + term(i) / 100, term(i)}; };
      same_bits(ranks, mpi::parallel_reduce(ranks, range, affine{1, 0}, compose, each),
                pl::parallel_reduce(alone, range, affine{1, 0}, compose, each));
    }
    const auto backwards = pl::prange(5000, -5000, -7);
    same_bits(ranks, mpi::parallel_sum(ranks, backwards, term), pl::parallel_sum(alone, backwards, term));
    const auto plane = [](pl::index_t y, pl::index_t x) { return term(100 * y + x); };
    same_bits(ranks, mpi::parallel_sum(ranks, pl::grid(70, 100), plane),
              pl::parallel_sum(alone, pl::grid(70, 100), plane));
    const auto cube = [](pl::index_t z, pl::index_t y, pl::index_t x) { return z * 100 + y * 10 + x; };
    CHECK(mpi::parallel_sum(ranks, pl::grid(9, 8, 7), cube) == pl::parallel_sum(alone, pl::grid(9, 8, 7), cube));
  });
}

TEST_CASE("smallest and largest values, and the first place that has them") {
  at_both_widths([](const mpi::communicator& ranks) {
    for (const int n : {1, 2, 7, 65, 10'000}) {
      const auto value = [](pl::index_t i) { return (i * 7919) % 101; };
      const auto range = pl::prange(n);
      pl::serial alone;
      CHECK(mpi::parallel_min(ranks, range, value) == pl::parallel_min(alone, range, value));
      CHECK(mpi::parallel_max(ranks, range, value) == pl::parallel_max(alone, range, value));
      const auto least = mpi::parallel_argmin(ranks, range, value);
      const auto most = mpi::parallel_argmax(ranks, range, value);
      CHECK(least.index == pl::parallel_argmin(alone, range, value).index);
      CHECK(least.value == pl::parallel_argmin(alone, range, value).value);
      CHECK(most.index == pl::parallel_argmax(alone, range, value).index);
    }
    const auto hill = [](pl::index_t y, pl::index_t x) { return -(y - 3) * (y - 3) - (x - 4) * (x - 4); };
    const auto top = mpi::parallel_argmax(ranks, pl::grid(10, 10), hill);
    CHECK(top.index[0] == 3);
    CHECK(top.index[1] == 4);
    CHECK_THROWS_AS(mpi::parallel_min(ranks, pl::prange(0), [](pl::index_t i) { return i; }), std::invalid_argument);
  });
}

TEST_CASE("what a reduction's body throws arrives on all ranks") {
  at_both_widths([](const mpi::communicator& ranks) {
    for (pl::index_t bad = 0; bad < 1000; bad += 100) {
      std::string text;
      try {
        const auto sum = mpi::parallel_sum(ranks, pl::prange(1000), [&](pl::index_t i) {
          if (i == bad) throw std::out_of_range("iteration " + std::to_string(bad));
          return i;
        });
        text = std::to_string(sum);
      } catch (const std::out_of_range& e) {
        text = e.what();
      } catch (const mpi::remote_exception& e) {
        text = e.what();
        text.erase(0, text.find(' ', 5) + 1);
      }
      CHECK(text == "iteration " + std::to_string(bad));
    }
  });
}

TEST_CASE("a reduction that was stopped on any rank has no result on any") {
  at_both_widths([](const mpi::communicator& ranks) {
    for (int stopper = 0; stopper < ranks.size(); ++stopper) {
      std::stop_source source;
      const auto stopped = mpi::parallel_sum(ranks, pl::prange(100'000).stop(source.get_token()), [&](pl::index_t i) {
        if (ranks.rank() == stopper) source.request_stop();
        return i;
      });
      // A rank's last block may have begun before the others heard of it, but with 7 ranks nobody has a single block.
      CHECK(!stopped.has_value());
      std::stop_source never;
      const auto sum =
          mpi::parallel_sum(ranks, pl::prange(100).stop(never.get_token()), [](pl::index_t i) { return i; });
      CHECK(sum == 4950);
      const auto least =
          mpi::parallel_min(ranks, pl::prange(100).stop(never.get_token()), [](pl::index_t i) { return i; });
      CHECK(least == 0);
    }
  });
}

TEST_CASE("ranks that run different loops are told so") {
  const mpi::communicator ranks;
  if (ranks.size() == 1) return;
  bool told = false;
  try {
    mpi::parallel_for(ranks, pl::prange(100 + ranks.rank()), [](pl::index_t) {});
  } catch (const std::logic_error&) {
    told = true;
  }
  const std::vector<int> all = over_all_ranks(ranks, {told ? 1 : 0});
  CHECK(all[0] > 0);
}
