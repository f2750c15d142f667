// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Element-wise operations on arrays that are spread over ranks.
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../algorithm/parallel_for.hpp"
#include "../algorithm/transform.hpp"
#include "../detail/mpi/rank_control.hpp"
#include "array.hpp"

namespace parloop::inline v0_2 {

namespace detail {

template <class A>
inline constexpr bool is_rank_array = false;
template <class T, int N>
inline constexpr bool is_rank_array<mpi::array<T, N>> = true;
template <class A>
concept rank_array = is_rank_array<std::remove_cvref_t<A>>;

template <class A>
[[nodiscard]] auto local_elements(A& a) {
  return std::span(a.data(), static_cast<std::size_t>(a.local_size()));
}

/// Runs local(watch) on every rank, each of which has its part of `out`.
template <class Array, class Local>
void on_each_rank(const Array& out, const Local& local) {
  const auto elements = as_controlled(out.whole_range());
  rank_control control(out.ranks(), elements);
  const scoped_backend use(out.ranks().local_backend());
  control.together([&] { local(control.watch()); });
}

template <class In, class Out>
void require_same_parts(const char* name, const In& in, const Out& out) {
  bool same = In::dimensions == Out::dimensions && &in.ranks() == &out.ranks();
  for (int d = 0; d < In::dimensions && same; ++d) same = in.extent(d) == out.extent(d);
  if (!same) {
    throw std::invalid_argument(std::string("parloop::mpi::") + name +
                                ": the arrays have different extents or communicators");
  }
}

template <std::size_t... Input, class Arguments>
void transform_rank_arrays(std::index_sequence<Input...>, const Arguments& arguments) {
  auto& out = std::get<sizeof...(Input)>(arguments);
  (require_same_parts("transform", std::get<Input>(arguments), out), ...);
  on_each_rank(out, [&](loop_watch&) {
    parloop::transform(out.ranks().local_backend(), local_elements(std::get<Input>(arguments))..., local_elements(out),
                       std::get<sizeof...(Input) + 1>(arguments));
  });
}

}  // namespace detail

namespace mpi {

/// `transform(inputs..., output, f)`: output(i) = f(inputs(i)...) for every element of arrays with the same extents and
/// communicator; the output may be an input. Collective; exceptions as in `mpi::parallel_for`, and
/// `std::invalid_argument` on all ranks when the arrays do not fit.
template <detail::rank_array First, class... InputsOutputFunction>
requires(sizeof...(InputsOutputFunction) >= 2) void transform(First&& first, InputsOutputFunction&&... arguments) {
  detail::transform_rank_arrays(std::make_index_sequence<sizeof...(arguments) - 1>(),
                                std::forward_as_tuple(first, arguments...));
}

/// array(i) = f(i), f(y, x) or f(z, y, x), the whole array's indices, for every element. Collective; exceptions as in
/// `mpi::parallel_for`.
template <class T, int N, class F>
void generate(array<T, N>& output, const F& f) {
  detail::on_each_rank(output, [&](detail::loop_watch&) {
    parloop::parallel_for(output.ranks().local_backend(), output.local_range(),
                          [&](auto... indices) { output(indices...) = static_cast<T>(f(indices...)); });
  });
}

}  // namespace mpi
}  // namespace parloop::inline v0_2
