// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A row-major view of an array that somebody else owns, in one, two or three dimensions.
#pragma once

#include <concepts>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "detail/base/throw.hpp"
#include "index.hpp"

namespace parloop::inline v0_2 {

namespace detail {
/// What `view(container, ...)` would view.
template <class Container>
struct whole_container;
}  // namespace detail

/// Elements in one piece of memory with N indices, the last one fastest. Owns nothing; copies refer to the same
/// elements.
///     const view plate(temperature.data(), ny, nx);  // plate(y, x) is temperature[y * nx + x]
template <class T, int N>
class view {
  static_assert(N >= 1 && N <= 3, "parloop::view: one, two or three dimensions");

 public:
  using value_type = std::remove_const_t<T>;  ///< of the elements, without `const`
  static constexpr int dimensions = N;        ///< indices of an element

  /// `data` points to as many elements as the product of the extents. Throws `std::invalid_argument` when an extent is
  /// negative.
  template <index_like... Extents>
  requires(sizeof...(Extents) == N) constexpr explicit view(T* data, Extents... extents)
      : data_(data), extents_{static_cast<index_t>(extents)...} {
    for (const index_t e : extents_) {
      if (e < 0) detail::throw_error(std::invalid_argument("parloop::view: an extent is negative"));
    }
  }
  /// A view of constant elements.
  template <std::same_as<value_type> U>
  requires std::is_const_v<T>
  constexpr view(const view<U, N>& other) noexcept : data_(other.data()) {
    for (int d = 0; d < N; ++d) extents_[d] = other.extent(d);
  }

  /// The first element.
  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  /// Number of indices along dimension `d`; 0 is the slowest.
  [[nodiscard]] constexpr index_t extent(int d) const noexcept { return extents_[d]; }
  /// Number of elements.
  [[nodiscard]] constexpr index_t size() const noexcept {
    index_t count = 1;
    for (const index_t e : extents_) count *= e;
    return count;
  }
  /// The element at the indices, which have to lie within the extents.
  template <index_like... Indices>
  requires(sizeof...(Indices) == N) [[nodiscard]] constexpr T& operator()(Indices... indices) const noexcept {
    const index_t at[N] = {static_cast<index_t>(indices)...};
    index_t position = at[0];
    for (int d = 1; d < N; ++d) position = position * extents_[d] + at[d];
    return data_[position];
  }

 private:
  T* data_;
  index_t extents_[N];
};
/// `view(pointer, ny, nx)` has two dimensions.
template <class T, class... Extents>
view(T*, Extents...) -> view<T, static_cast<int>(sizeof...(Extents))>;

/// Does not compile, and says why: a view begins at a pointer.
template <class Container, int N>
class view<detail::whole_container<Container>, N> {
  static_assert(std::is_pointer_v<Container>,
                "parloop::view: the first argument is a pointer to the first element: view(x.data(), ny, nx)");

 public:
  /// Takes whatever is there, so that one message comes.
  template <class... Extents>
  constexpr explicit view(const Container&, Extents...) {}
};
/// `view(vector, ny, nx)`, which does not compile.
template <class Container, index_like... Extents>
requires(sizeof...(Extents) >= 1 && sizeof...(Extents) <= 3 && !std::is_pointer_v<std::decay_t<Container>>)
    view(const Container&, Extents...)
->view<detail::whole_container<Container>, static_cast<int>(sizeof...(Extents))>;

/// The extents as text, for messages: "3 x 4".
template <class T, int N>
[[nodiscard]] std::string shape_text(const view<T, N>& v) {
  std::string text = std::to_string(v.extent(0));
  for (int d = 1; d < N; ++d) text += " x " + std::to_string(v.extent(d));
  return text;
}

}  // namespace parloop::inline v0_2
