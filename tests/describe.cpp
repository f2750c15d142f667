// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What `describe` tells: version, backend, width, idle policy, CPUs, environment.
#include <parloop/describe.hpp>

#include <cstdlib>
#include <string>

#include "backends.hpp"
#include "catch.hpp"
#include "support.hpp"

namespace pl = parloop;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A backend that says nothing about itself.
class quiet final : public pl::backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "quiet backend"; }
  [[nodiscard]] int width() const noexcept override { return 17; }
  [[nodiscard]] std::chrono::nanoseconds fork_cost() const noexcept override { return never; }
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
