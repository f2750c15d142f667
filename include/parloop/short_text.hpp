// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A few sentences, in the object itself: the header of `std::string` takes longer to compile than a small loop.
#pragma once

#include <cstring>

namespace parloop::inline v0_2 {

/// A text of at most `longest` characters; what is beyond is cut off. From a `const char*` or anything that has a
/// `c_str()`, so that functions that return one can be written as if they returned a `std::string`.
class short_text {
 public:
  static constexpr std::size_t longest = 1023;  ///< characters, without the null at the end

  /// An empty one.
  short_text() noexcept { chars_[0] = '\0'; }
  /// The text that ends with a null character.
  [[gnu::cold]] short_text(const char* text) noexcept : short_text() { *this += text; }  // NOLINT: as std::string
  /// The same of a `std::string`.
  template <class String>
  requires requires(const String& s) { s.c_str(); }
  short_text(const String& text) noexcept : short_text(text.c_str()) {}  // NOLINT: for return statements

  /// Appends as much of `text` as there is room for.
  [[gnu::cold]] short_text& operator+=(const char* text) noexcept {
    const std::size_t size = std::strlen(chars_);
    std::strncat(chars_, text, longest - size);
    return *this;
  }
  [[nodiscard]] const char* c_str() const noexcept { return chars_; }      ///< lives as long as this object
  [[nodiscard]] bool empty() const noexcept { return chars_[0] == '\0'; }  ///< whether it has no characters

 private:
  char chars_[longest + 1];
};

}  // namespace parloop::inline v0_2
