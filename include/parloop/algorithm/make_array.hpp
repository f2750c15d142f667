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

#include "../detail/algorithm/control.hpp"
#include "../detail/algorithm/optional_answer.hpp"
#include "../detail/algorithm/visit.hpp"
#include "../detail/base/memory_block.hpp"
#include "../detail/base/throw.hpp"
#include "../index.hpp"
#include "../options.hpp"

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
  if (std::cmp_less(size, 0)) detail::throw_error(std::invalid_argument("parloop::make_array: the size is negative"));
  if (std::cmp_greater(size, most))
    detail::throw_error(std::length_error("parloop::make_array: the size exceeds the memory's"));
  return {static_cast<std::size_t>(size) * sizeof(T), larger<std::size_t>(64, alignof(T))};
}

/// Constructs every element from make(i). With ordinary stores: who touches a page first has just had it cleared by the
/// system, and finds it in its cache.
template <class T, class Watch, class Make>
void construct_elements(backend* b, loop_options limits, Watch& watch, large_array<T>& array, const Make& make) {
  T* const first = array.data();
  const auto n = static_cast<index_t>(array.size());
  detail::run_watched(b, n, limits, watch, 1, [first, &make](index_t begin, index_t end) {
    per_chunk<Make> own = make;
    for (index_t i = begin; i < end; ++i) ::new (static_cast<void*>(first + i)) T(static_cast<T>(own(i)));
  });
}

/// Writes a zero to every page of memory that is zero, and belongs to elements of `size` bytes.
template <class Watch>
void touch_pages(backend* b, loop_options limits, Watch& watch, const memory_block& zeros, std::size_t size) {
  constexpr std::size_t small_page_bytes = 4096;  // the smallest of all systems
  auto* const first = static_cast<volatile unsigned char*>(zeros.data());
  const std::size_t bytes = zeros.bytes();
  const auto pages_of = [](std::size_t count) { return static_cast<index_t>((count - 1) / huge_page_bytes + 1); };
  limits.grain =
      pages_of(size * static_cast<std::size_t>(within<index_t>(limits.grain, 1, static_cast<index_t>(bytes / size))));
  detail::run_watched(b, pages_of(bytes), limits, watch, 1, [=](index_t begin, index_t end) {
    const std::size_t start = static_cast<std::size_t>(begin) * huge_page_bytes;
    const std::size_t stop = smaller(static_cast<std::size_t>(end) * huge_page_bytes, bytes);
    for (std::size_t at = start; at < stop; at += small_page_bytes) first[at] = 0;
    return static_cast<index_t>(stop / size - start / size);  // elements that end here
  });
}

template <class T, class Options, index_like Size>
auto make_zeros(backend* b, const Options& how, Size size) {
  // The zeros of other types, for instance those with pointers to members, may have bits that are set.
  constexpr bool zero_bits = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_pointer_v<T>;
  memory_block memory = memory_for<T>(size);
  const bool zero = zero_bits && memory.mapped();
  const auto elements_at_a_time = static_cast<index_t>(larger<std::size_t>(1, huge_page_bytes / sizeof(T)));
  auto watch = detail::watch_over(how, static_cast<index_t>(size), zero ? elements_at_a_time : 1);
  if (zero) detail::touch_pages(b, detail::limits_of(how), watch, memory, sizeof(T));
  large_array<T> array(std::move(memory));
  if (!zero) detail::construct_elements(b, detail::limits_of(how), watch, array, [](index_t) { return T(); });
  return detail::answer(watch, std::move(array));
}

template <class T, class Options, index_like Size, class Init>
auto make_filled(backend* b, const Options& how, Size size, const Init& init) {
  constexpr bool generated = std::is_invocable_r_v<T, const Init&, index_t>;
  constexpr bool fits = generated || std::is_convertible_v<const Init&, T>;
  static_assert(fits,
                "parloop::make_array: the elements come from a value that converts to their type, or from a function "
                "that is callable as f(i) with an index_t, without changing itself (no `mutable` lambda: capture what "
                "changes by reference)");
  large_array<T> array(memory_for<T>(size));
  auto watch = detail::watch_over(how, static_cast<index_t>(size));
  if constexpr (generated) {
    detail::construct_elements(b, detail::limits_of(how), watch, array, init);
  } else if constexpr (fits) {
    detail::construct_elements(b, detail::limits_of(how), watch, array,
                               [value = static_cast<T>(init)](index_t) { return value; });
  }
  return detail::answer(watch, std::move(array));
}

}  // namespace detail

/// An array of `size` zeros, T(), whose pages are touched in parallel on `b` where that pays. Throws
/// `std::invalid_argument` when the size is negative, `std::length_error` and `std::bad_alloc` when it is too large.
///     auto y = make_array<double>(n);
template <class T, index_like Size>
[[nodiscard]] large_array<T> make_array(backend& b, Size size) {
  return detail::make_zeros<T>(&b, options(), size);
}

/// The same on the default backend.
template <class T, index_like Size>
[[nodiscard]] large_array<T> make_array(Size size) {
  return detail::make_zeros<T>(nullptr, options(), size);
}

/// The same, run as the options say; with a stop token in them, a `std::optional`, empty when it was stopped.
template <class T, detail::setting Options, index_like Size>
[[nodiscard]] auto make_array(backend& b, const Options& how, Size size) {
  return detail::make_zeros<T>(&b, how, size);
}

/// The same on the default backend.
template <class T, detail::setting Options, index_like Size>
[[nodiscard]] auto make_array(const Options& how, Size size) {
  return detail::make_zeros<T>(nullptr, how, size);
}

/// An array of `size` elements that are init(i) for every position i, or copies of `init` where that is a value,
/// written in parallel on `b` where that pays. Throws what `init` throws, having freed the memory; otherwise as
/// `make_array` of zeros.
///     auto y = make_array<double>(n, [&](index_t i) { return x[i] + 2; });
template <class T, index_like Size, class Init>
[[nodiscard]] large_array<T> make_array(backend& b, Size size, const Init& init) {
  return detail::make_filled<T>(&b, options(), size, init);
}

/// The same on the default backend.
template <class T, index_like Size, class Init>
[[nodiscard]] large_array<T> make_array(Size size, const Init& init) {
  return detail::make_filled<T>(nullptr, options(), size, init);
}

/// The same, run as the options say; with a stop token in them, a `std::optional`, empty when it was stopped.
template <class T, detail::setting Options, index_like Size, class Init>
[[nodiscard]] auto make_array(backend& b, const Options& how, Size size, const Init& init) {
  return detail::make_filled<T>(&b, how, size, init);
}

/// The same on the default backend.
template <class T, detail::setting Options, index_like Size, class Init>
[[nodiscard]] auto make_array(const Options& how, Size size, const Init& init) {
  return detail::make_filled<T>(nullptr, how, size, init);
}

}  // namespace parloop::inline v0_2
