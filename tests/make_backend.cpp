// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Backends by name. This file includes no header of an optional backend; of the programs that it is part of, one has
/// another file that does, and both files have to see the same.
#include <cstdlib>
#include <parloop/make_backend.hpp>
#include <parloop/parloop.hpp>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "conformance.hpp"

namespace pl = parloop;
using pl::index_t;

#ifdef TEST_OTHER_FILE_HAS
constexpr std::string_view other_file_has = TEST_OTHER_FILE_HAS;
#else
constexpr std::string_view other_file_has;
#endif

namespace {

std::string message_of(const std::string& name, pl::backend_options options = {}) {
  try {
    (void)pl::make_backend(name, options);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("backends are made by their names and options") {
  for (const char* name : {"serial", "thread_pool", "workqueue", "openmp", "tbb"}) {
    const std::string n = name;
    if ((n == "openmp" || n == "tbb") && n != other_file_has) {
      CHECK(message_of(n).find("includes parloop/backend/" + n + ".hpp") != std::string::npos);
      continue;
    }
    const auto b = pl::make_backend(n, {2, pl::idle::park()});
    CHECK(b->name() == n);
    CHECK(b->width() <= 2);
    CHECK(conformance::seam_contract(*b, 1, 20) == "");
    if (n != "serial") CHECK(message_of(n, {-1, {}}) != "");
  }
  CHECK(message_of("").find("expected serial") != std::string::npos);
  CHECK(message_of("Serial").find("'Serial'") != std::string::npos);
  const auto kept = pl::make_backend("workqueue", {2, pl::idle::release(std::chrono::milliseconds(3))});
  CHECK(std::string(kept->details().c_str()).find("3ms") != std::string::npos);
}

TEST_CASE("a sum has the same bits on every backend and at every width, by every way of choosing") {
  const auto r = pl::prange(20'000);
  const auto body = [](index_t i) { return 1.0 / static_cast<double>(3 * i + 1); };
  pl::serial reference;
  const double expected = pl::parallel_sum(reference, r, body);
  for (const char* name : {"serial", "thread_pool", "workqueue", "openmp", "tbb"}) {
    for (const int width : {1, 2, 3, 8}) {
      if (message_of(name) != "") continue;
      const auto b = pl::make_backend(name, {width, {}});
      conformance::eager cheap(*b);
      CHECK(pl::parallel_sum(cheap, r, body) == expected);
      {
        const pl::scoped_backend use(cheap);
        CHECK(pl::default_backend().name() == name);
        CHECK(pl::parallel_sum(r, body) == expected);
      }
      pl::set_default_backend(cheap);
      CHECK(pl::parallel_sum(r, body) == expected);
      CHECK(pl::default_backend().name() == name);
      pl::reset_default_backend();
    }
  }
}

TEST_CASE("a backend of one's own obeys the environment, but for its threads") {
  ::setenv("PARLOOP_IDLE", "park", 1);
  ::setenv("PARLOOP_NUM_THREADS", "3", 1);
  CHECK(pl::make_backend_of_environment()->width() == 3);
  const auto made = pl::make_backend_of_environment(5);
  CHECK(made->width() == 5);
  CHECK(made->name() == "thread_pool");
  CHECK(made->teams().idle == pl::idle::park());
  ::setenv("PARLOOP_BACKEND", "serial", 1);
  CHECK(pl::make_backend_of_environment(5)->name() == "serial");
  ::setenv("PARLOOP_BACKEND", "nonsense", 1);
  CHECK(pl::make_backend_of_environment(5)->name() == "thread_pool");
  CHECK_THROWS_AS(pl::make_backend_of_environment(-1), std::invalid_argument);
  for (const char* name : {"PARLOOP_IDLE", "PARLOOP_NUM_THREADS", "PARLOOP_BACKEND"}) ::unsetenv(name);
}
