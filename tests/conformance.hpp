// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What every backend has to do, as functions that need no test framework: each returns an empty string, or what went
/// wrong. For a backend of your own: include this header and call them on it. Set a watchdog round them, because a
/// backend that loses a wake-up hangs.
#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <parloop/parloop.hpp>
#include <string>
#include <thread>
#include <vector>

#include "support.hpp"

namespace conformance {

using parloop::index_t;

/// Collects the first failure; may be used by several threads.
class verdict {
 public:
  void fail(const std::string& what) {
    const std::scoped_lock lock(mutex_);
    if (first_.empty()) first_ = what;
  }
  void expect(bool condition, const char* what) {
    if (!condition) fail(what);
  }
  [[nodiscard]] bool good() {
    const std::scoped_lock lock(mutex_);
    return first_.empty();
  }
  [[nodiscard]] std::string text() {
    const std::scoped_lock lock(mutex_);
    return first_;
  }

 private:
  std::mutex mutex_;
  std::string first_;
};

/// Runs `function(k)` on `count` threads, all at once, and waits for them.
template <class Function>
void on_threads(int count, Function function) {
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (int k = 0; k < count; ++k) {
    threads.emplace_back([&, k] {
      ready.fetch_add(1);
      while (ready.load() < count) std::this_thread::yield();
      function(k);
    });
  }
  for (std::thread& t : threads) t.join();
}

/// A backend that passes everything on but asks nothing for help, so that the front end shares loops that it would
/// otherwise keep in their caller.
class eager final : public parloop::backend {
 public:
  explicit eager(parloop::backend& inner) : inner_(inner) {}
  [[nodiscard]] std::string_view name() const noexcept override { return inner_.name(); }
  [[nodiscard]] int width() const noexcept override { return inner_.width(); }
  [[nodiscard]] parloop::help_offered help() const noexcept override {
    return {inner_.help().price == never ? never : std::chrono::nanoseconds(0), true};
  }
  void run(const parloop::loop& work) override {
    parloop::loop unknown = work;
    unknown.iteration = {};  // of a loop of unknown length, every worker is asked, also beyond the CPUs
    inner_.run(unknown);
  }

 private:
  parloop::backend& inner_;
};

namespace detail {

/// One loop given directly to the seam. The counts are not atomic: what `run` promises is what makes them right, and
/// the thread sanitizer sees it when it does not.
class seam_loop {
 public:
  seam_loop(index_t n, index_t grain, int width, std::chrono::nanoseconds work) : runs_(static_cast<std::size_t>(n)) {
    loop_.n = n;
    loop_.grain = grain;
    loop_.width = width;
    loop_.iteration = work;
    loop_.chunk = {&chunk, this};
    work_ = work;
  }

  void run(parloop::backend& b, verdict& result) {
    b.run(loop_);
    result.expect(inside_ == 0, "run returned while a chunk was running");
    result.expect(!bad_begin_, "a chunk did not begin at a multiple of the grain");
    result.expect(!bad_end_, "a chunk did not end at a multiple of the grain or at n");
    result.expect(!out_of_range_, "a chunk was empty or reached beyond [0, n)");
    result.expect(most_inside_ <= std::min(loop_.width, b.width()), "more threads ran chunks than the width allows");
    for (const unsigned char count : runs_) {
      if (count == 1) continue;
      result.fail("an iteration ran " + std::to_string(count) + " times");
      break;
    }
  }

 private:
  static void chunk(void* self, index_t begin, index_t end) noexcept {
    static_cast<seam_loop*>(self)->run_chunk(begin, end);
  }
  void run_chunk(index_t begin, index_t end) noexcept {
    const int now_inside = inside_.fetch_add(1) + 1;
    int most = most_inside_.load();
    while (now_inside > most && !most_inside_.compare_exchange_weak(most, now_inside)) {
    }
    if (begin < 0 || begin >= end || end > loop_.n) {
      out_of_range_ = true;
    } else {
      if (begin % loop_.grain != 0) bad_begin_ = true;
      if (end % loop_.grain != 0 && end != loop_.n) bad_end_ = true;
      for (index_t i = begin; i < end; ++i) ++runs_[static_cast<std::size_t>(i)];
    }
    if (work_.count() > 0) test::busy_for(work_ * (end - begin));
    inside_.fetch_sub(1);
  }

  parloop::loop loop_;
  std::chrono::nanoseconds work_{};
  std::vector<unsigned char> runs_;
  std::atomic<int> inside_{0};
  std::atomic<int> most_inside_{0};
  std::atomic<bool> bad_begin_{false};
  std::atomic<bool> bad_end_{false};
  std::atomic<bool> out_of_range_{false};
};

inline index_t random_size(test::random_source& random) {
  const index_t limits[] = {2, 4, 16, 100, 3'000, 30'000};
  return 1 + random.below(random.one_of(limits));
}

inline index_t random_grain(test::random_source& random, index_t n) {
  const index_t grains[] = {1, 1, 2, 3, 7, 64, 1000, n, n + 1, 10 * n, std::numeric_limits<index_t>::max()};
  return random.one_of(grains);
}

}  // namespace detail

/// The seam, directly: chunks are disjoint, cover [0, n), begin at multiples of the grain, end at one or at n; no more
/// threads at once than asked for; what they wrote is visible on return. Sizes, grains and widths are random.
inline std::string seam_contract(parloop::backend& b, std::uint64_t seed, std::int64_t loops) {
  verdict result;
  test::random_source random(seed);
  result.expect(b.width() >= 1, "the width is below 1");
  result.expect(!b.name().empty(), "the name is empty");
  result.expect(b.help().price.count() >= 0, "the cost of help is negative");
  for (std::int64_t l = 0; l < loops && result.good(); ++l) {
    const index_t n = detail::random_size(random);
    const int widths[] = {1, 2, 3, 16, std::numeric_limits<int>::max()};
    const std::chrono::nanoseconds work(n <= 16 && random.chance(20) ? random.below(20'000) : 0);
    detail::seam_loop(n, detail::random_grain(random, n), random.one_of(widths), work).run(b, result);
  }
  return result.text();
}

/// The seam on the largest index spaces that there are: nothing overflows, and the chunks still cover [0, n).
inline std::string seam_limits(parloop::backend& b) {
  verdict result;
  constexpr index_t most = std::numeric_limits<index_t>::max();
  for (const index_t n : {most, most - 1, most / 2 + 1, index_t{1} << 40}) {
    // Few, very long chunks: the iterations themselves are only counted.
    for (const index_t grain : {most, most - 1, most / 2, most / 2 + 1, n / 3, n / 7 + 5, n / 100}) {
      struct state {
        std::atomic<index_t> covered{0};
        std::atomic<bool> good{true};
        index_t n, grain;
      } s;
      s.n = n;
      s.grain = grain;
      parloop::loop work;
      work.n = n;
      work.grain = grain;
      work.chunk = {[](void* p, index_t begin, index_t end) noexcept {
                      auto& to = *static_cast<state*>(p);
                      if (begin < 0 || begin >= end || end > to.n || begin % to.grain != 0) to.good = false;
                      if (end % to.grain != 0 && end != to.n) to.good = false;
                      to.covered += end - begin;
                    },
                    &s};
      b.run(work);
      result.expect(s.good, "a chunk of a huge loop is not what the seam promises");
      result.expect(s.covered == n, "the chunks of a huge loop do not cover it");
    }
  }
  return result.text();
}

/// Loops of a few iterations, given to the seam again and again, now and then after a pause in which workers fall
/// asleep: a lost wake-up hangs here.
inline std::string tiny_loops(parloop::backend& b, std::uint64_t seed, std::int64_t loops) {
  verdict result;
  test::random_source random(seed);
  for (std::int64_t l = 0; l < loops && result.good(); ++l) {
    int runs[8] = {};
    parloop::loop work;
    work.n = 2 + random.below(7);
    work.chunk = {[](void* p, index_t begin, index_t end) noexcept {
                    for (index_t i = begin; i < end; ++i) ++static_cast<int*>(p)[i];
                  },
                  runs};
    work.next = std::chrono::nanoseconds(random.chance(50) ? 0 : 1'000'000'000);
    b.run(work);
    for (index_t i = 0; i < 8; ++i) {
      result.expect(runs[i] == (i < work.n ? 1 : 0), "an iteration of a tiny loop did not run once");
    }
    if (random.chance(2)) test::busy_for(std::chrono::nanoseconds(random.below(150'000)));
  }
  return result.text();
}

/// Through the front end: every index once, in one, two and three dimensions, with steps, grains and thread limits.
inline std::string exactly_once(parloop::backend& b, std::uint64_t seed, std::int64_t loops) {
  namespace pl = parloop;
  verdict result;
  test::random_source random(seed);
  eager cheap(b);
  std::vector<unsigned char> runs;
  for (std::int64_t l = 0; l < loops && result.good(); ++l) {
    const bool shared = random.chance(70);
    pl::backend& used = shared ? static_cast<pl::backend&>(cheap) : b;
    const int threads = static_cast<int>(random.below(17));
    const auto seen = [&](index_t position) { ++runs[static_cast<std::size_t>(position)]; };
    if (random.chance(50)) {
      const index_t n = detail::random_size(random);
      const index_t start = random.below(2001) - 1000;
      index_t step = random.below(9) - 4;
      if (step == 0) step = 5;
      const index_t grain = random.chance(50) ? 0 : detail::random_grain(random, n);
      runs.assign(static_cast<std::size_t>(n), 0);
      pl::parallel_for(used, pl::prange(start, start + n * step, step).grain(grain).threads(threads),
                       [&](index_t i) { seen((i - start) / step); });
    } else {
      const index_t nz = random.chance(50) ? 1 : 1 + random.below(9);
      const index_t ny = 1 + random.below(30);
      const index_t nx = 1 + random.below(50);
      runs.assign(static_cast<std::size_t>(nz * ny * nx), 0);
      const index_t grain = random.chance(50) ? 0 : detail::random_grain(random, nz * ny * nx);
      if (nz == 1) {
        pl::parallel_for(used, pl::grid(ny, nx).grain(grain).threads(threads),
                         [&](index_t y, index_t x) { seen(y * nx + x); });
      } else {
        pl::parallel_for(used, pl::grid(nz, ny, nx).grain(grain).threads(threads),
                         [&](index_t z, index_t y, index_t x) { seen((z * ny + y) * nx + x); });
      }
    }
    const auto wrong = std::find_if(runs.begin(), runs.end(), [](unsigned char count) { return count != 1; });
    if (wrong != runs.end()) result.fail("an index ran " + std::to_string(*wrong) + " times");
  }
  return result.text();
}

/// An exception that counts its living copies.
struct error_with_index : std::exception {
  explicit error_with_index(index_t i) : index(i) { ++alive; }
  error_with_index(const error_with_index& other) noexcept : std::exception(other), index(other.index) { ++alive; }
  error_with_index& operator=(const error_with_index&) = delete;
  ~error_with_index() override { --alive; }
  [[nodiscard]] const char* what() const noexcept override { return "error_with_index"; }
  index_t index;
  static inline std::atomic<int> alive{0};
};

/// Bodies that throw at one, some or all indices: one of these exceptions arrives, with its type, after every body that
/// started has ended; no index runs twice; nothing leaks; the next loop is as good as ever.
inline std::string exceptions(parloop::backend& b, std::uint64_t seed, std::int64_t loops) {
  namespace pl = parloop;
  verdict result;
  test::random_source random(seed);
  eager cheap(b);
  std::vector<unsigned char> runs;
  for (std::int64_t l = 0; l < loops && result.good(); ++l) {
    const index_t n = 1 + random.below(300);
    const index_t which[] = {0, n - 1, random.below(n)};
    const index_t at = random.one_of(which);
    const index_t every = random.chance(50) ? n : random.chance(50) ? 1 : 1 + random.below(n);
    const std::chrono::nanoseconds work(random.chance(30) ? random.below(2'000) : 0);
    runs.assign(static_cast<std::size_t>(n), 0);
    std::atomic<int> inside{0};
    bool caught = false;
    try {
      pl::parallel_for(random.chance(70) ? static_cast<pl::backend&>(cheap) : b,
                       pl::prange(n).grain(random.chance(50) ? 0 : 1 + random.below(40)), [&](index_t i) {
                         ++runs[static_cast<std::size_t>(i)];
                         inside.fetch_add(1);
                         test::busy_for(work);
                         inside.fetch_sub(1);
                         if (i % every == at % every) throw error_with_index(i);
                       });
    } catch (const error_with_index& e) {
      caught = true;
      result.expect(e.index % every == at % every && runs[static_cast<std::size_t>(e.index)] == 1,
                    "the exception is none that the body threw");
    }
    result.expect(caught, "the body's exception did not arrive");
    result.expect(inside == 0, "a body was running when the exception arrived");
    result.expect(error_with_index::alive == 0, "an exception leaked");
    for (const unsigned char count : runs) result.expect(count <= 1, "an index ran twice in a loop that failed");
    if (random.chance(20)) {
      const std::string after = exactly_once(b, random.next(), 1);
      if (!after.empty()) result.fail("after an exception: " + after);
    }
  }
  return result.text();
}

namespace detail {

/// Runs a loop of which three in ten bodies run another, to the given depth; returns the sum over all bodies of 1.
inline std::int64_t nested_sum(parloop::backend& b, std::uint64_t seed, int depth) {
  test::random_source random(seed);
  const index_t n = 1 + random.below(depth == 4 ? 24 : 10);
  std::vector<std::int64_t> sums(static_cast<std::size_t>(n), 0);
  const auto body = [&b, &sums, seed, depth](index_t i) {
    std::int64_t sum = 1;
    test::random_source own(seed * 1'000'003 + static_cast<std::uint64_t>(i));
    if (depth > 1 && own.chance(30)) sum += nested_sum(b, own.next(), depth - 1);
    if (own.chance(10)) test::busy_for(std::chrono::nanoseconds(own.below(3'000)));
    sums[static_cast<std::size_t>(i)] = sum;
  };
  parloop::parallel_for(b, parloop::prange(n), body);
  std::int64_t total = 0;
  for (const std::int64_t s : sums) total += s;
  return total;
}

}  // namespace detail

/// Loops nested in loops to a depth of four, from `callers` threads at once: the same result as on the serial backend.
inline std::string nested(parloop::backend& b, std::uint64_t seed, std::int64_t loops, int callers) {
  verdict result;
  on_threads(callers, [&](int k) {
    eager cheap(b);
    parloop::serial reference;
    test::random_source random(seed + static_cast<std::uint64_t>(k));
    for (std::int64_t l = 0; l < loops && result.good(); ++l) {
      const std::uint64_t s = random.next();
      result.expect(detail::nested_sum(cheap, s, 4) == detail::nested_sum(reference, s, 4),
                    "a nest of loops did not run every body once");
    }
  });
  return result.text();
}

/// `callers` threads that run loops on one backend at the same time, directly on the seam and through the front end.
inline std::string concurrent_callers(parloop::backend& b, std::uint64_t seed, std::int64_t loops, int callers) {
  verdict result;
  on_threads(callers, [&](int k) {
    const std::uint64_t own = seed + 100 * static_cast<std::uint64_t>(k);
    for (std::int64_t l = 0; l < loops && result.good(); ++l) {
      const std::uint64_t s = own + static_cast<std::uint64_t>(l);
      std::string wrong = seam_contract(b, s, 1);
      if (wrong.empty()) wrong = tiny_loops(b, s, 3);
      if (wrong.empty()) wrong = exactly_once(b, s, 1);
      if (!wrong.empty()) result.fail("with " + std::to_string(callers) + " callers: " + wrong);
    }
  });
  return result.text();
}

/// A mix of everything, `loops` loops in all, by four callers: sizes from 0 to 1e5, every kind of range, grains, thread
/// limits, exceptions, nests; now and then a pause.
inline std::string mixed(parloop::backend& b, std::uint64_t seed, std::int64_t loops) {
  verdict result;
  constexpr int callers = 4;
  on_threads(callers, [&](int k) {
    test::random_source random(seed + static_cast<std::uint64_t>(k));
    eager cheap(b);
    for (std::int64_t l = 0; l < loops / callers && result.good(); ++l) {
      const std::uint64_t s = random.next();
      const std::int64_t kind = random.below(100);
      std::string wrong;
      if (kind < 40) {
        wrong = exactly_once(b, s, 1);
      } else if (kind < 60) {
        wrong = tiny_loops(b, s, 1);
      } else if (kind < 65) {
        wrong = seam_contract(b, s, 1);
      } else if (kind < 69) {
        const index_t n = random.below(100'001);
        std::vector<unsigned char> runs(static_cast<std::size_t>(n), 0);
        parloop::parallel_for(b, runs, [](unsigned char& count) { ++count; });
        if (std::count(runs.begin(), runs.end(), 1) != n) wrong = "an element was not visited once";
      } else if (kind < 70) {
        parloop::parallel_for(b, parloop::prange(random.below(3) - 2), [&](index_t) { wrong = "an empty loop ran"; });
        test::busy_for(std::chrono::nanoseconds(random.below(200'000)));
      } else {
        // The nests count as one loop each, though they are several.
        parloop::serial reference;
        if (detail::nested_sum(cheap, s, 3) != detail::nested_sum(reference, s, 3)) wrong = "a nest is wrong";
      }
      if (!wrong.empty()) result.fail("seed " + std::to_string(s) + ": " + wrong);
    }
  });
  return result.text();
}

}  // namespace conformance
