// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What `describe` tells: version, backend, width, idle policy, CPUs, environment.
#include <cstdlib>
#include <parloop/describe.hpp>
#include <string>
#include <thread>

#include "backends.hpp"
#include "catch.hpp"
#include "support.hpp"

namespace pl = parloop;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The number that follows `part`; -1: there is none.
double number_after(const std::string& text, const std::string& part) {
  const std::size_t at = text.find(part);
  if (at == std::string::npos) return -1;
  const char* const number = text.c_str() + at + part.size();
  char* end = nullptr;
  const double value = std::strtod(number, &end);
  return end == number ? -1 : value;
}

/// A loop of two chunks, each of which waits for the other to begin.
[[maybe_unused]] void meet_on(pl::backend& b) {
  std::atomic<int> begun{0};
  pl::loop work;
  work.n = 2;
  work.chunk = {[](void* p, pl::index_t begin, pl::index_t end) noexcept {
                  std::atomic<int>& count = *static_cast<std::atomic<int>*>(p);
                  count += static_cast<int>(end - begin);
                  while (count < 2) std::this_thread::yield();
                },
                &begun};
  b.run(work);
}

/// A backend that says nothing about itself.
class quiet final : public pl::backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "quiet backend"; }
  [[nodiscard]] int width() const noexcept override { return 17; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {never}; }
  void run(const pl::loop& work) override { work.chunk(0, work.n); }
};

}  // namespace

TEST_CASE("the description names the version, the backend, its width and the CPUs") {
  const pl::detail::cpus cpus = pl::detail::cpu_count();
  for (const test::candidate& candidate : test::candidates) {
    const auto b = candidate.make(3);
    const std::string text = pl::describe(*b);
    CAPTURE(candidate.name, text);
    CHECK(text.rfind("parloop " PARLOOP_VERSION "\n", 0) == 0);
    CHECK(has(text, "\nbackend: " + std::string(b->name()) + ", " + std::to_string(b->width()) + " threads"));
    CHECK(has(text, "\nCPUs: " + std::to_string(cpus.usable) +
                        " usable (affinity mask: " + std::to_string(cpus.affinity) + "; cgroup quota: "));
    CHECK(has(text, "\nenvironment: "));
    CHECK(has(text, "\na loop is shared when that saves more than: "));
    CHECK(has(text, "\nchunks last: "));
    CHECK(text.back() == '\n');
    CHECK(!has(text, "\n\n"));
    if (const auto* pool = dynamic_cast<pl::detail::team_backend*>(b.get()); pool != nullptr) {
      CHECK(has(text, "idle workers: " + pl::to_string(pool->idle())));
      CHECK(has(text, "workers now: 0 of 2"));
      CHECK(has(text, "never spin") == (3 > cpus.usable));
    } else if (b->name() == "serial") {
      CHECK(!has(text, "idle workers"));
    }
  }
}

TEST_CASE("the description tells what help costs now") {
  for (const test::candidate& candidate : test::candidates) {
    const auto b = candidate.make(3);
    const std::string text = pl::describe(*b);
    CAPTURE(candidate.name, text);
    if (b->help().price == pl::backend::never) {
      CHECK(has(text, "\nloops now stay in their caller\n"));
    } else {
      CHECK(number_after(text, "\nhelp now costs: ") > 0);
    }
  }
}

#if defined(TEST_TBB)

TEST_CASE("the description tells when oneTBB's help came") {
  pl::tbb b({.threads = 2});
  CHECK(has(pl::describe(b), "help came after: not measured yet"));
  meet_on(b);
  CHECK(number_after(pl::describe(b), "help came after: ") > 0);
}

#elif !defined(TEST_OPENMP)

TEST_CASE("the description tells what waking and starting a thread took") {
  const test::watchdog guard(50, "prices");
  for (const char* name : {"thread_pool", "work_stealing"}) {
    const auto pool = pl::make_backend(name, {2, pl::idle::park()});
    CHECK(has(pl::describe(*pool), "waking one took: not measured yet; starting the first took: not measured yet"));
    CHECK(has(pl::describe(*pool), "\nhelp now costs: 60 us\n"));
    meet_on(*pool);
    CHECK(number_after(pl::describe(*pool), "starting the first took: ") > 0);
    CHECK(has(pl::describe(*pool), "waking one took: not measured yet"));
    CHECK(test::becomes_true([&] { return pool->help().price > pl::detail::cost_of_awake_worker; }));  // it sleeps
    meet_on(*pool);
    CHECK(number_after(pl::describe(*pool), "waking one took: ") > 0);
  }
}

TEST_CASE("the description tells what making a thread for a loop took") {
  pl::workqueue queue({.threads = 2});
  CHECK(has(pl::describe(queue), "making one cost: not measured yet"));
  meet_on(queue);
  CHECK(number_after(pl::describe(queue), "making one cost: ") > 0);
}

#endif

TEST_CASE("the idle policies are named") {
  for (const auto& [policy, name] :
       {std::pair(pl::idle::adaptive(), "idle workers: adaptive:100us"),
        std::pair(pl::idle::spin(), "idle workers: spin"), std::pair(pl::idle::park(), "idle workers: park"),
        std::pair(pl::idle::release(std::chrono::milliseconds(2)), "idle workers: release:2ms")}) {
    const pl::thread_pool pool({2, policy});
    CHECK(has(pl::describe(pool), name));
  }
}

TEST_CASE("a backend that says nothing more has no line for it") {
  const std::string text = pl::describe(quiet());
  CHECK(has(text, "\nbackend: quiet backend, 17 threads, the caller included\nCPUs: "));
}

TEST_CASE("without a backend, the default one is described") {
  quiet mine;
  const pl::scoped_backend scope(mine);
  CHECK(has(pl::describe(), "backend: quiet backend"));
}

TEST_CASE("the environment's variables are told, in force or not") {
  const char* names[] = {"PARLOOP_BACKEND", "PARLOOP_NUM_THREADS", "PARLOOP_IDLE"};
  for (const char* name : names) ::unsetenv(name);
  const pl::serial b;
  CHECK(has(pl::describe(b), "\nenvironment: no PARLOOP_ variable is set\n"));
  ::setenv("PARLOOP_NUM_THREADS", "3", 1);
  CHECK(has(pl::describe(b), "\nenvironment: PARLOOP_NUM_THREADS='3'\n"));
  ::setenv("PARLOOP_IDLE", "nonsense", 1);
  CHECK(has(pl::describe(b), "\nenvironment: PARLOOP_NUM_THREADS='3', PARLOOP_IDLE='nonsense'\n"));
  for (const char* name : names) ::unsetenv(name);
}
