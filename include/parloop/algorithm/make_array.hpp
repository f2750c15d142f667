// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Large arrays whose memory is touched for the first time by the threads that will work on it: `make_array`.
#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "../detail/algorithm/visit.hpp"
#include "../detail/base/memory_block.hpp"
#include "../detail/loop/run_erased.hpp"
#include "../index.hpp"

namespace parloop::inline v0_2 {

/// An array that owns its elements, contiguous, at least 64-byte aligned; made by `make_array`. Move-only; converts to
/// `std::span`. From 32 MiB on its memory is mapped for it alone, on huge pages where the system offers them.
template <class T>
class large_array {
  static_assert(std::is_trivially_copyable_v<T> && std::is_same_v<T, std::remove_cv_t<T>>,
                "parloop::large_array: the elements must be trivially copyable and not const: they come as bytes and "
                "go without destructors");

 public:
  using value_type = T;  ///< as containers have it

  /// No elements.
  large_array() = default;
  /// Takes memory for whole elements; for make_array.
  explicit large_array(detail::memory_block memory) noexcept : memory_(std::move(memory)) {}

  /// The first element; null when there are none.
  [[nodiscard]] T* data() noexcept { return static_cast<T*>(memory_.data()); }
  /// \copydoc data()
  [[nodiscard]] const T* data() const noexcept { return static_cast<const T*>(memory_.data()); }
  /// Number of elements; zero when the array was moved from.
  [[nodiscard]] std::size_t size() const noexcept { return memory_.bytes() / sizeof(T); }
  /// Whether there are none.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The first element.
  [[nodiscard]] T* begin() noexcept { return data(); }
  /// One past the last.
  [[nodiscard]] T* end() noexcept { return data() + size(); }
  /// \copydoc begin()
  [[nodiscard]] const T* begin() const noexcept { return data(); }
  /// \copydoc end()
  [[nodiscard]] const T* end() const noexcept { return data() + size(); }
  /// The element at `i`, which lies in [0, size()).
  template <index_like Index>
  [[nodiscard]] T& operator[](Index i) noexcept {
    return data()[i];
  }
  /// \copydoc operator[](Index)
  template <index_like Index>
  [[nodiscard]] const T& operator[](Index i) const noexcept {
    return data()[i];
  }

 private:
  detail::memory_block memory_;
};

namespace detail {

template <class T, index_like Size>
memory_block memory_for(Size size) {
  constexpr std::size_t most = (std::numeric_limits<std::size_t>::max)() / 2 / sizeof(T);
  if (std::cmp_less(size, 0)) throw std::invalid_argument("parloop::make_array: the size is negative");
  if (std::cmp_greater(size, most)) throw std::length_error("parloop::make_array: the size exceeds the memory's");
  return {static_cast<std::size_t>(size) * sizeof(T), larger<std::size_t>(64, alignof(T))};
}

/// Constructs every element from make(i). With ordinary stores: who touches a page first has just had it cleared by the
/// system, and finds it in its cache.
template <class T, class Make>
void construct_elements(backend* b, large_array<T>& array, const Make& make) {
  T* const first = array.data();
  detail::run_erased(b, static_cast<index_t>(array.size()), {}, [first, &make](index_t begin, index_t end) {
    per_chunk<Make> own = make;
    for (index_t i = begin; i < end; ++i) ::new (static_cast<void*>(first + i)) T(static_cast<T>(own(i)));
  });
}

/// Writes a zero to every page of memory that is zero.
inline void touch_pages(backend* b, const memory_block& zeros) {
  constexpr std::size_t small_page_bytes = 4096;  // the smallest of all systems
  auto* const first = static_cast<volatile unsigned char*>(zeros.data());
  const std::size_t bytes = zeros.bytes();
  detail::run_erased(b, static_cast<index_t>((bytes - 1) / huge_page_bytes + 1), {}, [=](index_t begin, index_t end) {
    const std::size_t stop = smaller(static_cast<std::size_t>(end) * huge_page_bytes, bytes);
    for (std::size_t at = static_cast<std::size_t>(begin) * huge_page_bytes; at < stop; at += small_page_bytes) {
      first[at] = 0;
    }
  });
}

template <class T, index_like Size>
large_array<T> make_zeros(backend* b, Size size) {
  // The zeros of other types, for instance those with pointers to members, may have bits that are set.
  constexpr bool zero_bits = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_pointer_v<T>;
  memory_block memory = memory_for<T>(size);
  const bool zero = zero_bits && memory.mapped();
  if (zero) touch_pages(b, memory);
  large_array<T> array(std::move(memory));
  if (!zero) construct_elements(b, array, [](index_t) { return T(); });
  return array;
}

template <class T, index_like Size, class Init>
large_array<T> make_filled(backend* b, Size size, const Init& init) {
  constexpr bool generated = std::is_invocable_r_v<T, const Init&, index_t>;
  constexpr bool fits = generated || std::is_convertible_v<const Init&, T>;
  static_assert(fits,
                "parloop::make_array: the elements come from a value that converts to their type, or from a function "
                "that is callable as f(i) with an index_t, without changing itself (no `mutable` lambda: capture what "
                "changes by reference)");
  large_array<T> array(memory_for<T>(size));
  if constexpr (generated) {
    construct_elements(b, array, init);
  } else if constexpr (fits) {
    construct_elements(b, array, [value = static_cast<T>(init)](index_t) { return value; });
  }
  return array;
}

}  // namespace detail

/// An array of `size` zeros, T(), whose pages are touched in parallel on `b` where that pays. Throws
/// `std::invalid_argument` when the size is negative, `std::length_error` and `std::bad_alloc` when it is too large.
///     auto y = make_array<double>(n);
template <class T, index_like Size>
[[nodiscard]] large_array<T> make_array(backend& b, Size size) {
  return detail::make_zeros<T>(&b, size);
}

/// The same on the default backend.
template <class T, index_like Size>
[[nodiscard]] large_array<T> make_array(Size size) {
  return detail::make_zeros<T>(static_cast<backend*>(nullptr), size);
}

/// An array of `size` elements that are init(i) for every position i, or copies of `init` where that is a value,
/// written in parallel on `b` where that pays. Throws what `init` throws, having freed the memory; otherwise as
/// `make_array` of zeros.
///     auto y = make_array<double>(n, [&](index_t i) { return x[i] + 2; });
template <class T, index_like Size, class Init>
[[nodiscard]] large_array<T> make_array(backend& b, Size size, const Init& init) {
  return detail::make_filled<T>(&b, size, init);
}

/// The same on the default backend.
template <class T, index_like Size, class Init>
[[nodiscard]] large_array<T> make_array(Size size, const Init& init) {
  return detail::make_filled<T>(static_cast<backend*>(nullptr), size, init);
}

}  // namespace parloop::inline v0_2
