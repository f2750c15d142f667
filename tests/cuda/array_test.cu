// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Device arrays, pinned arrays, views, the copies between them and the host, and what they refuse.
#include <array>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "check.cuh"

namespace cuda = parloop::cuda;
using parloop::index_t;

static_assert(!std::is_copy_constructible_v<cuda::device_array<int>>);
static_assert(std::is_nothrow_move_constructible_v<cuda::device_array<int>>);
static_assert(std::is_nothrow_move_assignable_v<cuda::device_array<int, 3>>);
static_assert(!std::is_copy_constructible_v<cuda::pinned_array<int>>);
static_assert(!std::is_copy_constructible_v<cuda::event>);
static_assert(std::is_trivially_copyable_v<cuda::device_view<int, 3>>);
static_assert(std::is_convertible_v<cuda::device_view<int>, cuda::device_view<const int>>);
static_assert(!std::is_convertible_v<cuda::device_view<const int>, cuda::device_view<int>>);
static_assert(std::is_nothrow_copy_constructible_v<cuda::cuda_error>);

std::vector<int> counted(int n) {
  std::vector<int> v(static_cast<std::size_t>(n));
  std::iota(v.begin(), v.end(), 0);
  return v;
}

void round_trips() {
  const auto host = counted(1000);
  cuda::stream s;
  auto a = cuda::to_device(host);
  CHECK(a.size() == 1000 && a.bytes() == 4000 && a.extent(0) == 1000 && a.get_stream() == nullptr);
  CHECK(cuda::copy_to_host(a) == host);
  auto b = cuda::to_device(s, std::span<const int>(host).first(10));
  CHECK(b.copy_to_host() == counted(10) && b.get_stream() == s.get());
  auto c = cuda::to_device(s, host, cuda::shape<3>{5, 10, 20});
  CHECK(c.extent(0) == 5 && c.extent(1) == 10 && c.extent(2) == 20 && c.copy_to_host() == host);
  auto d = cuda::device_array_like(c);
  CHECK(d.extents() == c.extents() && d.data() != c.data() && d.get_stream() == s.get());
  cuda::copy(s, c, d);
  std::array<int, 1000> into{};
  d.copy_to_host(into);
  CHECK(std::equal(into.begin(), into.end(), host.begin()));
  cuda::pinned_array<int> pinned(1000, 7);
  CHECK(pinned.size() == 1000 && pinned[999] == 7);
  cuda::copy_to_host(s, d, pinned);
  s.synchronize();
  CHECK(std::equal(pinned.begin(), pinned.end(), host.begin()));
  pinned[3] = -1;
  d.copy_from_host(pinned);
  d.synchronize();
  CHECK(d.copy_to_host()[3] == -1);
}

void empty_arrays() {
  cuda::stream s;
  cuda::device_array<double> none(s, 0);
  cuda::device_array<double, 2> no_rows(s, {0, 5});
  CHECK(none.data() == nullptr && none.copy_to_host().empty() && no_rows.size() == 0 && no_rows.extent(1) == 5);
  none.copy_from_host(std::vector<double>());
  cuda::fill(s, none, 1.0);
  cuda::copy(s, none, none);
  cuda::transform(s, none, none, [] __device__(double v) { return v; });
  cuda::pinned_array<double> nothing(0);
  CHECK(nothing.begin() == nothing.end());
  CHECK(cuda::to_device(std::vector<float>()).size() == 0);
}

void moves() {
  cuda::stream s;
  auto a = cuda::to_device(s, counted(8));
  const int* memory = a.data();
  cuda::device_array<int> b(std::move(a));
  CHECK(b.data() == memory && a.data() == nullptr);  // NOLINT: a moved-from array is empty
  cuda::device_array<int> c(s, 3);
  c = std::move(b);
  CHECK(c.data() == memory && b.data() == nullptr && c.size() == 8);  // NOLINT
  if (test::emulated()) CHECK(cudaemu_live_allocs() == 1);
  auto& self = c;
  c = std::move(self);
  CHECK(c.data() == memory && c.copy_to_host() == counted(8));
  cuda::pinned_array<int> p(4, 1);
  cuda::pinned_array<int> q(std::move(p));
  CHECK(q.size() == 4 && p.data() == nullptr);  // NOLINT
  cuda::event e;
  cuda::event f(std::move(e));
  f.record(s);
}

/// The memory goes back where the stream that the array lives on went already, in name.
void outlives_its_stream() {
  auto a = [] {
    cuda::stream s;
    return cuda::to_device(s, counted(100));
  }();
  auto b = cuda::device_array_like(a);
  CHECK(a.copy_to_host() == counted(100));
  const auto views = a.view();
  cuda::parallel_for(a.get_stream(), parloop::prange(100), [=] __device__(index_t i) { views[i] += 1; });
  CHECK(a.copy_to_host()[0] == 1);
}

void refusals() {
  using invalid = std::invalid_argument;
  cuda::stream s;
  cuda::device_array<int> a(s, 10);
  cuda::device_array<int> b(s, 11);
  cuda::device_array<int, 2> m(s, {2, 5});
  cuda::device_array<int, 2> t(s, {5, 2});
  std::vector<int> nine(9);
  const auto twice = [] __device__(int v) { return 2 * v; };
  CHECK(test::contains(test::thrown<invalid>([&] { a.copy_from_host(nine); }), "host has 9 elements"));
  CHECK(test::contains(test::thrown<invalid>([&] { a.copy_to_host(nine); }), "the device array 10"));
  CHECK(!test::thrown<invalid>([&] { static_cast<void>(cuda::to_device(s, nine, cuda::shape<2>{2, 5})); }).empty());
  CHECK(!test::thrown<invalid>([&] { cuda::device_array<int>(s, -1); }).empty());
  CHECK(!test::thrown<std::length_error>([&] {
           cuda::device_array<int, 3>(s, {index_t{1} << 40, index_t{1} << 40, 2});
         }).empty());
  CHECK(!test::thrown<std::length_error>([&] { cuda::device_array<int>(s, index_t{1} << 61); }).empty());
  CHECK(
      test::contains(test::thrown<invalid>([&] { cuda::transform(s, a, b, twice); }), "shape is 10, the output's 11"));
  CHECK(test::contains(test::thrown<invalid>([&] { cuda::transform(s, m, t, twice); }), "2 x 5"));
  CHECK(test::contains(test::thrown<invalid>([&] { cuda::copy(s, a, b); }), "copy"));
  CHECK(!test::thrown<std::out_of_range>([&] { static_cast<void>(a.view().part(5, 6)); }).empty());
  CHECK(!test::thrown<std::out_of_range>([&] { static_cast<void>(a.view().part(-1, 2)); }).empty());
  // Several devices are not at hand; a view that claims to be elsewhere is.
  const cuda::device_view<int> elsewhere(a.data(), {10}, 1);
  cuda::device_array<int> c(s, 10);
  CHECK(test::contains(test::thrown<invalid>([&] { cuda::transform(s, elsewhere, c, twice); }), "of device 1"));
  CHECK(test::contains(test::thrown<invalid>([&] { cuda::fill(s, elsewhere, 0); }), "of device 1"));
  CHECK(test::contains(test::thrown<invalid>([&] { cuda::fill(s, elsewhere, 77); }), "of device 1"));
}

/// Everything an error knows: call, code, bytes, and the line of the caller's, not of a header.
void messages() {
  cuda::stream s;
  const unsigned line = __LINE__ + 2;
  try {
    cuda::device_array<char> huge(s, index_t{1} << 45);
    CHECK(false);
  } catch (const cuda::cuda_error& e) {
    CHECK(e.code() == cudaErrorMemoryAllocation);
    CHECK(e.where().line() == line && test::contains(e.where().file_name(), "array_test.cu"));
    CHECK(test::contains(e.what(), "35184372088832 bytes") &&
          test::contains(e.what(), "cudaErrorMemoryAllocation (2)"));
    CHECK(std::strcmp(e.call().name, "cudaMallocAsync") == 0 && *e.call().kernel == '\0');
  }
  CHECK(cudaGetLastError() == cudaSuccess);
  const auto launch_too_large = [&] {
    cuda::detail::launch(
        s, "too large", {dim3(1), dim3(2048)},
        cuda::detail::for_each_index<parloop::stride::one, cuda::detail::way::single, 1, cuda::detail::constant<int>>,
        cuda::detail::index_space<1>{}, cuda::detail::constant<int>{0});
  };
  const auto text = test::thrown<cuda::cuda_error>(launch_too_large);
  CHECK(test::contains(text, "launching too large on a grid of (1, 1, 1) blocks of (2048, 1, 1) threads"));
  CHECK(cudaGetLastError() == cudaSuccess);
  CHECK(test::contains(cuda::describe(), "compute capability") && cuda::available());
}

int main() {
  return test::run("array", [] {
    round_trips();
    empty_arrays();
    moves();
    outlives_its_stream();
    refusals();
    messages();
  });
}
