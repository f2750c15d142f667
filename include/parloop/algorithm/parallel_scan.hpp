// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Prefix sums with any associative operation, `inclusive_scan` and `exclusive_scan`: the same, to the last bit, on
/// every backend and with any number of threads.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "../detail/algorithm/scan.hpp"
#include "transform.hpp"

namespace parloop::inline v0_2 {

namespace detail {

struct plus {
  template <class T>
  constexpr T operator()(const T& left, const T& right) const {
    return static_cast<T>(left + right);
  }
};

template <scan_kind Kind, class Options, class In, class Out, class Op, class... Init>
auto scan_arrays(backend* b, const Options& how, const In& in, Out& out, const Op& op, const Init&... init) {
  constexpr bool writable = std::is_pointer_v<decltype(detail::place_of(out))> && writable_elements<Out>;
  static_assert(writable, "parloop: a scan's output is an array, span or vector whose elements can be written");
  if constexpr (writable) {
    using T = std::remove_pointer_t<decltype(detail::place_of(out))>;
    using source = decltype(detail::source_of(in));
    constexpr bool callable =
        std::is_invocable_r_v<T, const Op&, T, T> && std::is_constructible_v<T, decltype(detail::source_of(in)[0])>;
    static_assert(callable,
                  "parloop: a scan's operation must be callable with two values of the output's type and return one, "
                  "and the input's elements must convert to it");
    if constexpr (callable) {
      detail::require_fit("scan", 1, detail::count_of(out), detail::place_of(out), detail::count_of(in),
                          detail::source_of(in));
      const index_t n = detail::count_of(out);
      auto watch = detail::watch_over(how, n, scan_block<T>);
      if (n > 0) {
        std::optional<T> carry;
        (carry.emplace(static_cast<T>(init)), ...);
        scan<Kind, T, source, Op>(detail::source_of(in), detail::place_of(out), n, op, std::move(carry))
            .run(b, detail::limits_of(how), watch);
      }
      return detail::answer(watch);
    }
  }
}

}  // namespace detail

/// output[i] = input[0] op input[1] op ... op input[i], in the output's type. `op` is associative up to rounding and
/// called about twice an element; it need not be commutative. The order of the calls, hence every bit, depends on the
/// size alone. Arrays of one size; the output, contiguous, is the input itself or apart from it, else
/// `std::invalid_argument` is thrown. Exceptions of `op` are rethrown; then the output is not specified.
template <detail::elements Input, detail::elements Output, class Op = detail::plus>
void inclusive_scan(backend& b, const Input& input, Output&& output, const Op& op = {}) {
  detail::scan_arrays<detail::scan_kind::inclusive>(&b, options(), input, output, op);
}

/// The same on the default backend.
template <detail::elements Input, detail::elements Output, class Op = detail::plus>
void inclusive_scan(const Input& input, Output&& output, const Op& op = {}) {
  detail::scan_arrays<detail::scan_kind::inclusive>(nullptr, options(), input, output, op);
}

/// The same, run as the options say.
template <detail::setting Options, detail::elements Input, detail::elements Output, class Op = detail::plus>
auto inclusive_scan(backend& b, const Options& how, const Input& input, Output&& output, const Op& op = {}) {
  return detail::scan_arrays<detail::scan_kind::inclusive>(&b, how, input, output, op);
}

/// The same on the default backend.
template <detail::setting Options, detail::elements Input, detail::elements Output, class Op = detail::plus>
auto inclusive_scan(const Options& how, const Input& input, Output&& output, const Op& op = {}) {
  return detail::scan_arrays<detail::scan_kind::inclusive>(nullptr, how, input, output, op);
}

/// output[i] = init op input[0] op ... op input[i - 1], and output[0] = init, in the output's type; otherwise as
/// `inclusive_scan`.
template <detail::elements Input, detail::elements Output, class Init, class Op = detail::plus>
void exclusive_scan(backend& b, const Input& input, Output&& output, const Init& init, const Op& op = {}) {
  detail::scan_arrays<detail::scan_kind::exclusive>(&b, options(), input, output, op, init);
}

/// The same on the default backend.
template <detail::elements Input, detail::elements Output, class Init, class Op = detail::plus>
void exclusive_scan(const Input& input, Output&& output, const Init& init, const Op& op = {}) {
  detail::scan_arrays<detail::scan_kind::exclusive>(nullptr, options(), input, output, op, init);
}

/// The same, run as the options say.
template <detail::setting Options, detail::elements Input, detail::elements Output, class Init, class Op = detail::plus>
auto exclusive_scan(backend& b, const Options& how, const Input& input, Output&& output, const Init& init,
                    const Op& op = {}) {
  return detail::scan_arrays<detail::scan_kind::exclusive>(&b, how, input, output, op, init);
}

/// The same on the default backend.
template <detail::setting Options, detail::elements Input, detail::elements Output, class Init, class Op = detail::plus>
auto exclusive_scan(const Options& how, const Input& input, Output&& output, const Init& init, const Op& op = {}) {
  return detail::scan_arrays<detail::scan_kind::exclusive>(nullptr, how, input, output, op, init);
}

}  // namespace parloop::inline v0_2
