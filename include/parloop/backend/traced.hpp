// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backend that writes down what another one does, as a trace for Perfetto or chrome://tracing. Optional.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "../backend.hpp"
#include "../detail/base/atomic.hpp"
#include "../detail/base/compare.hpp"
#include "../detail/base/thread_number.hpp"
#include "../detail/base/ticks.hpp"
#include "../detail/team/scoped_event.hpp"
#include "../detail/trace/trace_file.hpp"

namespace parloop::inline v0_2 {

/// Gives every loop to another backend and records it and its chunks; loops that stay in their caller do not come here.
/// Also records when workers of `thread_pool`, `work_stealing` and `workqueue` start, sleep, are woken, by whom, and
/// end: all those of the process, in one tracer at a time, the first. `openmp` and `tbb` do not tell; there it is the
/// gaps. Records are kept in memory until `write`, a given number of them; what comes after is counted, not kept.
class traced final : public backend {
 public:
  static constexpr std::size_t default_most = 100'000;  ///< records kept, unless told otherwise

  /// `inner` has to outlive this object. `most`: records kept, of 80 bytes each. Throws `std::bad_alloc`.
  explicit traced(backend& inner, std::size_t most = default_most)
      : inner_(inner),
        most_(most),
        records_(std::make_unique<detail::trace_record[]>(most)),
        start_(detail::now()),
        rate_(detail::ticks_per_nanosecond()) {}

  [[nodiscard]] std::string_view name() const noexcept override { return inner_.name(); }
  [[nodiscard]] int width() const noexcept override { return inner_.width(); }
  [[nodiscard]] help_offered help() const noexcept override { return inner_.help(); }
  [[nodiscard]] team_rules teams() const noexcept override { return inner_.teams(); }
  [[nodiscard]] detail::team* own_team() noexcept override { return inner_.own_team(); }
  [[nodiscard]] short_text details() const override {
    const std::string inner = inner_.details().c_str();
    return (inner.empty() ? "" : inner + "; ") + "traced: " + std::to_string(kept()) + " records, " +
           std::to_string(dropped()) + " dropped";
  }

  void run(const loop& work) override {
    tracing t{this, work.chunk};
    loop watched = work;
    watched.chunk = {&tracing::run, &t};
    const detail::ticks from = detail::now();
    inner_.run(watched);
    note({section::innermost(), from, detail::now(), work.n, work.grain, nullptr, detail::thread_number(),
          detail::event::loop});
  }

  /// A name for the loops that this thread runs while the object lives, and a bar of its own above them. The text has
  /// to live until the trace is written.
  class section {
   public:
    /// From now on the loops of this thread on `t` are called `name`.
    section(traced& t, std::string_view name) noexcept
        : traced_(t), name_(name), from_(detail::now()), outer_(innermost()) {
      innermost() = name;
    }
    section(const section&) = delete;
    section& operator=(const section&) = delete;
    ~section() {
      innermost() = outer_;
      traced_.note({name_, from_, detail::now(), 0, 0, nullptr, detail::thread_number(), detail::event::section});
    }

   private:
    friend traced;
    static std::string_view& innermost() noexcept {
      static thread_local constinit std::string_view name{};
      return name;
    }
    traced& traced_;
    std::string_view name_;
    detail::ticks from_;
    std::string_view outer_;
  };

  /// Records so far.
  [[nodiscard]] std::size_t kept() const noexcept {
    return detail::smaller(next_.load(detail::memory_order_relaxed), most_);
  }
  /// Records for which there was no room.
  [[nodiscard]] std::size_t dropped() const noexcept { return next_.load(detail::memory_order_relaxed) - kept(); }

  /// Writes the records to a new file that only its owner may read. A file that exists, a symbolic link too, is left
  /// alone: `std::errc::file_exists`. Loops that are running are left out. Returns what went wrong; loops are not
  /// affected by that.
  [[nodiscard]] std::error_code write(const char* path) const noexcept {
    return detail::write_trace(path, [this] {
      const detail::ticks until = detail::now();
      return detail::trace{
          detail::events_so_far(records_.get(), kept()), dropped(), start_, until, rate_, inner_.name()};
    });
  }

 private:
  struct tracing {
    traced* to;
    chunk_fn chunk;

    static void run(void* self, index_t begin, index_t end) noexcept {
      const tracing& t = *static_cast<tracing*>(self);
      const detail::ticks from = detail::now();
      t.chunk(begin, end);
      t.to->note({{}, from, detail::now(), begin, end, nullptr, detail::thread_number(), detail::event::chunk});
    }
  };

  /// Writes down what threads do besides.
  class thread_watch final : public detail::observer {
   public:
    explicit thread_watch(traced& to) noexcept : to_(to) {
      (void)detail::thread_number();  // so that who makes the tracer, and calls loops, comes before their workers
      watching_ = observe();
    }
    thread_watch(const thread_watch&) = delete;
    thread_watch& operator=(const thread_watch&) = delete;
    ~thread_watch() {
      if (watching_) leave();
    }

   private:
    std::size_t begin(detail::thread_event what, int count, const void* where) noexcept override {
      constexpr detail::event events[] = {detail::event::living, detail::event::parked, detail::event::waiting,
                                          detail::event::waking};
      return to_.note({{}, detail::now(), 0, count, 0, where, detail::thread_number(), events[static_cast<int>(what)]});
    }
    void end(std::size_t place) noexcept override {
      if (place < to_.most_) to_.records_[place].end(detail::now());
    }

    traced& to_;
    bool watching_ = false;
  };

  std::size_t note(const detail::trace_event& e) noexcept {
    const std::size_t place = next_.fetch_add(1, detail::memory_order_relaxed);  // relaxed: each place is one thread's
    if (place < most_) records_[place].write(e);
    return place;
  }

  backend& inner_;
  std::size_t most_;
  std::unique_ptr<detail::trace_record[]> records_;
  detail::atomic<std::size_t> next_{0};
  detail::ticks start_;
  double rate_;
  thread_watch threads_{*this};  // last: sees the others ready, and ends before them
};

}  // namespace parloop::inline v0_2
