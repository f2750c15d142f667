// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Prefix sums of arrays that are spread over ranks: those of one process, to the last bit.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "../algorithm/parallel_scan.hpp"
#include "../detail/mpi/scan_chain.hpp"
#include "transform.hpp"

namespace parloop::inline v0_2 {

namespace detail {

template <scan_kind Kind, class In, class T, class Op, class... Init>
void scan_rank_arrays(const mpi::array<In, 1>& in, mpi::array<T, 1>& out, const Op& op, const Init&... init) {
  static_assert(std::is_invocable_r_v<T, const Op&, T, T> && std::is_constructible_v<T, const In&>,
                "parloop::mpi: a scan's operation must be callable with two values of the output's type and return "
                "one, and the input's elements must convert to it");
  require_same_parts("scan", in, out);
  std::optional<T> carry;
  (carry.emplace(static_cast<T>(init)), ...);
  on_each_rank(out, [&](loop_watch& watch) {
    scan_chain<Kind, In, T, Op>(out.ranks().local_backend(), state_of(out.ranks()), watch, in.data(), out.data(),
                                out.extent(0), {out.first_row(), out.first_row() + out.rows()}, op)
        .run(carry);
  });
}

}  // namespace detail

namespace mpi {

/// output(i) = input(0) op input(1) op ... op input(i), with the bits of `parloop::inclusive_scan`, whatever the number
/// of ranks and threads. The ranks' blocks are folded at the same time; then one rank after another adds up these
/// results, so it takes as long as all ranks' messages in a row. The output may be the input. Collective; exceptions
/// as in `mpi::parallel_for`.
template <class In, class T, class Op = detail::plus>
void inclusive_scan(const array<In, 1>& input, array<T, 1>& output, const Op& op = {}) {
  detail::scan_rank_arrays<detail::scan_kind::inclusive>(input, output, op);
}

/// output(i) = init op input(0) op ... op input(i - 1); otherwise as `mpi::inclusive_scan`.
template <class In, class T, class Init, class Op = detail::plus>
void exclusive_scan(const array<In, 1>& input, array<T, 1>& output, const Init& init, const Op& op = {}) {
  detail::scan_rank_arrays<detail::scan_kind::exclusive>(input, output, op, init);
}

}  // namespace mpi
}  // namespace parloop::inline v0_2
