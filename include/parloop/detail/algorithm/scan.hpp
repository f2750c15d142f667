// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Prefix sums in an order that depends on the number of elements alone. For algorithm/parallel_scan.hpp.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "control.hpp"
#include "elementwise.hpp"
#include "streaming.hpp"
#include "visit.hpp"

namespace parloop::inline v0_2::detail {

enum class scan_kind { inclusive, exclusive };

/// Elements in a block: with its result it fits in the first cache, and takes about a microsecond.
template <class T>
inline constexpr index_t scan_block = larger<index_t>(16, index_t{16} * 1024 / static_cast<index_t>(sizeof(T)));

/// Elements in a segment: those of a cache line. They are so few that the processor has several segments under way,
/// whose chains of additions depend on one another by one addition only. What is no number is not worth that.
template <class T>
inline constexpr index_t scan_segment = std::is_arithmetic_v<T>
                                            ? larger<index_t>(1, 64 / static_cast<index_t>(sizeof(T)))
                                            : scan_block<T>;

/// Blocks that each thread reduces before they are scanned, 0.5 MiB: the second reading finds them in its cache.
inline constexpr index_t scan_blocks_per_thread = 32;

/// The order of evaluation: blocks, and segments in them, have a fixed length. A segment's sum is a left fold of its
/// elements, a block's a left fold of its segments' sums. A block's prefix is a left fold of the blocks' sums before
/// it, a segment's a left fold of the segments' sums before it from there, an element's result a left fold from there.
template <scan_kind Kind, class T, class In, class Op>
class scan {
  static constexpr index_t segment = scan_segment<T>;
  static constexpr index_t block = scan_block<T>;
  static constexpr bool streamable =
      has_streaming_stores && std::is_arithmetic_v<T> && segment * static_cast<index_t>(sizeof(T)) == line_bytes;

 public:
  /// `carry` is what comes before the first element; nothing in an inclusive scan.
  scan(In in, T* out, index_t n, const Op& op, std::optional<T> carry)
      : in_(in),
        out_(out),
        n_(n),
        blocks_((n - 1) / block + 1),
        streams_(streamable && detail::pays_to_stream(out, n, in)),
        op_(op),
        carry_(std::move(carry)) {}

  /// The limits count elements; `watch` is told of those that have their result.
  template <class Watch = const uncontrolled>
  void run(backend* b, loop_options limits = {}, Watch& watch = free_running) {
    constexpr index_t few = 4;  // blocks, as many microseconds
    if (blocks_ > few && b == nullptr) b = default_or_null();
    if (blocks_ <= few || b == nullptr || limits.threads == 1 || b->width() == 1 || b->help().price == backend::never) {
      return watch.in_blocks(0, n_, block, [this](index_t begin, index_t end) { run_here(begin, end); });
    }
    const int threads = limits.threads > 0 ? smaller(limits.threads, b->width()) : b->width();
    limits.grain = (within<index_t>(limits.grain, 1, n_) - 1) / block + 1;
    run_windows(b, smaller(blocks_, scan_blocks_per_thread * threads), limits, watch);
  }

 private:
  /// The blocks of the elements [begin, end), when all before them have been scanned.
  void run_here(index_t begin, index_t end) {
    for (index_t k = begin / block; k * block < end; ++k) {
      std::optional<T> sum;
      if (k + 1 < blocks_) sum = fold_block(k);
      std::optional<T> prefix = carry_;
      if (sum) carry_on(std::move(*sum));
      scan_block_from(k, std::move(prefix));
    }
  }

  /// Windows of `width` blocks, one after another: while one is scanned the next is reduced, in the same loop.
  template <class Watch>
  void run_windows(backend* b, index_t width, loop_options limits, Watch& watch) {
    const auto slots = std::make_unique<std::optional<T>[]>(static_cast<std::size_t>(2 * width));
    std::optional<T>* prefixes = slots.get();
    std::optional<T>* sums = prefixes + width;
    const auto blocks_from = [&](index_t first) { return within<index_t>(blocks_ - first, 0, width); };
    for (index_t window = -width; window < blocks_; window += width) {
      const index_t scanned = window < 0 ? 0 : blocks_from(window);
      const index_t next = window + width;
      const index_t folded = blocks_from(next);
      detail::run_watched(b, larger(scanned, folded), limits, watch, 1, [&](index_t begin, index_t end) {
        for (index_t k = begin; k < end; ++k) {
          if (k < scanned) scan_block_from(window + k, std::move(prefixes[k]));
          if (k < folded) sums[k] = fold_block(next + k);
        }
        const auto elements_before = [&](index_t k) { return smaller((window + smaller(k, scanned)) * block, n_); };
        return elements_before(end) - elements_before(begin);
      });
      if (watch.cut_short()) return;
      for (index_t k = 0; k < folded; ++k) {
        T sum = std::move(*sums[k]);
        sums[k] = carry_;
        carry_on(std::move(sum));
      }
      std::swap(prefixes, sums);
    }
  }

  void carry_on(T&& sum) {
    if (carry_) {
      carry_ = op_(std::move(*carry_), std::move(sum));
    } else {
      carry_ = std::move(sum);
    }
  }

  T fold_block(index_t k) const {
    const In in = in_;
    per_chunk<Op> op = op_;
    index_t first = k * block;
    const index_t end = smaller(first + block, n_);
    T sum = fold_segment(in, op, first, smaller(first + segment, end));
    for (first += segment; first + segment <= end; first += segment) {
      sum = op(std::move(sum), fold_segment(in, op, first, first + segment));  // a length that the compiler knows
    }
    if (first < end) sum = op(std::move(sum), fold_segment(in, op, first, end));
    return sum;
  }

  static T fold_segment(const In& in, const Op& op, index_t first, index_t end) {
    T sum = static_cast<T>(in[first]);
    for (index_t i = first + 1; i < end; ++i) sum = op(std::move(sum), static_cast<T>(in[i]));
    return sum;
  }

  void scan_block_from(index_t k, std::optional<T> prefix) const {
    T* const to = out_ + k * block;
    if constexpr (streamable) {
      if (streams_) return scan_streaming(k, std::move(prefix), to);
    }
    scan_from(k, std::move(prefix), to);
  }

  /// By way of the first cache, as detail/algorithm/elementwise.hpp does it. What shares a line with other blocks is
  /// not streamed.
  void scan_streaming(index_t k, std::optional<T> prefix, T* to) const {
    alignas(line_bytes) T staged[static_cast<std::size_t>(block + segment)];
    const index_t count = smaller(block, n_ - k * block);
    const index_t head = smaller(detail::before_first_line(to), count);
    T* const from = staged + (segment - head) % segment;
    scan_from(k, std::move(prefix), from);
    const index_t streamed = (count - head) / segment * segment;
    const streaming_scope scope;
    std::copy(from, from + head, to);
    detail::stream_lines(to + head, from + head, streamed * static_cast<index_t>(sizeof(T)));
    std::copy(from + head + streamed, from + count, to + head + streamed);
  }

  /// The k-th block's results go to `to`.
  void scan_from(index_t k, std::optional<T> prefix, T* to) const {
    const In in = in_;
    per_chunk<Op> op = op_;
    index_t first = k * block;
    const index_t end = smaller(first + block, n_);
    if (!prefix) {  // the first element of an inclusive scan
      const index_t stop = smaller(first + segment, end);
      T sum = fold_segment(in, op, first, stop);
      *to = static_cast<T>(in[first]);
      scan_segment_from(in, op, first + 1, stop, to + 1, *to);
      prefix = std::move(sum);
      first = stop;
      to += segment;
    }
    T before = std::move(*prefix);
    for (; first + segment < end; first += segment, to += segment) {
      T next = op(before, fold_segment(in, op, first, first + segment));
      scan_segment_from(in, op, first, first + segment, to, std::move(before));
      before = std::move(next);
    }
    if (first < end) scan_segment_from(in, op, first, end, to, std::move(before));
  }

  static void scan_segment_from(const In& in, const Op& op, index_t i, index_t end, T* to, T sum) {
    for (; i < end; ++i, ++to) {
      T value = static_cast<T>(in[i]);  // *to may be in[i]
      if constexpr (Kind == scan_kind::inclusive) {
        sum = op(std::move(sum), std::move(value));
        *to = sum;
      } else {
        *to = sum;
        sum = op(std::move(sum), std::move(value));
      }
    }
  }

  In in_;
  T* out_;
  index_t n_;
  index_t blocks_;
  bool streams_;
  const Op& op_;
  std::optional<T> carry_;
};

}  // namespace parloop::inline v0_2::detail
