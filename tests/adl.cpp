// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Bodies and elements of a namespace whose greedy templates have the names of the library's own functions: none of
/// them may be taken by argument-dependent lookup. What the test shows is that it compiles.
#include <parloop/parloop.hpp>
#include <vector>

#include "catch.hpp"

namespace pl = parloop;

namespace user {

#define GREEDY(name)    \
  template <class... T> \
  [[maybe_unused]] void name(T&&...) = delete;
GREEDY(answer)
GREEDY(assign)
GREEDY(control_of)
GREEDY(before_first_line) GREEDY(combine) GREEDY(compute) GREEDY(compute_streaming) GREEDY(copy) GREEDY(count_of)
    GREEDY(elementwise) GREEDY(exclusive_scan) GREEDY(fill) GREEDY(fold_in_lanes) GREEDY(fold_segment)
        GREEDY(for_each_chunk) GREEDY(for_each_element) GREEDY(for_each_index) GREEDY(for_each_position)
            GREEDY(for_each_row) GREEDY(generate) GREEDY(inclusive_scan) GREEDY(limits_of) GREEDY(make_array)
                GREEDY(map_range) GREEDY(map_indices) GREEDY(parallel_for) GREEDY(parallel_for_chunks)
                    GREEDY(parallel_map) GREEDY(parallel_reduce) GREEDY(parallel_sum) GREEDY(pays_to_stream)
                        GREEDY(place_of) GREEDY(parallel_invoke) GREEDY(run_watched) GREEDY(watch_over) GREEDY(reduce)
                            GREEDY(reduce_blocks) GREEDY(require_fit) GREEDY(run_chunks) GREEDY(run_loop)
                                GREEDY(run_streaming) GREEDY(source_of) GREEDY(stencil) GREEDY(stream_block)
                                    GREEDY(stream_lines) GREEDY(sum) GREEDY(transform) GREEDY(transform_arguments)
                                        GREEDY(transform_arrays) GREEDY(visit) GREEDY(visit_runs) GREEDY(write_elements)
#undef GREEDY

                                            struct money {
  double cents = 0;
  friend money operator+(money a, money b) { return {a.cents + b.cents}; }
  friend bool operator<(money a, money b) { return a.cents < b.cents; }
};

/// A lambda's namespace is the one it is written in.
inline constexpr auto one_cent = [](pl::index_t) { return money{1}; };
inline constexpr auto one_cent_2d = [](pl::index_t, pl::index_t) { return money{1}; };
inline constexpr auto add = [](money a, money b) { return a + b; };
inline constexpr auto twice = [](money m) { return m + m; };
inline constexpr auto set = [](money& m) { m.cents = 3; };

}  // namespace user

TEST_CASE("no function of a user's namespace is taken for one of the library's") {
  using user::money;
  std::vector<money> in(100, money{1});
  std::vector<money> out(100);
  pl::serial b;
  CHECK(pl::parallel_sum(pl::prange(100), user::one_cent).cents == 100);
  CHECK(pl::parallel_sum(b, pl::grid(10, 10), user::one_cent_2d).cents == 100);
  CHECK(pl::parallel_reduce(pl::prange(100), money{}, user::add, user::one_cent).cents == 100);
  CHECK(pl::parallel_map(in, user::twice)[99].cents == 2);
  pl::parallel_for(in, user::set);
  pl::parallel_for(in.begin(), in.end(), user::set);
  pl::parallel_for(pl::prange(100), user::one_cent);
  pl::parallel_for_chunks(pl::prange(100), [](pl::index_t, pl::index_t) {});
  pl::transform(in, out, user::twice);
  CHECK(out[99].cents == 6);
  pl::generate(out, user::one_cent);
  pl::fill(out, money{5});
  pl::copy(in, out);
  pl::inclusive_scan(in, out, user::add);
  CHECK(out[99].cents == 300);
  pl::exclusive_scan(in, out, money{}, user::add);
  CHECK(out[99].cents == 297);
  CHECK(pl::make_array<money>(10, money{4}).size() == 10);
}
