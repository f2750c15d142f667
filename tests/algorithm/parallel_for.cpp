// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The parallel loop: which indices run, how often, in what chunks; bodies, containers, exceptions, nesting.
#include <array>
#include <deque>
#include <limits>
#include <memory>
#include <numeric>
#include <parloop/algorithm/parallel_for.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "../conformance.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// A backend that must not be touched: any call of it is counted.
class untouchable final : public pl::backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "untouchable"; }
  [[nodiscard]] int width() const noexcept override { return ++touched, 8; }
  [[nodiscard]] pl::help_offered help() const noexcept override {
    return ++touched, pl::help_offered{std::chrono::nanoseconds(0), true};
  }
  void run(const pl::loop& work) override {
    ++touched;
    work.chunk(0, work.n);
  }
  mutable int touched = 0;
};

/// Takes every loop that is offered, cuts it at random multiples of the grain and runs the pieces in random order here.
class shuffler final : public pl::backend {
 public:
  explicit shuffler(std::uint64_t seed) : random_(seed) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "shuffler"; }
  [[nodiscard]] int width() const noexcept override { return 16; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {std::chrono::nanoseconds(0), true}; }
  void run(const pl::loop& work) override {
    ++loops;
    std::vector<std::pair<index_t, index_t>> pieces;
    for (index_t begin = 0; begin < work.n;) {
      const index_t grains = 1 + random_.below((work.n - 1) / work.grain / 4 + 2);
      const index_t end = grains > (work.n - begin) / work.grain ? work.n : begin + grains * work.grain;
      pieces.emplace_back(begin, end);
      begin = end;
    }
    while (!pieces.empty()) {
      const auto k = static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(pieces.size())));
      work.chunk(pieces[k].first, pieces[k].second);
      pieces[k] = pieces.back();
      pieces.pop_back();
    }
  }
  int loops = 0;

 private:
  test::random_source random_;
};

template <class T>
std::string index_type_runs_once(pl::backend& b, int width) {
  const std::vector<std::int64_t> begins = {0,
                                            1,
                                            5,
                                            100,
                                            std::numeric_limits<T>::max() - 40,
                                            std::numeric_limits<T>::min(),
                                            std::numeric_limits<T>::min() + 3};
  for (const std::int64_t begin : begins) {
    for (const int count : {0, 1, 2, 3, 17, 40}) {
      for (const int step : {1, 2, 3, -1, -2, 7}) {
        for (const index_t grain : {0, 1, 3, 16, 255}) {
          std::int64_t stop = 0;
          if (__builtin_add_overflow(begin, std::int64_t{step} * count, &stop)) continue;
          if (stop < std::numeric_limits<T>::min() || stop > std::numeric_limits<T>::max()) continue;
          std::array<unsigned char, 64> runs{};
          pl::parallel_for(b, pl::prange(static_cast<T>(begin), static_cast<T>(stop), step).grain(grain).threads(width),
                           [&runs, begin, step](index_t i) { ++runs[static_cast<std::size_t>((i - begin) / step)]; });
          for (int k = 0; k < 64; ++k) {
            if (runs[static_cast<std::size_t>(k)] != (k < count ? 1 : 0)) {
              return "start " + std::to_string(begin) + " count " + std::to_string(count) + " step " +
                     std::to_string(step) + " grain " + std::to_string(grain) + " width " + std::to_string(width);
            }
          }
        }
      }
    }
  }
  return "";
}

}  // namespace

TEMPLATE_TEST_CASE("every index runs once, whatever its type, begin, step, grain and the width", "", std::int8_t,
                   std::int16_t, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t) {
  const test::watchdog guard(120, "every index runs once");
  for (int width = 1; width <= 16; ++width) {
    pl::thread_pool pool({width});
    conformance::eager cheap(pool);
    CHECK(index_type_runs_once<TestType>(cheap, width) == "");
  }
}

TEST_CASE("every cell of a grid runs once, in every number of dimensions and order of chunks") {
  const test::watchdog guard(60, "grids");
  shuffler backend(1);
  for (const index_t nz : {1, 2, 5}) {
    for (const index_t ny : {1, 3, 16}) {
      for (const index_t nx : {1, 2, 7, 33}) {
        for (const index_t grain : {0, 1, 4, 32, 1000}) {
          std::vector<int> runs(static_cast<std::size_t>(nz * ny * nx));
          pl::parallel_for(backend, pl::grid(nz, ny, nx).grain(grain), [&](index_t z, index_t y, index_t x) {
            if (z < 0 || z >= nz || y < 0 || y >= ny || x < 0 || x >= nx) throw std::out_of_range("index");
            ++runs[static_cast<std::size_t>((z * ny + y) * nx + x)];
          });
          pl::parallel_for(backend, pl::grid(nz * ny, nx).grain(grain),
                           [&](index_t y, index_t x) { ++runs[static_cast<std::size_t>(y * nx + x)]; });
          pl::parallel_for(backend, pl::grid(pl::prange(10, 10 + nz), pl::prange(-ny, 0), pl::prange(nx, 0, -1)),
                           [&](index_t z, index_t y, index_t x) {
                             ++runs[static_cast<std::size_t>(((z - 10) * ny + y + ny) * nx + nx - x)];
                           });
          CHECK(std::count(runs.begin(), runs.end(), 3) == nz * ny * nx);
        }
      }
    }
  }
  CHECK(backend.loops > 0);
}

TEST_CASE("one thread visits a grid in row-major order") {
  pl::serial backend;
  std::vector<std::array<index_t, 3>> seen;
  pl::parallel_for(backend, pl::grid(2, 3, 4), [&](index_t z, index_t y, index_t x) { seen.push_back({z, y, x}); });
  std::vector<std::array<index_t, 3>> expected;
  for (index_t z = 0; z < 2; ++z) {
    for (index_t y = 0; y < 3; ++y) {
      for (index_t x = 0; x < 4; ++x) expected.push_back({z, y, x});
    }
  }
  CHECK(seen == expected);
}

TEST_CASE("the indices at the limits of index_t run") {
  constexpr index_t highest = std::numeric_limits<index_t>::max();
  constexpr index_t lowest = std::numeric_limits<index_t>::min();
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  for (int round = 0; round < 3; ++round) {
    std::atomic<int> runs{0};
    std::atomic<bool> good{true};
    pl::parallel_for(cheap, pl::prange(highest - 20, highest), [&](index_t i) {
      if (i < highest - 20 || i >= highest) good = false;
      ++runs;
    });
    pl::parallel_for(cheap, pl::prange(lowest, lowest + 20), [&](index_t i) {
      if (i < lowest || i >= lowest + 20) good = false;
      ++runs;
    });
    pl::parallel_for(cheap, pl::prange(lowest + 20, lowest, -1), [&](index_t i) {
      if (i <= lowest || i > lowest + 20) good = false;
      ++runs;
    });
    CHECK(runs == 60);
    CHECK(good);
  }
}

TEST_CASE("an unsigned stop just beyond index_t lets its highest index run") {
  constexpr index_t highest = std::numeric_limits<index_t>::max();
  const auto last_six = pl::prange(highest - 5, static_cast<std::uint64_t>(highest) + 1);
  CHECK(last_six.size() == 6);
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  shuffler shuffled(3);
  pl::serial alone;
  for (pl::backend* b :
       {static_cast<pl::backend*>(&cheap), static_cast<pl::backend*>(&shuffled), static_cast<pl::backend*>(&alone)}) {
    for (const index_t grain : {0, 1, 2, 4, 100}) {
      std::atomic<int> runs[6] = {};
      std::atomic<int> strays{0};
      pl::parallel_for(*b, last_six.grain(grain), [&](index_t i) {
        if (i < highest - 5) {
          ++strays;
        } else {
          ++runs[static_cast<std::size_t>(i - (highest - 5))];
        }
      });
      pl::parallel_for(*b, pl::prange(highest - 5, static_cast<std::uint64_t>(highest) + 1, 5).grain(grain),
                       [&](index_t i) { strays += i == highest - 5 || i == highest ? 0 : 1; });
      CHECK(strays == 0);
      for (const std::atomic<int>& count : runs) CHECK(count == 1);
    }
  }
}

TEST_CASE("chunks cover the range and keep the grain") {
  const test::watchdog guard(60, "chunks");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  shuffler shuffled(2);
  for (pl::backend* b : {static_cast<pl::backend*>(&cheap), static_cast<pl::backend*>(&shuffled)}) {
    for (const index_t n : {1, 2, 10, 63, 64, 65, 1000, 12345}) {
      for (const index_t grain : {0, 1, 2, 7, 64, 1000, 20000}) {
        for (int round = 0; round < 4; ++round) {
          std::vector<unsigned char> runs(static_cast<std::size_t>(n), 0);
          std::atomic<bool> good{true};
          pl::parallel_for_chunks(*b, pl::prange(100, 100 + n).grain(grain), [&](index_t begin, index_t end) {
            if (begin < 0 || begin >= end || end > n) {
              good = false;
              return;
            }
            if (grain > 0 && (begin % grain != 0 || (end % grain != 0 && end != n))) good = false;
            for (index_t p = begin; p < end; ++p) ++runs[static_cast<std::size_t>(p)];
            if (round == 1) test::busy_for(std::chrono::nanoseconds(100 * (end - begin)));
          });
          CHECK(good);
          CHECK(std::count(runs.begin(), runs.end(), 1) == n);
        }
      }
    }
  }
}

TEST_CASE("chunks of the largest ranges") {
  const test::watchdog guard(60, "largest");
  constexpr index_t highest = std::numeric_limits<index_t>::max();
  pl::thread_pool pool({3});
  conformance::eager cheap(pool);
  for (const index_t n : {highest, highest - 1, highest / 2 + 1}) {
    for (const index_t grain : {highest, highest / 2 + 1, highest / 2, highest / 3, highest / 1000}) {
      std::atomic<index_t> covered{0};
      pl::parallel_for_chunks(cheap, pl::prange(n).grain(grain),
                              [&](index_t begin, index_t end) { covered += end - begin; });
      CHECK(covered == n);
    }
  }
}

TEST_CASE("no more threads than asked for work on a loop") {
  const test::watchdog guard(60, "threads");
  pl::thread_pool pool({8});
  conformance::eager cheap(pool);
  for (const int limit : {1, 2, 3, 8, 100}) {
    for (int round = 0; round < 20; ++round) {
      std::atomic<int> inside{0};
      std::atomic<int> most{0};
      pl::parallel_for(cheap, pl::prange(64).grain(1).threads(limit), [&](index_t) {
        const int now_inside = inside.fetch_add(1) + 1;
        int seen = most.load();
        while (now_inside > seen && !most.compare_exchange_weak(seen, now_inside)) {
        }
        test::busy_for(std::chrono::microseconds(10));
        inside.fetch_sub(1);
      });
      CHECK(most <= std::min(limit, 8));
      CHECK(most >= 1);
    }
  }
}

TEST_CASE("a long loop is shared") {
  const test::watchdog guard(60, "sharing");
  pl::thread_pool pool({4});
  const auto caller = std::this_thread::get_id();
  CHECK(test::becomes_true([&] {
    std::atomic<int> elsewhere{0};
    pl::parallel_for(pool, pl::prange(200), [&](index_t) {
      test::busy_for(std::chrono::microseconds(20));
      if (std::this_thread::get_id() != caller) ++elsewhere;
    });
    return elsewhere > 0;
  }));
}

TEST_CASE("iterators and containers: every element once") {
  const test::watchdog guard(60, "containers");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  const auto increment = [](int& element) { ++element; };
  std::vector<int> vector(1000, 1);
  std::deque<int> deque(1000, 1);
  std::array<int, 100> array{};
  int plain[50] = {};
  pl::parallel_for(cheap, vector.begin(), vector.end(), increment);
  pl::parallel_for(cheap, vector, increment);
  pl::parallel_for(vector, increment);
  pl::parallel_for(vector.begin(), vector.end(), increment);
  pl::parallel_for(cheap, std::span(vector).subspan(10, 20), increment);
  pl::parallel_for(cheap, vector.data(), vector.data() + 5, increment);
  pl::parallel_for(cheap, vector.rbegin(), vector.rend(), increment);
  pl::parallel_for(cheap, deque, increment);
  pl::parallel_for(cheap, array, increment);
  pl::parallel_for(cheap, plain, increment);
  CHECK(std::accumulate(vector.begin(), vector.end(), 0) == 6000 + 20 + 5);
  CHECK(std::count(deque.begin(), deque.end(), 2) == 1000);
  CHECK(std::count(array.begin(), array.end(), 1) == 100);
  CHECK(std::count(std::begin(plain), std::end(plain), 1) == 50);
  std::atomic<int> sum{0};
  const std::vector<int>& constant = vector;
  pl::parallel_for(cheap, constant, [&](const int& element) { sum += element; });
  pl::parallel_for(cheap, std::vector<int>{1, 2, 3}, [&](int element) { sum += element; });
  CHECK(sum == 6025 + 6);
  std::vector<int> none;
  pl::parallel_for(cheap, none, increment);
}

namespace {
/// A body that counts how often it is copied, and notices when it is used after its end.
struct counting_body {
  explicit counting_body(std::atomic<int>& runs) : runs_(&runs) {}
  counting_body(const counting_body& other) : runs_(other.runs_) { ++copies; }
  counting_body& operator=(const counting_body&) = delete;
  ~counting_body() { runs_ = nullptr; }
  void operator()(index_t) const { ++*runs_; }
  static inline std::atomic<int> copies{0};

 private:
  std::atomic<int>* runs_;
};

struct copy_that_throws {
  copy_that_throws() = default;
  copy_that_throws(const copy_that_throws&) { throw std::logic_error("copied"); }
  copy_that_throws& operator=(const copy_that_throws&) = delete;
  ~copy_that_throws() = default;
  void operator()(index_t) const {}
};
}  // namespace

TEST_CASE("a body with a copy constructor of its own is not copied") {
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  std::atomic<int> runs{0};
  for (int round = 0; round < 5; ++round) pl::parallel_for(cheap, pl::prange(100).grain(1), counting_body(runs));
  CHECK(runs == 500);
  CHECK(counting_body::copies == 0);
  CHECK_NOTHROW(pl::parallel_for(cheap, pl::prange(100), copy_that_throws{}));
}

TEST_CASE("a body may be a function, a large object or hold what cannot be copied") {
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  static std::atomic<int> calls{0};
  struct helper {
    static void function(index_t) { ++calls; }
  };
  pl::parallel_for(cheap, pl::prange(10), &helper::function);
  const std::array<int, 1000> large{};
  pl::parallel_for(cheap, pl::prange(10), [large](index_t i) { calls += 1 + large[static_cast<std::size_t>(i)]; });
  pl::parallel_for(cheap, pl::prange(10), [p = std::make_unique<int>(1)](index_t) { calls += *p; });
  CHECK(calls == 30);
}

TEST_CASE("the body's result is ignored and its argument may be what an index_t converts to") {
  pl::thread_pool pool({4});
  std::atomic<pl::index_t> sum{0};
  pl::parallel_for(pool, pl::prange(10), [&](pl::index_t i) { return sum += i; });
  pl::parallel_for(pool, pl::prange(10), [&](auto i) { sum += static_cast<long>(i); });
  pl::parallel_for(pool, pl::grid(2, 5), [&](auto y, auto x) { sum += static_cast<long>(5 * y + x); });
  CHECK(sum == 3 * 45);
}

TEST_CASE("an empty loop calls nothing and touches no backend") {
  untouchable backend;
  const auto never = [](auto...) { throw std::logic_error("called"); };
  pl::parallel_for(backend, pl::prange(0), never);
  pl::parallel_for(backend, pl::prange(-1), never);
  pl::parallel_for(backend, pl::prange(5, 5), never);
  pl::parallel_for(backend, pl::prange(5, 6, -1), never);
  pl::parallel_for(backend, pl::prange(6, 5), never);
  pl::parallel_for(backend, pl::grid(0, 5), never);
  pl::parallel_for(backend, pl::grid(5, 0), never);
  pl::parallel_for(backend, pl::grid(5, 5, 0), never);
  pl::parallel_for_chunks(backend, pl::prange(0), never);
  pl::parallel_for(backend, std::vector<int>(), never);
  CHECK(backend.touched == 0);
}

TEST_CASE("a loop of one iteration runs in its caller and touches no backend") {
  untouchable backend;
  std::thread::id where;
  index_t which = -1;
  pl::parallel_for(backend, pl::prange(7, 8), [&](index_t i) {
    which = i;
    where = std::this_thread::get_id();
  });
  CHECK(which == 7);
  CHECK(where == std::this_thread::get_id());
  int cells = 0;
  pl::parallel_for(backend, pl::grid(1, 1, 1), [&](index_t, index_t, index_t) { ++cells; });
  pl::parallel_for_chunks(backend, pl::prange(1), [&](index_t begin, index_t end) { cells += begin == 0 && end == 1; });
  CHECK(cells == 2);
  CHECK(backend.touched == 0);
  CHECK_THROWS_AS(pl::parallel_for(backend, pl::prange(1), [](index_t) { throw std::runtime_error("one"); }),
                  std::runtime_error);
}

TEST_CASE("an exception of the first, the last or every index arrives with its type") {
  const test::watchdog guard(60, "exceptions");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  struct own_error {
    index_t index;
  };
  for (const index_t n : {1, 2, 3, 17, 300}) {
    for (const index_t grain : {0, 1, 3, 1000}) {
      for (const index_t at : {index_t{0}, n / 2, n - 1}) {
        index_t caught = -1;
        try {
          pl::parallel_for(cheap, pl::prange(n).grain(grain), [at](index_t i) {
            if (i == at) throw own_error{i};
          });
        } catch (const own_error& e) {
          caught = e.index;
        }
        CHECK(caught == at);
      }
      CHECK_THROWS_AS(pl::parallel_for(cheap, pl::prange(n).grain(grain), [](index_t) { throw 5; }), int);
      CHECK_THROWS_WITH(
          pl::parallel_for(cheap, pl::prange(n).grain(grain), [](index_t) { throw std::runtime_error("text"); }),
          "text");
      CHECK_THROWS_AS(pl::parallel_for_chunks(cheap, pl::prange(n), [](index_t, index_t) { throw std::bad_alloc(); }),
                      std::bad_alloc);
      CHECK_THROWS_AS(pl::parallel_for(cheap, std::vector<int>(static_cast<std::size_t>(n)), [](int) { throw 'c'; }),
                      char);
    }
  }
}

TEST_CASE("after an exception no further chunks begin") {
  const test::watchdog guard(60, "skip");
  pl::thread_pool pool({2});
  conformance::eager cheap(pool);
  std::atomic<index_t> runs{0};
  constexpr index_t n = 10'000;
  CHECK_THROWS_AS(pl::parallel_for(cheap, pl::prange(n).grain(1),
                                   [&](index_t) {
                                     ++runs;
                                     test::busy_for(std::chrono::microseconds(5));
                                     throw 1;
                                   }),
                  int);
  CHECK(runs <= 2);  // one for each thread: a body that throws ends its chunk
}

TEST_CASE("an exception of a nested loop passes through both") {
  const test::watchdog guard(60, "nested exceptions");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  std::atomic<int> handled{0};
  const auto failing = [&](index_t i) {
    pl::parallel_for(cheap, pl::prange(10), [i](index_t j) {
      if (i == 7 && j == 3) throw std::runtime_error("inner");
    });
  };
  CHECK_THROWS_WITH(pl::parallel_for(cheap, pl::prange(20).grain(1), failing), "inner");
  pl::parallel_for(cheap, pl::prange(20).grain(1), [&](index_t i) {
    try {
      failing(i);
    } catch (const std::runtime_error&) {
      ++handled;
    }
  });
  CHECK(handled == 1);
}

TEST_CASE("many random throws leave the pool as good as new", "[stress]") {
  const test::watchdog guard(300, "random throws");
  pl::thread_pool pool({4});
  CHECK(conformance::exceptions(pool, 11, test::rounds(100'000)) == "");
}

TEST_CASE("a nested loop of the same pool runs in its caller") {
  const test::watchdog guard(60, "nested");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  std::atomic<int> strayed{0};
  std::atomic<int> runs{0};
  for (int round = 0; round < 20; ++round) {
    pl::parallel_for(cheap, pl::prange(16).grain(1), [&](index_t) {
      const auto here = std::this_thread::get_id();
      pl::parallel_for(cheap, pl::prange(8).grain(1), [&](index_t) {
        test::busy_for(std::chrono::microseconds(1));
        if (std::this_thread::get_id() != here) ++strayed;
        ++runs;
      });
    });
  }
  CHECK(strayed == 0);
  CHECK(runs == 20 * 16 * 8);
}

TEST_CASE("a waiting caller never runs a foreign body: a lock held round an inner loop does not deadlock") {
  const test::watchdog guard(60, "locks");
  pl::thread_pool first({4});
  pl::thread_pool second({4});
  conformance::eager a(first);
  conformance::eager b(second);
  std::mutex one;
  std::mutex two;
  std::int64_t total = 0;
  std::int64_t other_total = 0;
  constexpr int rounds = 200;
  conformance::on_threads(2, [&](int k) {
    for (int round = 0; round < rounds; ++round) {
      // One caller nests the second pool in the first, the other the first in the second.
      pl::backend& outer = k == 0 ? static_cast<pl::backend&>(a) : b;
      pl::backend& inner = k == 0 ? static_cast<pl::backend&>(b) : a;
      std::mutex& held = k == 0 ? one : two;
      std::int64_t& sum = k == 0 ? total : other_total;
      pl::parallel_for(outer, pl::prange(4).grain(1), [&](index_t) {
        const std::scoped_lock lock(held);
        std::atomic<int> inside{0};
        pl::parallel_for(inner, pl::prange(4).grain(1), [&](index_t) {
          test::busy_for(std::chrono::nanoseconds(500));
          ++inside;
        });
        sum += inside;
      });
    }
  });
  CHECK(total == rounds * 16);
  CHECK(other_total == rounds * 16);
}

TEST_CASE("what the body wrote is visible after the loop, and what was written before it to the body") {
  const test::watchdog guard(60, "visibility");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  std::vector<int> from(256);
  std::vector<int> to(256);
  bool good = true;
  for (int round = 0; round < 2'000; ++round) {
    std::fill(from.begin(), from.end(), round);
    pl::parallel_for(cheap, pl::prange(256).grain(16),
                     [&](index_t i) { to[static_cast<std::size_t>(i)] = from[static_cast<std::size_t>(255 - i)] + 1; });
    good = good && std::count(to.begin(), to.end(), round + 1) == 256;
  }
  CHECK(good);
}
