// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
// A user's own backend, and the conformance suite on it.
#include <conformance.hpp>
#include <cstdio>
#include <parloop/parloop.hpp>
#include <string>
#include <thread>

namespace {

class two_threads final : public parloop::backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "two_threads"; }
  [[nodiscard]] int width() const noexcept override { return 2; }
  [[nodiscard]] parloop::help_offered help() const noexcept override { return {std::chrono::microseconds(60)}; }
  void run(const parloop::loop& work) override {
    const parloop::index_t half = work.n / 2 / work.grain * work.grain;
    if (half == 0 || work.width == 1) return work.chunk(0, work.n);
    std::thread other([&] { work.chunk(0, half); });
    work.chunk(half, work.n);
    other.join();
  }
};

}  // namespace

int main() {
  two_threads own;
  for (const std::string& wrong :
       {conformance::seam_contract(own, 1, 100), conformance::seam_limits(own), conformance::exactly_once(own, 2, 100),
        conformance::exceptions(own, 3, 100), conformance::tiny_loops(own, 4, 100), conformance::nested(own, 5, 5, 1),
        conformance::concurrent_callers(own, 6, 5, 4), conformance::mixed(own, 7, 100)}) {
    if (wrong.empty()) continue;
    std::puts(wrong.c_str());
    return 1;
  }
  return 0;
}
