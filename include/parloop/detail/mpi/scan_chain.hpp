// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Scans whose blocks and segments, those of detail/algorithm/scan.hpp, are spread over ranks. For
/// mpi/parallel_scan.hpp.
#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "../algorithm/scan.hpp"
#include "chunk_plan.hpp"
#include "loop_watch.hpp"

namespace parloop::inline v0_2::detail {

/// One rank's part, the positions `own` of n. A block that begins on one rank and ends on another is computed element
/// by element, from where the rank before came to: its state travels from rank to rank.
template <scan_kind Kind, class In, class T, class Op>
class scan_chain {
  static constexpr index_t segment = scan_segment<T>;
  static constexpr index_t block = scan_block<T>;

 public:
  scan_chain(backend& b, rank_state& ranks, loop_watch& watch, const In* in, T* out, index_t n, stretch own,
             const Op& op)
      : b_(b), ranks_(ranks), watch_(watch), in_(in), out_(out), n_(n), own_(own), op_(op) {}

  /// Collective. `carry` comes before the first element.
  void run(const std::optional<T>& carry) {
    // Whole blocks, which other ranks need nothing of but the sum.
    const index_t first_whole = (own_.begin + block - 1) / block;
    const index_t last_whole = own_.end == n_ ? (n_ + block - 1) / block : own_.end / block;
    const index_t whole = larger<index_t>(last_whole - first_whole, 0);
    const index_t head_end = whole > 0 ? first_whole * block : own_.end;
    const index_t tail_begin = whole > 0 ? smaller(last_whole * block, own_.end) : own_.end;
    std::vector<std::optional<T>> sums(static_cast<std::size_t>(whole));
    std::exception_ptr thrown = attempt([&] {
      detail::run_chunks(&b_, whole, {}, [&](index_t begin, index_t end) {
        for (index_t k = begin; k < end; ++k) sums[static_cast<std::size_t>(k)] = fold_block(first_whole + k);
      });
    });

    state at = receive(carry);
    std::vector<std::optional<T>> prefixes(sums.size());
    if (thrown == nullptr && at.usable) {
      thrown = attempt([&] {
        for (index_t p = own_.begin; p < head_end; ++p) step(at, p);
        for (std::size_t k = 0; k < sums.size(); ++k) {
          prefixes[k] = at.block_prefix;
          begin_block(at, join(at.block_prefix, *sums[k]));
        }
        for (index_t p = tail_begin; p < own_.end; ++p) step(at, p);
      });
    }
    at.usable = at.usable && thrown == nullptr;
    send(at);
    if (thrown != nullptr) std::rethrow_exception(thrown);
    if (!at.usable) return;

    detail::run_chunks(&b_, whole, {}, [&](index_t begin, index_t end) {
      for (index_t k = begin; k < end; ++k) {
        const index_t from = (first_whole + k) * block;
        scan<Kind, T, const In*, Op>(in_ + (from - own_.begin), out_ + (from - own_.begin),
                                     smaller(block, own_.end - from), op_, prefixes[static_cast<std::size_t>(k)])
            .run(&b_);
      }
    });
  }

 private:
  /// How far the scan has come, at any position. Nothing where nothing has been combined yet.
  struct state {
    bool usable = true;             // false: an exception is under way
    std::optional<T> block_prefix;  // of all blocks before this one
    std::optional<T> segments;      // of this block's segments before this one
    std::optional<T> segment_sum;   // of this segment's elements so far
    std::optional<T> before;        // the prefix of this segment
    std::optional<T> running;       // the prefix of the next element
  };

  template <class F>
  static std::exception_ptr attempt(const F& f) {
    try {
      f();
    } catch (...) {
      return std::current_exception();
    }
    return nullptr;
  }

  T join(const std::optional<T>& left, const T& right) const { return left ? T(op_(*left, right)) : right; }

  static void begin_block(state& at, const std::optional<T>& prefix) {
    at.block_prefix = at.before = at.running = prefix;
    at.segments.reset();
    at.segment_sum.reset();
  }

  void step(state& at, index_t p) const {
    const T value = static_cast<T>(in_[p - own_.begin]);
    if constexpr (Kind == scan_kind::exclusive) out_[p - own_.begin] = *at.running;
    at.running = join(at.running, value);
    if constexpr (Kind == scan_kind::inclusive) out_[p - own_.begin] = *at.running;
    at.segment_sum = join(at.segment_sum, value);
    const index_t next = (p + 1) % block;
    if (next % segment != 0) return;
    at.segments = join(at.segments, *at.segment_sum);
    at.running = at.before = join(at.before, *at.segment_sum);
    at.segment_sum.reset();
    if (next == 0) begin_block(at, join(at.block_prefix, *at.segments));
  }

  T fold_block(index_t k) const {
    const index_t end = smaller((k + 1) * block, own_.end);
    std::optional<T> sum;
    for (index_t first = k * block; first < end; first += segment) {
      const index_t stop = smaller(first + segment, end);
      T part = static_cast<T>(in_[first - own_.begin]);
      for (index_t p = first + 1; p < stop; ++p) part = op_(part, static_cast<T>(in_[p - own_.begin]));
      sum = join(sum, part);
    }
    return *sum;
  }

  state receive(const std::optional<T>& carry) {
    state at;
    if (ranks_.rank == 0) {
      begin_block(at, carry);
      return at;
    }
    MPI_Request request;
    check_mpi("MPI_Irecv", MPI_Irecv(&at, sizeof at, MPI_BYTE, ranks_.rank - 1, chain_tag, ranks_.comm, &request));
    watch_.wait(request);
    return at;
  }
  void send(const state& at) {
    if (ranks_.rank + 1 == ranks_.size) return;
    MPI_Request request;
    check_mpi("MPI_Isend", MPI_Isend(&at, sizeof at, MPI_BYTE, ranks_.rank + 1, chain_tag, ranks_.comm, &request));
    watch_.wait(request);
  }

  backend& b_;
  rank_state& ranks_;
  loop_watch& watch_;
  const In* in_;
  T* out_;
  index_t n_;
  stretch own_;
  const Op& op_;
};

}  // namespace parloop::inline v0_2::detail
