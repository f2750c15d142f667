// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A loop on its way from its caller to a backend: what is known of it, the probe that decides whether it is shared,
/// the first exception. For detail/loop/run_chunks.hpp.
#pragma once

#include "../../backend.hpp"
#include "../../range.hpp"
#include "../base/caller_context.hpp"
#include "../base/compare.hpp"
#include "../base/first_exception.hpp"
#include "../base/place_in_loop.hpp"
#include "../base/ticks.hpp"
#include "body_memory.hpp"
#include "help_offer.hpp"
#include "pace.hpp"

namespace parloop::inline v0_2::detail {

/// What the probe runs before its first look at the clock, when it knows how long iterations take.
inline constexpr std::chrono::nanoseconds first_block = std::chrono::nanoseconds(700);
/// A first block that took less may be slow for reasons that pass.
inline constexpr std::chrono::nanoseconds convincing = std::chrono::microseconds(20);
/// So long a block may run alone before the clock is looked at, while the rest could be shared.
inline constexpr std::chrono::nanoseconds longest_block = std::chrono::microseconds(50);

/// One call of a loop that is not known to be small, from the probe to the join.
class loop_call {
 public:
  /// Runs a loop on `b`, null meaning the default backend, made when it is needed. It began at `start`, and the
  /// iterations [0, done) have run.
  [[gnu::noinline]] static void run(backend* b, index_t n, loop_options options, body_memory& memory,
                                    const loop_body& body, ticks start, index_t done) {
    loop_call call(b, n, options, memory, body, start, done);
    if (done > 0 ? call.too_long() : call.knows_better_than_to_probe()) return call.fork();
    if (!call.probe()) call.fork();
  }

  /// loop_body::guarded: the iterations [begin, end) of what is shared.
  template <class Chunk>
  static void run_chunk(void* self, index_t begin, index_t end) noexcept {
    loop_call& call = *static_cast<loop_call*>(self);
    if (call.error_.caught()) return;  // a hint; chunks that have started end normally
    const chunk_numbers::lease number(call.numbers_, call.help_.giver());
    const chunk_scope around(call, begin, end);
    call.error_.keep_thrown_by([&] { loop_body::run<Chunk>(call.body_.chunk, call.done_ + begin, call.done_ + end); });
  }

 private:
  loop_call(backend* b, index_t n, loop_options options, body_memory& memory, const loop_body& body, ticks start,
            index_t done) noexcept
      : done_(done),
        body_(body),
        n_(n),
        grain_(larger<index_t>(options.grain, 1)),
        memory_(memory),
        help_(b, options.threads),
        known_(done == 0 ? memory.iteration() : 0),  // else it was wrong
        start_(start) {
    pace_here.note_start(start);
  }

  /// What is around a chunk on the thread that runs it: the caller's context, and clocks where they count.
  class chunk_scope {
   public:
    [[gnu::noinline]] chunk_scope(loop_call& call, index_t begin, index_t end) noexcept
        : call_(call),
          size_(end - begin),
          is_first_(begin == 0 && call.done_ == 0),  // the probe has measured it already, if there was one
          is_here_(&pace_here == call.caller_),
          context_(call.context_, is_here_),
          started_(is_first_ || is_here_ ? now() : 0) {}
    [[gnu::noinline]] ~chunk_scope() {
      if (!is_first_ && !is_here_) return;
      const ticks end = now();
      if (is_first_) call_.first_ = length(started_, end) / static_cast<double>(size_);
      if (!is_here_) return;
      call_.run_here_ += size_;
      call_.took_here_ += end - started_;
      call_.here_until_ = end;
    }

   private:
    loop_call& call_;
    index_t size_;
    bool is_first_;
    bool is_here_;
    caller_context::adopted context_;
    ticks started_;
  };

  // --- deciding ---

  [[nodiscard]] double in_ticks(std::chrono::nanoseconds d) const noexcept {
    return static_cast<double>(d.count()) * ticks_per_nanosecond();
  }
  [[nodiscard]] static double length(ticks begin, ticks end) noexcept {
    return static_cast<double>(larger<ticks>(end - begin, 1));
  }

  void ask_for_help() noexcept { help_.ask(start_, n_, (n_ - 1) / grain_ + 1, memory_); }

  /// Whether `rest` ticks of work should be shared now.
  [[gnu::noinline]] bool worth_sharing(double rest) noexcept {
    if (rest < in_ticks(too_short_to_ask)) return false;
    if (!help_.asked()) ask_for_help();
    return help_.pays_for(rest);
  }

  /// True when the loop should be shared without trying its first iterations: it is known to be long, or it has so few
  /// iterations that trying one serially could cost a good part of what is to be gained, and nothing is known.
  bool knows_better_than_to_probe() noexcept {
    if (known_ < 0) {
      ask_for_help();
      constexpr index_t few = 4;  // per thread; the first iteration then costs a quarter at most
      return help_.given() && n_ / grain_ <= few * help_.width();
    }
    constexpr double surely = 2;  // times what is worth sharing: allows for a memory that is wrong by as much
    if (!worth_sharing(known_ * static_cast<double>(n_) / surely)) return false;
    iteration_ = known_;
    return true;
  }

  /// Whether the iterations that have run, which were expected to take far less, show that the rest is worth sharing.
  bool too_long() noexcept {
    const ticks end = now();
    iteration_ = first_ = length(start_, end) / static_cast<double>(done_);
    if (length(start_, end) < in_ticks(convincing) || !worth_sharing(iteration_ * static_cast<double>(n_ - done_))) {
      return false;
    }
    forked_ = end;
    return true;
  }

  // --- running ---

  /// Runs the first iterations here, in growing blocks under the clock; true when that was all of them, false when the
  /// rest is worth sharing.
  bool probe() {
    const double least = in_ticks(first_block);
    index_t block = grain_;
    ticks last = done_ == 0 ? start_ : now();
    for (bool first = true;; first = false) {
      block = smaller(block, n_ - done_);
      if (help_.refused()) block = n_ - done_;
      body_(done_, done_ + block);
      done_ += block;
      const ticks end = now();
      const double took = length(last, end);
      last = end;
      if (done_ == n_) {
        finish_alone(end);
        return true;
      }
      const double measured = took / static_cast<double>(block);
      iteration_ = measured;
      // A first block is slow for reasons that pass, so what is known counts more, and where nothing is known it only
      // counts when it took longer than asking costs.
      const bool is_long = took > in_ticks(convincing);
      if (first && known_ > 0 && !is_long) iteration_ = smaller<double>(iteration_, known_);
      if ((!first || known_ > 0 || is_long) && worth_sharing(iteration_ * static_cast<double>(n_ - done_))) {
        first_ = measured;
        forked_ = end;
        return false;
      }
      // Eight times the last block: finds out in time when later iterations are longer, at few looks at the clock.
      const index_t grown = block > n_ / 8 ? n_ : 8 * block;
      block = smaller(larger(grown, to_block(least / iteration_)), to_block(in_ticks(longest_block) / iteration_));
    }
  }

  /// A number of iterations as a multiple of the grain.
  [[nodiscard]] index_t to_block(double iterations) const noexcept {
    if (iterations >= static_cast<double>(n_)) return n_;
    const auto whole = static_cast<index_t>(iterations);
    return whole <= grain_ ? grain_ : grain_ == 1 ? whole : whole / grain_ * grain_;
  }

  void finish_alone(ticks end) noexcept {
    const double took = length(start_, end);
    memory_.remember(static_cast<float>(took / static_cast<double>(n_)));
    help_.note_end(end);
    if (known_ > 0) pace_here.note_alone(end, took - known_ * static_cast<double>(n_));
    // An interrupt makes one loop look long: what is known of the others counts as well.
    const double likely = known_ > 0 ? smaller(took, known_ * static_cast<double>(n_)) : took;
    help_.note_alone(memory_, n_, took, likely);
  }

  /// Gives the rest of the loop to the backend and rethrows the first exception that a chunk threw.
  [[gnu::noinline]] void fork() {
    loop work;
    work.n = n_ - done_;
    work.grain = grain_;
    work.width = help_.width();
    work.chunk = {body_.guarded, this};
    work.iteration = fractional_nanoseconds(iteration_ / ticks_per_nanosecond());
    work.next = to_nanoseconds(pace_here.expected_gap());
    place_here.number = place_in_loop::unnumbered;  // the backend says, or run_chunk takes one
    help_.run(work, iteration_ * static_cast<double>(work.n));
    const ticks end = now();
    help_.note_end(end);
    error_.rethrow();
    remember_shared(work.n, end);
  }

  /// What the first iterations took is exact, but others may take longer or less; what the caller's share took tells
  /// when they do by much. How long all of it took, against that, tells whether the help was worth it.
  void remember_shared(index_t shared, ticks end) noexcept {
    constexpr double much = 1.5;
    const ticks begun = forked_ == 0 ? start_ : forked_;
    // Without what the caller does between its chunks: where waking many workers takes longer than the loop, each loop
    // would be remembered as a long one, and be shared for ever.
    const double average = run_here_ == 0 ? first_ : length(0, took_here_) / static_cast<double>(run_here_);
    memory_.remember(static_cast<float>(average < first_ || average > much * first_ ? average : first_));
    help_.note_shared(n_, length(start_, end), static_cast<double>(memory_.iteration()) * static_cast<double>(n_));
    // What it would have taken alone has to be known well; a first chunk that took much longer was interrupted.
    if (known_ < 0 || first_ > 2 * known_) return;
    const double took = length(begun, end);
    const double alone = larger<double>(first_, known_) * static_cast<double>(shared);
    // Help costs no more than the caller waits for it in the end: what stops the caller itself is not to blame on it.
    const double waited = run_here_ == 0 ? took : length(here_until_, end);
    pace_here.note_shared(end, larger(smaller(alone - took, (help_.width() - 1) * took), -waited));
  }

  // What workers read stands together, and far from what the caller writes meanwhile.
  index_t done_;
  loop_body body_;
  const pace* caller_ = &pace_here;  // tells the calling thread from others
  caller_context context_;
  first_exception error_;
  chunk_numbers numbers_;

  index_t n_;
  index_t grain_;
  body_memory& memory_;
  help_offer help_;
  float known_;  // ticks an iteration took in earlier loops; negative: never run
  ticks start_;
  ticks forked_ = 0;      // when the probe ended; 0: there was none
  double iteration_ = 0;  // ticks an iteration takes; 0: not known
  double first_ = 0;      // ticks an iteration took in the first block or chunk
  index_t run_here_ = 0;  // iterations that the calling thread ran as chunks
  ticks took_here_ = 0;   // by those
  ticks here_until_ = 0;  // when the last of them ended
};

}  // namespace parloop::inline v0_2::detail
