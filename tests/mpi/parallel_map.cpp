// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <span>
#include <stdexcept>
#include <stop_token>

#include "ranks.hpp"

namespace {

const auto as_text = mpi::packed([](const std::string& text) { return text; },
                                 [](std::span<const std::byte> bytes) {
                                   return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                                 });

}  // namespace

TEST_CASE("results come in order, on all ranks or on one, however they were dealt") {
  struct no_default {
    explicit no_default(pl::index_t v) : value(v) {}
    pl::index_t value;
    bool operator==(const no_default&) const = default;
  };
  at_both_widths([](const mpi::communicator& ranks) {
    for (const int n : {0, 1, 5, 6, 100, 3000}) {
      std::vector<no_default> expected;
      std::vector<std::string> texts;
      for (int i = 0; i < n; ++i) expected.emplace_back(i * i);
      for (int i = 0; i < n; ++i)
        texts.push_back(std::string(static_cast<std::size_t>(i % 7), 'x') + std::to_string(i));
      const auto square = [](pl::index_t i) { return no_default(i * i); };
      const auto text = [](pl::index_t i) {
        return std::string(static_cast<std::size_t>(i % 7), 'x') + std::to_string(i);
      };
      const auto range = pl::prange(n);
      const int last = ranks.size() - 1;
      const auto there = [&](const auto& all) {
        return ranks.rank() == last ? all : std::remove_cvref_t<decltype(all)>();
      };
      CHECK(mpi::parallel_map(ranks, range, square) == expected);
      CHECK(mpi::parallel_map(ranks, range, square, mpi::dynamic()) == expected);
      CHECK(mpi::parallel_map(ranks, range, square, mpi::dynamic{.group = 2}, mpi::on_rank{last}) == there(expected));
      CHECK(mpi::parallel_map(ranks, range, square, mpi::on_rank{last}) == there(expected));
      CHECK(mpi::parallel_map(ranks, range, text, as_text) == texts);
      CHECK(mpi::parallel_map(ranks, range, text, mpi::on_rank{last}, as_text, mpi::dynamic()) == there(texts));
      CHECK(mpi::parallel_map(ranks, range, [](pl::index_t i) { return i % 3 == 0; }).size() == expected.size());
    }
    const auto rows = mpi::parallel_map(ranks, pl::grid(3, 2), [](pl::index_t y, pl::index_t x) { return 10 * y + x; });
    CHECK(rows == std::vector<pl::index_t>{0, 1, 10, 11, 20, 21});
    const std::vector<int> numbers{5, 6, 7};
    CHECK(mpi::parallel_map(ranks, numbers, [](int v) { return 2 * v; }) == std::vector<int>{10, 12, 14});
  });
}

TEST_CASE("over as many iterations as ranks, each rank runs its own") {
  at_both_widths([](const mpi::communicator& ranks) {
    const std::vector<int> own =
        mpi::parallel_map(ranks, pl::prange(ranks.size()), [&](pl::index_t) { return ranks.rank(); });
    for (int r = 0; r < ranks.size(); ++r) CHECK(own[static_cast<std::size_t>(r)] == r);
  });
}

TEST_CASE("what a map's functions throw arrives on all ranks") {
  at_both_widths([](const mpi::communicator& ranks) {
    const auto thrown = [&](const auto& run) {
      int seen = 0;
      try {
        run();
      } catch (const std::runtime_error& e) {
        seen = std::string(e.what()).find("no text") != std::string::npos ? 1 : 0;
      }
      return over_all_ranks(ranks, {seen})[0];
    };
    const auto fails = [](pl::index_t i) { return i == 77 ? throw std::runtime_error("no text") : std::to_string(i); };
    CHECK(thrown([&] { static_cast<void>(mpi::parallel_map(ranks, pl::prange(100), fails, as_text)); }) ==
          ranks.size());
    const auto bad =
        mpi::packed([](const std::string& t) { return t; },
                    [](std::span<const std::byte>) -> std::string { throw std::runtime_error("no text"); });
    const auto good = [](pl::index_t i) { return std::to_string(i); };
    CHECK(thrown([&] { static_cast<void>(mpi::parallel_map(ranks, pl::prange(100), good, bad, mpi::on_rank{0})); }) ==
          ranks.size());
    std::stop_source source;
    source.request_stop();
    CHECK(!mpi::parallel_map(ranks, pl::prange(100).stop(source.get_token()), good, as_text).has_value());
  });
}
