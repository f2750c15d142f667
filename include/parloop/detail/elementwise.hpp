// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// out[i] = f(in[i]...) for all elements, at the speed of memory. For algorithm/transform.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>

#include "run_erased.hpp"
#include "streaming.hpp"
#include "visit.hpp"

namespace parloop::inline v0::detail {

/// Elements that are not in one piece of memory, by a random-access iterator. (Others are pointers.)
template <class Iterator>
struct scattered {
  Iterator first;
  decltype(auto) operator[](index_t i) const {
    return first[static_cast<typename std::iterator_traits<Iterator>::difference_type>(i)];
  }
};

/// The index itself, as an input.
struct own_index {
  index_t operator[](index_t i) const noexcept { return i; }
};

template <class To, class From>
[[gnu::always_inline]] inline void assign(To& to, From&& from) {
  if constexpr (std::is_arithmetic_v<To> && std::is_arithmetic_v<std::remove_cvref_t<From>>) {
    to = static_cast<To>(from);  // no warning in the user's build about what the user wrote
  } else {
    to = std::forward<From>(from);
  }
}

/// The plain loop. Everything is a local copy: else the compiler would have to expect that storing an element changes
/// where the next one goes.
template <class Out, class F, class... In>
[[gnu::always_inline]] inline void compute(Out out, index_t begin, index_t end, const F& f, In... in) {
  per_chunk<F> own = f;
  for (index_t i = begin; i < end; ++i) assign(out[i], own(in[i]...));
}

/// Elements that make up whole lines, `at_least_bytes` of them or more.
template <class T>
[[nodiscard]] constexpr index_t whole_lines(index_t at_least_bytes) noexcept {
  index_t unit = 1;
  while (unit * static_cast<index_t>(sizeof(T)) % line_bytes != 0) ++unit;
  const index_t unit_bytes = unit * static_cast<index_t>(sizeof(T));
  return (at_least_bytes + unit_bytes - 1) / unit_bytes * unit;
}

/// The function of a copy.
struct same_value {
  template <class T>
  T&& operator()(T&& value) const noexcept {
    return static_cast<T&&>(value);
  }
};

/// Whether elements to which `Result` is assigned can be computed elsewhere and then stored as bytes.
template <class Out, class Result>
inline constexpr bool streamable = false;
template <class T, class Result>
inline constexpr bool streamable<T*, Result> =
    has_streaming_stores&& std::is_trivially_copyable_v<T> && !std::is_volatile_v<T> && sizeof(T) <= 256 &&
    (std::is_same_v<T, std::remove_cvref_t<Result>> ||
     (std::is_arithmetic_v<T> && std::is_arithmetic_v<std::remove_cvref_t<Result>>));

template <class F, class... In>
using result_of = std::invoke_result_t<const F&, decltype(std::declval<const In&>()[index_t{}])...>;

/// Bytes that are computed at a time before they are streamed: the shorter, the more evenly do reads and writes
/// alternate; and how far ahead of that inputs are asked for. Measured on two cores of a Sapphire Rapids.
inline constexpr index_t block_bytes = 512;
inline constexpr index_t prefetch_distance_bytes = 4096;

/// Room for a block whose elements nobody constructs.
template <class T>
union block_of {
  static constexpr index_t count = whole_lines<T>(block_bytes);
  block_of() noexcept {}
  alignas(line_bytes) T elements[static_cast<std::size_t>(count)];
};

template <class In>
[[gnu::always_inline]] inline void prefetch_block([[maybe_unused]] const In& in, [[maybe_unused]] index_t i,
                                                  [[maybe_unused]] index_t count) noexcept {
  if constexpr (std::is_pointer_v<In>) {
    prefetch_lines(in + i, prefetch_distance_bytes, count * static_cast<index_t>(sizeof(*in)));
  }
}

template <class T>
[[nodiscard]] bool begins_a_line(const T* element) noexcept {
  return reinterpret_cast<std::uintptr_t>(element) % line_bytes == 0;
}

/// Computes a block and streams it to `out`; a copy needs no block.
template <class T, class F, class... In>
[[gnu::always_inline]] inline void stream_block(T* out, index_t first, const F& own, block_of<T>& block, In... in) {
  constexpr index_t count = block_of<T>::count;
  if constexpr (std::is_same_v<F, same_value> && (std::is_same_v<In, const T*> && ...)) {
    (stream_lines(out + first, in + first, sizeof block), ...);
  } else {
    for (index_t k = 0; k < count; ++k) assign(block.elements[k], own(in[first + k]...));
    stream_lines(out + first, block.elements, sizeof block);
  }
}

/// The same elements as by `compute`, in small blocks that never leave the first cache before they are streamed.
template <class T, class F, class... In>
void compute_streaming(T* out, index_t begin, index_t end, const F& f, In... in) {
  per_chunk<F> own = f;
  const streaming_scope scope;
  index_t first = begin;
  while (first < end && !begins_a_line(out + first)) ++first;
  compute(out, begin, first, own, in...);
  block_of<T> block;
  constexpr index_t count = block_of<T>::count;
  for (; end - first >= count; first += count) {
    (prefetch_block(in, first, count), ...);
    stream_block(out, first, own, block, in...);
  }
  compute(out, first, end, own, in...);
}

/// Whether an output of n elements is too large to stay in the caches and may be streamed. Not when it is an input too:
/// then its lines have been read anyway.
template <class Out, class... In>
[[nodiscard]] bool pays_to_stream(Out out, index_t n, const In&... in) noexcept {
  constexpr index_t surely_in_cache = index_t{1} << 20;  // spares small loops the question
  constexpr auto size = static_cast<index_t>(sizeof(*out));
  [[maybe_unused]] const auto is_output = [out](const auto& input) {
    if constexpr (std::is_pointer_v<std::remove_cvref_t<decltype(input)>>) {
      return static_cast<const void*>(input) == static_cast<const void*>(out);
    } else {
      return false;
    }
  };
  return n > surely_in_cache / size && n > last_level_cache_bytes() / size && !(is_output(in) || ...);
}

template <class Out, class F, class... In>
[[gnu::noinline]] void run_streaming(backend* b, index_t n, Out out, const F& f, In... in) {
  using T = std::remove_pointer_t<Out>;
  loop_options options;
  options.grain = whole_lines<T>(line_bytes);  // then an aligned output has no head or tail
  run_erased(b, n, options,
             [out, &f, in...](index_t begin, index_t end) { compute_streaming(out, begin, end, f, in...); });
}

/// out[i] = f(in[i]...) for every i in [0, n). `out` and `in` are pointers or have operator[].
template <class Out, class F, class... In>
void elementwise(backend* b, index_t n, Out out, const F& f, In... in) {
  if constexpr (streamable<Out, result_of<F, In...>>) {
    if (pays_to_stream(out, n, in...)) [[unlikely]]
      return run_streaming(b, n, out, f, in...);
  }
  run_erased(b, n, {}, [out, &f, in...](index_t begin, index_t end) { compute(out, begin, end, f, in...); });
}

}  // namespace parloop::inline v0::detail
