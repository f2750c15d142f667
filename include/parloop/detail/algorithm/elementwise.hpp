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

#include "../base/compare.hpp"
#include "control.hpp"
#include "streaming.hpp"
#include "visit.hpp"

namespace parloop::inline v0_2::detail {

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
  for (index_t i = begin; i < end; ++i) detail::assign(out[i], own(in[i]...));
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

/// Bytes that are computed at a time before they are streamed: the fewer, the more evenly do reads and writes
/// alternate.
inline constexpr index_t block_bytes = 256;
/// The stretches that are worked on in turn, a block of each, and how long they are: more requests are under way at a
/// time, and to different banks of the memory, than with one. With these constants two cores of a Sapphire Rapids copy
/// 1.1 (SSE2) to 1.2 times (AVX-512) as fast as with the C library's memcpy on each.
inline constexpr index_t stripes = 8;
inline constexpr index_t stripe_bytes = 4096;

/// Room for a block whose elements nobody constructs.
template <class T>
union block_of {
  static constexpr index_t count = whole_lines<T>(block_bytes);
  block_of() noexcept {}
  alignas(line_bytes) T elements[static_cast<std::size_t>(count)];
};

/// Elements before the first that begins a line; negative: none does.
template <class T>
[[nodiscard]] index_t before_first_line(const T* first) noexcept {
  for (index_t head = 0; head < line_bytes; ++head) {
    if (reinterpret_cast<std::uintptr_t>(first + head) % line_bytes == 0) return head;
  }
  return -1;
}

/// Elements of a stretch, and of all that are worked on in turn.
template <class T>
inline constexpr index_t stripe_of = block_of<T>::count* larger<index_t>(1, stripe_bytes / sizeof(block_of<T>));
template <class T>
inline constexpr index_t group_of = stripe_of<T>* stripes;

/// Computes a block and streams it to `out`; a copy needs no block.
template <class T, class F, class... In>
[[gnu::always_inline]] inline void stream_block(T* out, index_t first, const F& own, block_of<T>& block, In... in) {
  constexpr index_t count = block_of<T>::count;
  if constexpr (std::is_same_v<F, same_value> && (std::is_same_v<In, const T*> && ...)) {
    (detail::stream_lines(out + first, in + first, sizeof block), ...);
  } else {
    for (index_t k = 0; k < count; ++k) detail::assign(block.elements[k], own(in[first + k]...));
    detail::stream_lines(out + first, block.elements, sizeof block);
  }
}

/// The same elements as by `compute`, in small blocks that never leave the first cache before they are streamed.
/// `out + begin` is the beginning of a line.
template <class T, class F, class... In>
void compute_streaming(T* out, index_t begin, index_t end, const F& f, In... in) {
  per_chunk<F> own = f;
  const streaming_scope scope;
  constexpr index_t count = block_of<T>::count;
  block_of<T> block;
  index_t first = begin;
  for (; end - first >= group_of<T>; first += group_of<T>) {
    for (index_t at = first; at < first + stripe_of<T>; at += count) {
      for (index_t s = 0; s < stripes; ++s) detail::stream_block(out, at + s * stripe_of<T>, own, block, in...);
    }
  }
  for (; end - first >= count; first += count) detail::stream_block(out, first, own, block, in...);
  detail::compute(out, first, end, own, in...);
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
  return n > surely_in_cache / size && n > cache_share_bytes() / size && !(is_output(in) || ...);
}

template <class Watch, class T, class F, class... In>
[[gnu::noinline]] void run_streaming(backend* b, index_t n, loop_options limits, Watch& watch, T* out, const F& f,
                                     In... in) {
  index_t head = detail::before_first_line(out);
  if (head < 0 || head > n) head = n;
  watch.one_block(0, head, [&](index_t begin, index_t end) { detail::compute(out, begin, end, f, in...); });
  // Chunks then begin where a line does, and consist of whole groups.
  constexpr index_t group = group_of<T>;
  limits.grain = (within<index_t>(limits.grain, 1, n) - 1) / group * group + group;
  detail::run_watched(b, n - head, limits, watch, group, [out, &f, head, in...](index_t begin, index_t end) {
    detail::compute_streaming(out, head + begin, head + end, f, in...);
  });
}

/// out[i] = f(in[i]...) for every i in [0, n). `out` and `in` are pointers or have operator[].
template <class Watch, class Out, class F, class... In>
void elementwise(backend* b, index_t n, loop_options limits, Watch& watch, Out out, const F& f, In... in) {
  if constexpr (streamable<Out, result_of<F, In...>>) {
    if (detail::pays_to_stream(out, n, in...)) [[unlikely]]
      return detail::run_streaming(b, n, limits, watch, out, f, in...);
  }
  detail::run_watched(b, n, limits, watch, 1,
                      [out, &f, in...](index_t begin, index_t end) { detail::compute(out, begin, end, f, in...); });
}

}  // namespace parloop::inline v0_2::detail
