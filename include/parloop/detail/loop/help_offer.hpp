// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What one loop's backend asks for its help, and whether that pays. For detail/loop/loop_call.hpp.
#pragma once

#include "../../backend.hpp"
#include "../../default_backend.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"
#include "body_memory.hpp"
#include "pace.hpp"

namespace parloop::inline v0_2::detail {

/// The help of one loop's backend: asked for its price once, when the loop is seen to be long enough. Work and prices
/// are in ticks. Part of every nested loop's stack, so it is small.
class help_offer {
 public:
  /// `backend_or_null` null: the default one, made when it is needed. `threads`: most that may help; 0: any number.
  help_offer(backend* backend_or_null, int threads) noexcept : backend_(backend_or_null), threads_(threads) {
    turn_to_giver();
  }

  /// The loop has ended in the calling thread; what that learns next is about this help.
  void note_end(ticks end) const noexcept {
    turn_to_giver();
    pace_here.note_end(end);
  }

  /// Looks the backend up and asks what help would cost now, for a loop of `n` iterations in `grains` pieces that began
  /// at `start`; `memory` is that of its body.
  [[gnu::noinline]] void ask(ticks start, index_t n, index_t grains, body_memory& memory) noexcept {
    asked_ = true;
    if (backend_ == nullptr) backend_ = default_or_null();
    refused_ = backend_ == nullptr;
    if (refused_) return;
    turn_to_giver();
    width_ = backend_->width();
    if (threads_ > 0) width_ = smaller(width_, threads_);
    if (grains < width_) width_ = static_cast<int>(grains);
    const help_offered offered = width_ > 1 ? backend_->help() : help_offered{backend::never};
    refused_ = offered.price == backend::never;
    if (refused_) return;
    price_ = static_cast<float>(to_ticks(offered.price));
    // A price is that of one helper, which takes over half. Who sleeps takes over nothing before it is there, however
    // many come with it.
    if (!offered.awake) price_ *= static_cast<float>(2 * saved(1));
    if (const double debt = pace_here.debt(start); debt > 0 && price_ > 0) {
      price_ += static_cast<float>(debt);
      pace_here.note_debt(debt);
      return;
    }
    awake_ = offered.awake;
    if (awake_) {
      pace_here.note_awake();
      trials_ = &memory.close;
    } else if (!offered.stays_awake) {
      pace_here.note_asleep(price_);
    } else if (pace_here.time_to_invest(price_, saved(1))) {
      price_ = 0;
      return;
    }
    if (!awake_ && pace_here.after_pause()) trials_ = &memory.after_pause;
    // What had better stay in its caller does so unless it turns out to be twice as long, or takes so long that what
    // was learned, perhaps while others used the CPUs, is not worth believing.
    constexpr double so_long = 32;  // times the price
    const double alone = trials_ != nullptr ? trials_->alone(backend_, n) : 0;
    if (alone < so_long * price_) price_ = larger(price_, static_cast<float>(saved(2 * alone)));
  }

  /// Whether the backend was asked.
  [[nodiscard]] bool asked() const noexcept { return asked_; }
  /// Whether the backend was asked, and gives no help with this loop.
  [[nodiscard]] bool refused() const noexcept { return refused_; }
  /// Whether the backend was asked, and gives help.
  [[nodiscard]] bool given() const noexcept { return asked_ && !refused_; }
  /// Whose help it is; after ask.
  [[nodiscard]] const backend* giver() const noexcept { return backend_; }
  /// Threads that may run the loop's chunks, the caller included; 1 before the backend was asked.
  [[nodiscard]] int width() const noexcept { return width_; }

  /// What is saved of `work` when all threads do it: the part that others take over.
  [[nodiscard]] double saved(double work) const noexcept { return work * (1.0 - 1.0 / width_); }
  /// Whether sharing `work` now saves more than it costs; after ask.
  [[nodiscard]] bool pays_for(double work) const noexcept { return !refused_ && saved(work) > price_; }

  /// Runs `shared` on the backend, which takes `work` ticks if one thread does all of it.
  void run(const loop& shared, double work) {
    if (awake_) pace_here.note_earned(saved(work) - price_);
    backend_->run(shared);
  }

  /// The loop has been shared, and took `took`; by what is known of its iterations it should take `expected` alone.
  /// What seems to gain much by help is not tried alone, as that might take many times as long.
  void note_shared(index_t n, double took, double expected) const noexcept {
    constexpr double much = 1.25;             // times as long alone
    constexpr double much_after_pause = 1.6;  // the first iterations take longer than the rest
    constexpr int loops_before_trial = 8;     // workers that have just been woken begin late for some loops
    constexpr int loops_before_trial_after_pause = 2;
    if (trials_ == nullptr) return;
    trials_->note_shared(backend_, n, took, expected, awake_ ? much : much_after_pause,
                         awake_ ? loops_before_trial : loops_before_trial_after_pause);
  }
  /// The loop has run in its caller and took `took`; the others of this body are likely to take `likely`.
  void note_alone(body_memory& memory, index_t n, double took, double likely) const noexcept {
    if (trials_ != nullptr) trials_->note_alone(backend_, n, took);
    if (!given() || awake_ || memory.close.misses_nothing(n, likely)) return;
    pace_here.note_missed(larger(saved(likely - static_cast<double>(to_ticks(too_short_to_ask))), 0.0));
  }

 private:
  /// Bodies that have run since it was called last may have called loops of other backends.
  void turn_to_giver() const noexcept {
    if (backend_ != nullptr) pace_here.note_backend(backend_);
  }

  backend* backend_;
  sharing_trials* trials_ = nullptr;  // null: none, as somebody is woken for the sake of the loops to come
  float price_ = 0;
  int threads_;
  int width_ = 1;
  bool asked_ = false;
  bool refused_ = false;
  bool awake_ = false;  // a worker was, when asked
};

}  // namespace parloop::inline v0_2::detail
