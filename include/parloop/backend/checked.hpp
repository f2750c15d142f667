// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backend that watches whether another one keeps the promises of `backend::run`. For who writes one. Optional.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "../backend.hpp"
#include "../detail/base/atomic.hpp"
#include "../detail/base/throw.hpp"
#include "../detail/base/warning.hpp"

namespace parloop::inline v0_2 {

/// Gives every loop to another backend and notes its chunks, under a lock, so it is slow. After each loop that was
/// shared: is every iteration in one chunk, do the chunks begin and end where the grain allows, were there no more at
/// once than the width, has none run on or begun after `run` had returned?
class checked final : public backend {
 public:
  /// `inner` has to outlive this object, and this object every chunk that `inner` may run late.
  explicit checked(backend& inner) : inner_(inner) {}

  [[nodiscard]] std::string_view name() const noexcept override { return inner_.name(); }
  [[nodiscard]] int width() const noexcept override { return inner_.width(); }
  [[nodiscard]] help_offered help() const noexcept override { return inner_.help(); }
  [[nodiscard]] team_rules teams() const noexcept override { return inner_.teams(); }
  [[nodiscard]] detail::team* own_team() noexcept override { return inner_.own_team(); }
  [[nodiscard]] short_text details() const override { return inner_.details() += " (checked)"; }

  /// Throws `std::logic_error` that says what is wrong; a chunk that begins late is told on stderr and by the next
  /// call, and not run.
  void run(const loop& work) override {
    record& r = open(work);
    loop watched = work;
    watched.chunk = {&record::call, &r};
    inner_.run(watched);
    const std::string wrong = close(r);
    if (!wrong.empty()) {
      detail::throw_error(std::logic_error("parloop: backend '" + std::string(name()) + "': " + wrong));
    }
  }

 private:
  struct span {
    index_t begin;
    index_t end;
  };

  /// One loop's chunks. Outlives its loop, so that chunks that begin late are seen.
  struct record {
    static void call(void* self, index_t begin, index_t end) noexcept {
      auto& r = *static_cast<record*>(self);
      if (!r.enter({begin, end})) return;
      r.work.chunk(begin, end);
      const std::scoped_lock lock(r.mutex);
      --r.inside;
    }
    bool enter(span s) noexcept {
      const std::scoped_lock lock(mutex);
      if (!is_open) {
        // Relaxed, here and below: there is nothing behind the flag.
        if (!late.exchange(true, detail::memory_order_relaxed))
          detail::warn("%s", "a backend began a chunk after its loop had returned");
        return false;
      }
      most_inside = (std::max)(most_inside, ++inside);
      detail::call_or([&] { spans.push_back(s); }, [&] { complete = false; });
      return true;
    }

    explicit record(detail::atomic<bool>& late_chunks) : late(late_chunks) {}
    detail::atomic<bool>& late;
    std::mutex mutex;  // guards what follows
    loop work;
    std::vector<span> spans;
    int inside = 0;
    int most_inside = 0;
    bool is_open = false;
    bool complete = true;  // there was memory for all chunks
  };

  /// The oldest record that no loop uses, if there are enough others that a late chunk would meet first, or a new one.
  record& open(const loop& work) {
    constexpr std::size_t kept = 64;
    const std::scoped_lock lock(mutex_);
    if (idle_.size() <= kept) {
      all_.push_back(std::make_unique<record>(late_));
      idle_.push_front(all_.back().get());
    }
    record& r = *idle_.front();
    idle_.pop_front();
    const std::scoped_lock record_lock(r.mutex);
    r.work = work;
    r.spans.clear();
    r.most_inside = 0;
    r.is_open = r.complete = true;
    return r;
  }

  [[nodiscard]] std::string close(record& r) {
    std::string wrong;
    {
      const std::scoped_lock lock(r.mutex);
      r.is_open = false;
      if (r.inside != 0) return "run has returned while a chunk runs";  // its record is used no more
      wrong = r.complete ? fault(r) : "no memory to check a loop";
    }
    const std::scoped_lock lock(mutex_);
    idle_.push_back(&r);
    return late_.exchange(false, detail::memory_order_relaxed)
               ? "a chunk of an earlier loop has begun after run had returned"
               : wrong;
  }

  [[nodiscard]] std::string fault(record& r) const {
    const loop& w = r.work;
    std::sort(r.spans.begin(), r.spans.end(), [](span a, span b) { return a.begin < b.begin; });
    index_t covered = 0;
    for (const span s : r.spans) {
      const std::string chunk = "the chunk [" + std::to_string(s.begin) + ", " + std::to_string(s.end) + ") ";
      if (s.begin < 0 || s.begin >= s.end || s.end > w.n) {
        return chunk + "is empty or leaves [0, " + std::to_string(w.n) + ")";
      }
      if (s.begin % w.grain != 0 || (s.end % w.grain != 0 && s.end != w.n)) {
        return chunk + "does not begin and end at multiples of the grain, " + std::to_string(w.grain);
      }
      if (s.begin < covered) return chunk + "overlaps another";
      if (s.begin > covered) break;
      covered = s.end;
    }
    if (covered != w.n) return "iteration " + std::to_string(covered) + " has not run";
    const int most = (std::min)(w.width, inner_.width());
    if (r.most_inside > most) return std::to_string(r.most_inside) + " chunks at once, of " + std::to_string(most);
    return "";
  }

  backend& inner_;
  std::mutex mutex_;  // guards the two below
  std::vector<std::unique_ptr<record>> all_;
  std::deque<record*> idle_;  // in the order in which their loops ended
  detail::atomic<bool> late_{false};
};

}  // namespace parloop::inline v0_2
