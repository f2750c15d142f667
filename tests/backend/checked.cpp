// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The checking backend finds what backends can do wrong, and nothing where they do nothing wrong.
#include <functional>
#include <parloop/backend/checked.hpp>
#include <stdexcept>
#include <string>

#include "../backends.hpp"
#include "../catch.hpp"
#include "../conformance.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// Does what the test says instead of what it should.
class wrong_backend final : public pl::backend {
 public:
  explicit wrong_backend(std::function<void(const pl::loop&)> what) : what_(std::move(what)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "wrong"; }
  [[nodiscard]] int width() const noexcept override { return 4; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {std::chrono::nanoseconds(0), true}; }
  void run(const pl::loop& work) override { what_(work); }

 private:
  std::function<void(const pl::loop&)> what_;
};

pl::loop ten_by_two() {
  pl::loop work;
  work.n = 10;
  work.grain = 2;
  work.chunk = {[](void*, index_t, index_t) noexcept {}, nullptr};
  return work;
}

/// What the checker says about a loop of ten iterations and grain 2.
std::string verdict_on(std::function<void(const pl::loop&)> what) {
  wrong_backend inner(std::move(what));
  pl::checked b(inner);
  try {
    b.run(ten_by_two());
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "";
}

bool says(const std::string& text, const char* what) { return text.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("every broken promise is found and named") {
  CHECK(says(verdict_on([](const pl::loop&) {}), "iteration 0 has not run"));
  CHECK(says(verdict_on([](const pl::loop& w) { w.chunk(0, 8); }), "iteration 8 has not run"));
  CHECK(says(verdict_on([](const pl::loop& w) { w.chunk(0, 4), w.chunk(6, 10); }), "iteration 4 has not run"));
  CHECK(says(verdict_on([](const pl::loop& w) { w.chunk(4, 10), w.chunk(0, 6); }), "overlaps"));
  CHECK(says(verdict_on([](const pl::loop& w) { w.chunk(0, 10), w.chunk(0, 10); }), "overlaps"));
  CHECK(says(verdict_on([](const pl::loop& w) { w.chunk(0, 3), w.chunk(3, 10); }), "the grain, 2"));
  CHECK(says(verdict_on([](const pl::loop& w) { w.chunk(0, 10), w.chunk(10, 12); }), "leaves [0, 10)"));
  CHECK(says(verdict_on([](const pl::loop& w) { w.chunk(0, 10), w.chunk(4, 4); }), "is empty"));
  CHECK(verdict_on([](const pl::loop& w) { w.chunk(4, 10), w.chunk(0, 4); }) == "");
}

TEST_CASE("chunks beyond the end of their loop, and too many at once, are found") {
  const test::watchdog guard(60, "late chunks");
  pl::loop kept;
  wrong_backend keeps([&](const pl::loop& w) {
    kept = w;
    w.chunk(0, w.n);
  });
  pl::checked b(keeps);
  b.run(ten_by_two());
  kept.chunk(0, 2);  // after its loop
  CHECK_THROWS_AS(b.run(ten_by_two()), std::logic_error);
  CHECK_NOTHROW(b.run(ten_by_two()));

  std::atomic<int> state{0};
  std::thread other;
  pl::loop waits = ten_by_two();
  waits.chunk = {[](void* p, index_t begin, index_t) noexcept {
                   auto& s = *static_cast<std::atomic<int>*>(p);
                   if (begin != 0) return;
                   s = 1;
                   while (s != 2) std::this_thread::yield();
                 },
                 &state};
  wrong_backend leaves([&](const pl::loop& w) {
    other = std::thread([w] { w.chunk(0, 2); });
    while (state != 1) std::this_thread::yield();
    w.chunk(2, 10);
  });
  pl::checked early(leaves);
  CHECK_THROWS_AS(early.run(waits), std::logic_error);
  state = 2;
  other.join();

  state = 0;
  wrong_backend two([&](const pl::loop& w) {
    std::thread t([&] { w.chunk(0, 2); });
    while (state != 1) std::this_thread::yield();
    w.chunk(2, 10);
    state = 2;
    t.join();
  });
  pl::checked narrow(two);
  CHECK_NOTHROW(narrow.run(waits));
  waits.width = 1;
  state = 0;
  CHECK_THROWS_AS(narrow.run(waits), std::logic_error);
}

TEST_CASE("the suite runs over checked backends") {
  for (const test::candidate& c : test::candidates) {
    const test::watchdog guard(120, c.name);
    const auto inner = c.make(3);
    pl::checked b(*inner);
    INFO(c.name);
    CHECK(conformance::seam_contract(b, 1, test::rounds(200)) == "");
    CHECK(conformance::seam_limits(b) == "");
    CHECK(conformance::exactly_once(b, 2, test::rounds(200)) == "");
    CHECK(conformance::exceptions(b, 3, test::rounds(200)) == "");
    CHECK(conformance::nested(b, 4, test::rounds(30), 4) == "");
    CHECK(conformance::concurrent_callers(b, 5, test::rounds(20), 8) == "");
  }
}
