// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What element-wise verbs read and write: arrays and views, and whether they fit together; for those verbs only.
#pragma once

#include <cstddef>

#include "device_array.hpp"

namespace parloop::inline v0_2::cuda::detail {

template <class T, int N>
[[nodiscard]] device_view<T, N> view_of(device_array<T, N>& a) {
  return a.view();
}
template <class T, int N>
[[nodiscard]] device_view<const T, N> view_of(const device_array<T, N>& a) {
  return a.view();
}
template <class T, int N>
[[nodiscard]] device_view<T, N> view_of(const device_view<T, N>& v) {
  return v;
}

/// An array or view in device memory.
template <class T>
concept operand = requires(const T& t) {
  detail::view_of(t);
};

/// Whether writing `out` element by element could change elements of `in` that are still to be read. The same elements
/// in both, in place, are fine.
template <class Out, class In>
[[nodiscard]] bool partly_overlap(const Out* out, const In* in, index_t count) {
  const auto o = reinterpret_cast<std::uintptr_t>(out);
  const auto i = reinterpret_cast<std::uintptr_t>(in);
  if (o == i && sizeof(Out) == sizeof(In)) return false;
  const auto n = static_cast<std::uintptr_t>(count);
  return o < i + n * sizeof(In) && i < o + n * sizeof(Out);
}

/// Throws `std::invalid_argument` unless the memory of `has` is that of `device`.
inline void require_device(int has, int device, const char* what) {
  if (has == device) return;
  throw std::invalid_argument(std::string("parloop: ") + what + ": an array of device " + std::to_string(has) +
                              ", but the current device is " + std::to_string(device));
}
template <class T, int N>
void require_device(const device_view<T, N>& v, int device, const char* what) {
  require_device(v.device(), device, what);
}

/// Throws `std::invalid_argument` unless `in` has the shape of `out`, lies on `device`, and is `out` or apart from it.
template <class Out, class In, int N>
void require_fit(const device_view<Out, N>& out, const device_view<In, N>& in, int device, const char* what) {
  require_device(in, device, what);
  if (in.extents() != out.extents()) {
    throw std::invalid_argument(std::string("parloop: ") + what + ": the input's shape is " + shape_text(in.extents()) +
                                ", the output's " + shape_text(out.extents()));
  }
  if (partly_overlap(out.data(), in.data(), out.size())) {
    throw std::invalid_argument(std::string("parloop: ") + what + ": the output overlaps a part of an input");
  }
}

}  // namespace parloop::inline v0_2::cuda::detail
