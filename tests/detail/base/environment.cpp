// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The parsers of environment variables.
#include <parloop/detail/base/environment.hpp>
#include <string>

#include "../../catch.hpp"

namespace d = parloop::detail;
namespace idle = parloop::idle;
using namespace std::chrono_literals;

TEST_CASE("PARLOOP_NUM_THREADS") {
  CHECK(d::parse_threads("1") == 1);
  CHECK(d::parse_threads("16") == 16);
  CHECK(d::parse_threads("007") == 7);
  CHECK(d::parse_threads("4096") == 4096);
  for (const char* bad : {"",
                          " ",
                          "0",
                          "-1",
                          "+4",
                          " 4",
                          "4 ",
                          "4\n",
                          "abc",
                          "4x",
                          "x4",
                          "0x4",
                          "4,2",
                          "4.0",
                          "1e3",
                          "4097",
                          "99999999999999999999",
                          "9223372036854775808",
                          "\xff\xfe",
                          "٤"}) {
    CAPTURE(bad);
    CHECK(!d::parse_threads(bad));
  }
  CHECK(!d::parse_threads(std::string(4096, '9').c_str()));
}

TEST_CASE("durations") {
  CHECK(d::parse_duration("0ns") == 0ns);
  CHECK(d::parse_duration("50us") == 50us);
  CHECK(d::parse_duration("100ms") == 100ms);
  CHECK(d::parse_duration("2s") == 2s);
  CHECK(d::parse_duration("3600s") == 1h);
  for (const char* bad : {"", "50", "us", "50 us", " 50us", "50us ", "-1us", "+1us", "1.5ms", "3601s", "1h", "50US",
                          "99999999999999999999ns", "9223372036854775807s", "0x5us"}) {
    CAPTURE(bad);
    CHECK(d::parse_duration(bad) < 0ns);
  }
}

TEST_CASE("PARLOOP_IDLE") {
  CHECK(d::parse_idle("spin") == idle::spin());
  CHECK(d::parse_idle("adaptive") == idle::adaptive());
  CHECK(d::parse_idle("adaptive:50us") == idle::adaptive(50us));
  CHECK(d::parse_idle("adaptive:0ns") == idle::adaptive(0ns));
  CHECK(d::parse_idle("park") == idle::park());
  CHECK(d::parse_idle("release") == idle::release());
  CHECK(d::parse_idle("release:100ms") == idle::release(100ms));
  for (const char* bad : {"", " ", "Spin", "SPIN", "spin ", "spin:", "spin:5us", "park:5us", "adaptive:", "adaptive:x",
                          "adaptive:-1us", "release:", "release:100", ":", ":5us", "none", "0", "passive"}) {
    CAPTURE(bad);
    CHECK(d::parse_idle(bad).time < 0ns);
  }
  CHECK(d::parse_idle(std::string(4096, 'a').c_str()).time < 0ns);
}

TEST_CASE("policies clamp negative times") {
  CHECK(idle::adaptive(-5us) == idle::adaptive(0us));
  CHECK(idle::release(-5us) == idle::release(0us));
  CHECK(idle::adaptive(5us) != idle::adaptive(6us));
  CHECK(idle::spin() != idle::park());
}
