// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Bodies that run at once and may wait for each other. For algorithm/team.hpp; the protocol is in GANG.md.
#pragma once

#include <string>
#include <system_error>

#include "../../idle.hpp"
#include "../base/caller_context.hpp"
#include "../base/first_exception.hpp"
#include "../base/place_in_loop.hpp"
#include "../base/throw.hpp"
#include "gang_pool.hpp"
#include "idle_rule.hpp"
#include "waited_word.hpp"

namespace parloop::inline v0_2::detail {

/// What a member of a gang is ended by when another cannot come to where it waits. Nobody else throws it.
struct gang_is_broken {
  static constexpr const char* what() noexcept {
    return "parloop::team: a member ended while others waited for it at a barrier";
  }
};

/// One gang: its caller and the threads that it has taken. All of them are there before any body runs.
class gang {
 public:
  /// The body of the member in a seat; may throw.
  using body_fn = void (*)(void* body, gang& all, gang_seat& own);

  gang(int size, idle_policy idle, body_fn body, void* argument)
      : size_(size), idle_(idle), body_(body), argument_(argument), threads_(gang_pool::here()) {
    idle_rule rule;
    rule.set(idle);
    longest_wait_ = rule.longest_join_spin();
  }
  gang(const gang&) = delete;
  gang& operator=(const gang&) = delete;
  ~gang() = default;

  /// Once. Throws `std::system_error` or `std::bad_alloc`, before any body runs, when a thread cannot be had; else
  /// rethrows the first exception of a body when all have ended.
  void run() {
    gang_seat caller;
    open(caller);
    run_body(caller);
    close(caller);
  }

  /// The same in two steps, for callers that run their own part in between, as a compiler's runtime does: `open` starts
  /// the others' bodies, `close` returns when they have ended. The seat is the caller's, for both.
  void open(gang_seat& caller) {
    take_seats(caller);
    threads_.change_members(size_);
    const bool crowded = threads_.crowded();
    taken_cpus cpus(crowded);
    for_each_other([&](gang_thread& t) { t.hand_over(&run_member, this, idle_, crowded, cpus); });
  }
  void close(gang_seat& caller) {
    for_each_other([&](gang_thread& t) { t.wait(polling(caller), threads_.generation()); });
    threads_.change_members(-size_);
    for_each_other([](gang_thread& t) { t.give_back(); });
    if (!error_.caught() && mismatch_.load(memory_order_relaxed)) {
      throw_logic_error(gang_is_broken::what());
    }
    error_.rethrow();
  }

  [[nodiscard]] int size() const noexcept { return size_; }

  /// Returns when all members have come; what they wrote before is visible then. Throws when one cannot come any more.
  void barrier(gang_seat& own) {
    const std::uint32_t before = passed_.count();
    if (passed_.broken()) stop();
    // Release and acquire: the last to come sees what all others wrote, and passes it on by advance.
    if (come_.fetch_add(1, memory_order_acq_rel) + 1 == size_) {
      come_.store(0, memory_order_relaxed);  // published by advance
      passed_.advance();
    } else if (!passed_.wait_while(before, polling(own))) {
      stop();
    }
  }

  /// The first that comes to the member's k-th call, of k = 0, 1, ..., gets true.
  [[nodiscard]] bool is_first(std::uint32_t k) noexcept {
    if (singles_.load(memory_order_relaxed) != k) return false;
    return singles_.compare_exchange_strong(k, k + 1, memory_order_relaxed);  // decides who; orders nothing
  }

  /// One of the loops whose iterations members take as they go. They may be apart by up to `most_apart` such loops.
  struct shared_loop {
    alignas(64) waited_word round;  // how many loops it has served
    atomic<std::int64_t> next{0};   // the first iteration that nobody has taken
    atomic<int> finished{0};        // members that have found nothing more
  };
  static constexpr std::uint32_t most_apart = 4;

  /// Where the k-th such loop of each member is, k = 0, 1, ...; waits for those that are far behind.
  [[nodiscard]] shared_loop& enter_loop(std::uint32_t k, gang_seat& own) {
    shared_loop& l = loops_[k % most_apart];
    const std::uint32_t round = k / most_apart;
    if (round != 0 && !l.round.wait_while(round - 1, polling(own))) stop();
    return l;
  }
  void leave_loop(shared_loop& l) noexcept {
    // Release and acquire: the last to leave sets the loop back after everybody's last look at it.
    if (l.finished.fetch_add(1, memory_order_acq_rel) + 1 < size_) return;
    l.next.store(0, memory_order_relaxed);  // published by advance
    l.finished.store(0, memory_order_relaxed);
    l.round.advance();
  }

  [[nodiscard]] const gang_seat& first_seat() const noexcept { return *first_; }

 private:
  [[noreturn, gnu::cold]] void stop() {
    if (!error_.caught()) mismatch_.store(true, memory_order_relaxed);
    throw_error(gang_is_broken());
  }

  [[nodiscard]] patience polling(gang_seat& own) const noexcept {
    return {longest_wait_, threads_.crowded(), own.on_cpu};
  }

  void take_seats(gang_seat& caller) {
    first_ = last_ = &caller;
    struct guard {
      gang* self;
      ~guard() {
        if (self != nullptr) self->for_each_other([](gang_thread& t) { t.give_back(); });
      }
    } undo{this};
    for (int i = 1; i < size_; ++i) {
      gang_thread& t = threads_.take();
      t.number = i;
      t.next = nullptr;
      last_ = last_->next = &t;
      if (const int error = t.ensure(); error != 0) {
        throw_error(std::system_error(error, std::generic_category(),
                                      "parloop::team: cannot start thread " + std::to_string(i + 1) + " of " +
                                          std::to_string(size_) + ", so no member has run"));
      }
    }
    undo.self = nullptr;
  }

  template <class Function>
  void for_each_other(Function function) {
    for (gang_seat* s = first_->next; s != nullptr;) {
      gang_seat* const next = s->next;  // who is given back belongs to others
      function(static_cast<gang_thread&>(*s));
      s = next;
    }
  }

  static void run_member(void* self, gang_seat& seat) noexcept {
    auto& g = *static_cast<gang*>(self);
    const caller_context::adopted context(g.context_);
    g.run_body(seat);
  }

  void run_body(gang_seat& seat) noexcept {
    const scoped_place place({seat.number, size_, nullptr});
#ifdef __cpp_exceptions
    try {
      body_(argument_, *this, seat);
    } catch (const gang_is_broken&) {
      // Another has said why.
    } catch (...) {
      error_.keep_current();
      for (shared_loop& l : loops_) l.round.break_up();
    }
#else
    body_(argument_, *this, seat);
#endif
    passed_.break_up();  // who waits for this member would wait for ever
  }

  int size_;
  idle_policy idle_;
  body_fn body_;
  void* argument_;
  gang_pool& threads_;
  ticks longest_wait_ = 0;
  caller_context context_;
  gang_seat* first_ = nullptr;
  gang_seat* last_ = nullptr;
  first_exception error_;
  atomic<bool> mismatch_{false};

  // Together: who comes last has the line already when it lets the others go.
  alignas(64) atomic<int> come_{0};
  waited_word passed_;
  alignas(64) atomic<std::uint32_t> singles_{0};
  shared_loop loops_[most_apart];
};

}  // namespace parloop::inline v0_2::detail
