// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The results of a function for many indices or elements, computed by all ranks, as a vector in their order.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "../algorithm/parallel_map.hpp"
#include "../detail/mpi/deal.hpp"
#include "../detail/mpi/gather.hpp"

namespace parloop::inline v0_2 {

namespace mpi {

/// Results come to one rank alone; the others have an empty vector.
struct on_rank {
  int rank = 0;  ///< which one
};

/// How results travel that are not trivially copyable: `pack(result)` returns a vector, string or span of trivially
/// copyable elements, `unpack(std::span<const std::byte>)` makes a result of its bytes.
template <class Pack, class Unpack>
struct packed {
  packed(Pack to_bytes, Unpack from_bytes) : pack(std::move(to_bytes)), unpack(std::move(from_bytes)) {}  ///< of both
  Pack pack;                                                                                              ///< to bytes
  Unpack unpack;  ///< from bytes
};

}  // namespace mpi

namespace detail {

template <class T>
inline constexpr bool is_packed = false;
template <class Pack, class Unpack>
inline constexpr bool is_packed<mpi::packed<Pack, Unpack>> = true;

/// Whether T says where results go or how, and not who computes them.
template <class T>
inline constexpr bool is_destination = std::is_same_v<T, mpi::on_rank> || is_packed<T>;

/// Results that are trivially copyable travel as they are.
struct as_they_are {};

/// The first of the arguments whose type `wanted` wants.
template <class Wanted, class First, class... Rest>
const auto& chosen(const Wanted& wanted, const First& first, const Rest&... rest) {
  if constexpr (decltype(wanted(first))::value)
    return first;
  else
    return chosen(wanted, rest...);
}

/// A result as bytes: room that needs no default constructor.
template <class T>
struct bytes_of {
  alignas(T) std::byte bytes[sizeof(T)];
  void emplace(const T& value) noexcept { ::new (static_cast<void*>(bytes)) T(value); }
  [[nodiscard]] const T& value() const noexcept { return *std::launder(reinterpret_cast<const T*>(bytes)); }
};

/// The results that one rank computed, piece by piece.
template <class Slot>
struct rank_results {
  std::vector<stretch> pieces;
  std::vector<Slot> values;
};

/// The number of the element that each position's result has among all ranks' elements, one rank's after another's.
[[nodiscard]] inline std::vector<std::size_t> places_of(const std::vector<stretch>& pieces, index_t n) {
  std::vector<std::size_t> places(static_cast<std::size_t>(n));
  std::size_t at = 0;
  for (const stretch& piece : pieces) {
    for (index_t p = piece.begin; p < piece.end; ++p) places[static_cast<std::size_t>(p)] = at++;
  }
  return places;
}

template <class Slot, class Control>
std::vector<Slot> gather_values(Control& control, rank_state& ranks, int where, const std::vector<Slot>& own) {
  const std::vector<index_t> counts = gather_numbers(control.watch(), ranks, static_cast<index_t>(own.size()));
  index_t all = 0;
  for (const index_t count : counts) all += count;
  const bool here = where == all_ranks || where == ranks.rank;
  std::vector<Slot> values(here ? static_cast<std::size_t>(all) : 0);
  gather_bytes(control.watch(), ranks, where, own.data(), counts, values.data(), sizeof(Slot));
  return values;
}

/// All results of `n`, on the ranks where they are wanted. `slots` is what was computed here.
template <class T, class Packing, class Slot, class Control>
std::vector<T> collect(Control& control, rank_state& ranks, int where, index_t n, const rank_results<Slot>& own,
                       [[maybe_unused]] const Packing& packing) {
  const std::vector<std::size_t> places =
      places_of(gather_values(control, ranks, where, own.pieces), where == all_ranks || where == ranks.rank ? n : 0);
  std::vector<T> results;
  results.reserve(places.size());
  if constexpr (!is_packed<Packing>) {
    const std::vector<Slot> values = gather_values(control, ranks, where, own.values);
    for (const std::size_t place : places) results.push_back(values[place].value());
  } else {
    std::vector<index_t> sizes;
    std::vector<std::byte> bytes;
    for (const Slot& value : own.values) {
      sizes.push_back(static_cast<index_t>(value.size()));
      bytes.insert(bytes.end(), value.begin(), value.end());
    }
    sizes = gather_values(control, ranks, where, sizes);
    bytes = gather_values(control, ranks, where, bytes);
    std::vector<std::size_t> begins(sizes.size());
    for (std::size_t k = 1; k < sizes.size(); ++k) begins[k] = begins[k - 1] + static_cast<std::size_t>(sizes[k - 1]);
    for (const std::size_t place : places) {
      const std::span<const std::byte> all(bytes);
      results.push_back(packing.unpack(all.subspan(begins[place], static_cast<std::size_t>(sizes[place]))));
    }
  }
  return results;
}

template <class Range, class F, class... How>
auto map_over_ranks(const mpi::communicator& communicator, const Range& range, const F& f, const How&... how) {
  using T = std::remove_cvref_t<body_result<F, Range::dimensions>>;
  const auto& schedule =
      chosen([]<class H>(const H&) { return std::bool_constant<!is_destination<H>>(); }, how..., mpi::equal_shares());
  const auto& packing = chosen(
      []<class H>(const H&) { return std::bool_constant < is_packed<H> || std::is_same_v < H, as_they_are >> (); },
      how..., as_they_are());
  int where = all_ranks;
  [[maybe_unused]] const auto see = [&where](const auto& h) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(h)>, mpi::on_rank>) where = h.rank;
  };
  (see(how), ...);
  using packing_type = std::remove_cvref_t<decltype(packing)>;
  constexpr bool travels = is_packed<packing_type> || std::is_trivially_copyable_v<T>;
  static_assert(travels,
                "parloop::mpi::parallel_map: results that are not trivially copyable need mpi::packed(pack, unpack)");
  if constexpr (travels) {
    using slot = std::conditional_t<is_packed<packing_type>, std::vector<std::byte>, bytes_of<T>>;
    const auto& controlled = as_controlled(range);
    const auto& plain = controlled.without_control();
    using stop = std::remove_cvref_t<decltype(controlled.stop_token())>;
    rank_control control(communicator, controlled);
    backend& b = communicator.local_backend();
    const scoped_backend use(b);
    rank_results<slot> own;
    const auto done = control.together([&] {
      deal(communicator, schedule, range.size(), plain.options().grain, control, [&](index_t first, index_t last) {
        const std::size_t before = own.values.size();
        own.pieces.push_back({first, last});
        own.values.resize(before + static_cast<std::size_t>(last - first));
        slot* const to = own.values.data() + before;
        control.run(b, plain.options(), last - first, [&, to](index_t begin, index_t end) {
          per_chunk<F> mine = f;
          visit_positions(plain, first + begin, first + end, [&](std::size_t p, auto... indices) {
            slot& s = to[p - static_cast<std::size_t>(first)];
            if constexpr (is_packed<packing_type>) {
              const auto& bytes = packing.pack(mine(indices...));
              const auto span = std::as_bytes(std::span(std::data(bytes), std::size(bytes)));
              s.assign(span.begin(), span.end());
            } else {
              s.emplace(mine(indices...));
            }
          });
        });
      });
      return true;
    });
    if (!done) return answer_of<stop>(std::optional<std::vector<T>>());
    const auto results = [&] { return collect<T>(control, state_of(communicator), where, range.size(), own, packing); };
    if constexpr (!is_packed<packing_type>) {
      return answer_of<stop>(std::optional<std::vector<T>>(results()));
    } else {  // what unpacking throws is known on all ranks, too
      const auto nothing = as_controlled(prange(0));
      rank_control unpacking(communicator, nothing);
      return answer_of<stop>(unpacking.together(results));
    }
  }
}

}  // namespace detail

namespace mpi {

/// The vector of f(i), f(y, x) or f(z, y, x) for all indices of `range`, in row-major order, on all ranks. `how...` are
/// any of: `dynamic()` for results of which some take longer; `on_rank{r}`; `packed(pack, unpack)` for results that are
/// not trivially copyable. 2^31 - 1 results, or bytes of packed ones, at most. Collective; exceptions (also of
/// `unpack`) and progress as in `mpi::parallel_for`; with a stop token an optional, empty when not all ran.
template <loop_range Range, class F, class... How>
[[nodiscard]] auto parallel_map(const communicator& ranks, const Range& range, const F& f, const How&... how) {
  constexpr bool callable = detail::takes_indices<F, Range::dimensions>;
  static_assert(callable,
                "parloop::mpi::parallel_map: the function must be callable as f(i), f(y, x) or f(z, y, x), one index_t "
                "per dimension of the range, and without changing itself (no `mutable` lambda: capture what "
                "changes by reference)");
  if constexpr (callable) return detail::map_over_ranks(ranks, range, f, how...);
}

/// The vector of f(element) for all elements of a container that all ranks have; otherwise as above.
template <detail::random_access Container, class F, class... How>
[[nodiscard]] auto parallel_map(const communicator& ranks, const Container& container, const F& f, const How&... how) {
  const auto first = std::begin(container);
  return mpi::parallel_map(
      ranks, prange(std::ssize(container)), [first, &f](index_t i) { return f(first[i]); }, how...);
}

}  // namespace mpi
}  // namespace parloop::inline v0_2
