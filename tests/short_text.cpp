// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/short_text.hpp>
#include <string>

#include "catch.hpp"

namespace pl = parloop;

TEST_CASE("a short text holds what it is given") {
  CHECK(pl::short_text().empty());
  CHECK(pl::short_text("").empty());
  const pl::short_text from_characters = "two words";
  CHECK_FALSE(from_characters.empty());
  CHECK(from_characters.c_str() == std::string("two words"));
  const pl::short_text from_string = std::string("three") + " more words";
  CHECK(from_string.c_str() == std::string("three more words"));
  pl::short_text grown = "one";
  grown += " and ";
  (grown += "two") += "";
  CHECK(grown.c_str() == std::string("one and two"));
}

TEST_CASE("what does not fit in a short text is cut off") {
  const std::string most(pl::short_text::longest, 'x');
  CHECK(pl::short_text(most).c_str() == most);
  CHECK(pl::short_text(most + "y").c_str() == most);
  pl::short_text grown(most.substr(2));
  CHECK((grown += "yz!").c_str() == most.substr(2) + "yz");
  CHECK((grown += "more").c_str() == most.substr(2) + "yz");
}
