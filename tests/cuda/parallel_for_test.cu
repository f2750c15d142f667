// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// parallel_for: every index once, in one to three dimensions, with any step, also beyond 32 bits; and launch shapes.
#include <limits>
#include <vector>

#include "check.cuh"

namespace cuda = parloop::cuda;
using parloop::grid;
using parloop::index_t;
using parloop::prange;

constexpr index_t highest = std::numeric_limits<index_t>::max();
constexpr index_t lowest = std::numeric_limits<index_t>::min();

/// Stores what the loop was called with where that index belongs; `visits` counts.
template <int N>
struct recorder {
  index_t start[N], step[N], count[N];
  index_t* seen;
  int* visits;

  __device__ index_t position(int d, index_t i) const {
    const auto from = static_cast<unsigned long long>(start[d]);
    const auto to = static_cast<unsigned long long>(i);
    const auto by = static_cast<unsigned long long>(step[d]);
    return static_cast<index_t>(step[d] > 0 ? (to - from) / by : (from - to) / (0 - by));
  }
  template <class... I>
  __device__ void operator()(I... i) const {
    const index_t at[] = {i...};
    index_t flat = 0;
    for (int d = 0; d < N; ++d) flat = flat * count[d] + position(d, at[d]);
    seen[flat] = at[N - 1];
    atomicAdd(&visits[flat], 1);
  }
};

template <int N>
struct loop_record {
  template <parloop::stride Stride>
  loop_record(const cuda::stream& s, const parloop::range<N, Stride>& r)
      : seen(s, r.size()), visits(s, r.size()), body{{}, {}, {}, seen.data(), visits.data()} {
    cuda::fill(s, visits, 0);
    for (int d = 0; d < N; ++d) {
      body.start[d] = r.along(d).start;
      body.step[d] = r.along(d).step;
      body.count[d] = r.along(d).count;
    }
  }
  template <parloop::stride Stride>
  void check(const parloop::range<N, Stride>& r) const {
    index_t wrong = 0;
    for (int v : visits.copy_to_host()) wrong += v != 1;
    index_t p = 0;
    for (index_t v : seen.copy_to_host()) wrong += v != r.along(N - 1)[p++ % r.extent(N - 1)];
    if (CHECK(wrong == 0)) return;
    std::printf("  %d-D, first extent %lld, start %lld, step %lld: %lld wrong\n", N,
                static_cast<long long>(r.extent(0)), static_cast<long long>(r.along(0).start),
                static_cast<long long>(r.along(0).step), static_cast<long long>(wrong));
  }

  cuda::device_array<index_t> seen;
  cuda::device_array<int> visits;
  recorder<N> body;
};

template <int N, parloop::stride Stride>
void visits_all(const parloop::range<N, Stride>& r) {
  cuda::stream s;
  loop_record<N> record(s, r);
  const auto before = test::launches();
  cuda::parallel_for(s, r, record.body);
  if (test::emulated()) CHECK(test::launches() == before + (r.size() > 0));
  record.check(r);
}

template <int N, parloop::stride Stride>
cuda::detail::loop_shape shape_on(const parloop::range<N, Stride>& r, std::uint64_t resident) {
  const auto extent = [&](int d) { return d < N ? static_cast<std::uint64_t>(r.extent(N - 1 - d)) : std::uint64_t{1}; };
  return cuda::detail::index_shape(extent(2), extent(1), extent(0), resident);
}

/// As on a device so small that every thread has several iterations. Returns which way they lay.
template <int N, parloop::stride Stride>
cuda::detail::way visits_in_turns(const parloop::range<N, Stride>& r, unsigned rounds) {
  cuda::stream s;
  loop_record<N> record(s, r);
  const auto resident = static_cast<std::uint64_t>(r.size()) / (cuda::detail::least_rounds * rounds);
  const auto shape = shape_on(r, resident > 0 ? resident : 1);
  cuda::detail::launch_loop(s, "parallel_for", r, record.body, shape);
  record.check(r);
  return shape.iterations;
}

/// Loops whose threads have 2 to 8 iterations, with a last thread that has fewer.
void turns(bool quick) {
  using cuda::detail::way;
  for (unsigned rounds : {2U, 3U, 5U, 8U, 100U}) {
    for (index_t n = 40; n <= 3000; n += quick ? 61 : 7) visits_in_turns(prange(n), rounds);
    for (index_t nx : {255, 256, 257, 512, 700}) {
      CHECK(visits_in_turns(prange(2 * nx), rounds) == way::along_x);
      CHECK(visits_in_turns(grid(5, nx), rounds) == (nx < 256 && rounds > 7 ? way::along_rows : way::along_x));
      if (!quick) visits_in_turns(grid(2, 3, nx), rounds);
    }
    for (index_t ny : {2, 3, 8, 9, 33, 64, 65}) {
      for (index_t nx : {1, 2, 5, 31, 33, 63}) {
        if (ny * nx >= 64) CHECK(visits_in_turns(grid(ny, nx), rounds) == way::along_rows);
        if (!quick) visits_in_turns(grid(7, ny, nx), rounds);
      }
    }
    visits_in_turns(prange(3000, 0, -7), rounds);
    visits_in_turns(prange(-(index_t{1} << 40), index_t{1} << 40, (index_t{1} << 31) + 1), rounds);
    visits_in_turns(prange(highest - 900, highest), rounds);
    visits_in_turns(prange(lowest, highest, index_t{1} << 54), rounds);
    visits_in_turns(grid(prange(20, 0, -3), prange(index_t{1} << 32, (index_t{1} << 32) + 1500, 2)), rounds);
    visits_in_turns(grid(prange(90, 0, -3), prange(-50, 50, 9)), rounds);
    visits_in_turns(grid(prange(9, 0, -2), prange(0, 70, 3), prange((index_t{1} << 31) - 20, (index_t{1} << 31) + 20)),
                    rounds);
  }
}

void one_dimension(bool quick) {
  for (index_t n = -1; n <= 3000; n += quick && n > 40 && n < 2990 ? 97 : 1) visits_all(prange(n));
  for (index_t start : {index_t{1} << 31, index_t{1} << 32, -(index_t{1} << 31), -(index_t{1} << 32)}) {
    visits_all(prange(start - 700, start + 700));
    visits_all(prange(start - 700, start + 700, 3));
    visits_all(prange(start + 700, start - 700, -7));
    visits_all(prange(start - (index_t{1} << 33), start + (index_t{1} << 33), (index_t{1} << 25) + 1));
  }
  visits_all(prange(highest - 300, highest));
  visits_all(prange(lowest, lowest + 300));
  visits_all(prange(lowest, highest, index_t{1} << 56));
  visits_all(prange(10, 0, -3));
  visits_all(prange(0, 10, -3));
  visits_all(prange(5u, 9ull));
}

void more_dimensions() {
  for (index_t ny : {0, 1, 2, 3, 8, 9, 33, 300}) {
    for (index_t nx : {0, 1, 2, 5, 31, 32, 33, 100}) visits_all(grid(ny, nx));
  }
  visits_all(grid(1, 3000));
  visits_all(grid(3000, 1));
  for (index_t nz : {1, 2, 5, 70}) {
    for (index_t ny : {1, 3, 9}) {
      for (index_t nx : {1, 3, 32, 65}) visits_all(grid(nz, ny, nx));
    }
  }
  visits_all(grid(prange(1, 12), prange(1, 40)));
  visits_all(grid(prange(20, 0, -3), prange(index_t{1} << 32, (index_t{1} << 32) + 50, 2)));
  visits_all(grid(prange(9, 0, -2), prange(0, 7, 3), prange((index_t{1} << 31) - 20, (index_t{1} << 31) + 20)));
}

/// A grid too small for the range: the loop takes several launches. What happens beyond the limits of grids, without
/// the 2^32 iterations that it takes to get there.
template <int N, parloop::stride Stride>
void parts(const parloop::range<N, Stride>& r, const cuda::detail::loop_shape& most, unsigned expected_launches) {
  cuda::stream s;
  loop_record<N> record(s, r);
  const auto before = test::launches();
  cuda::detail::launch_loop(s, "parallel_for", r, record.body, most);
  if (test::emulated()) CHECK(test::launches() == before + expected_launches);
  record.check(r);
}

void all_parts() {
  using cuda::detail::way;
  parts(prange(5000), {dim3(2), dim3(64)}, 40);
  parts(prange(5000), {dim3(2), dim3(64), way::along_x, 5}, 8);
  parts(prange(highest - 200, highest), {dim3(2), dim3(64)}, 2);
  parts(prange(lowest, highest, index_t{1} << 56), {dim3(1), dim3(64)}, 4);
  parts(grid(37, 50), {dim3(1, 2), dim3(32, 2)}, 20);
  parts(grid(37, 50), {dim3(1, 2), dim3(32, 2), way::along_rows, 3}, 8);
  parts(grid(37, 250), {dim3(1, 2), dim3(32, 8), way::along_x, 3}, 9);
  parts(grid(11, 7, 40), {dim3(1, 2, 2), dim3(32, 1, 2)}, 24);
  parts(grid(11, 7, 40), {dim3(1, 2, 2), dim3(32, 1, 2), way::along_rows, 2}, 12);
  parts(grid(prange(30, 0, -2), prange(0, 90, 4)), {dim3(1, 1), dim3(8, 4)}, 12);
}

/// A shape obeys the hardware's limits, and covers the range where the limits allow.
void check_shape(std::uint64_t nz, std::uint64_t ny, std::uint64_t nx, std::uint64_t resident) {
  using cuda::detail::way;
  const auto s = cuda::detail::index_shape(nz, ny, nx, resident);
  const std::uint64_t along_x = std::uint64_t{s.block.x} * s.per_thread_along(0);
  const std::uint64_t along_y = std::uint64_t{s.block.y} * s.per_thread_along(1);
  CHECK(s.grid.x >= 1 && s.grid.y >= 1 && s.grid.z >= 1 && s.grid.y <= 65535 && s.grid.z <= 65535);
  CHECK(s.grid.x * along_x < std::uint64_t{1} << 32 && s.grid.y * along_y < std::uint64_t{1} << 32);
  CHECK(s.block.x * s.block.y * s.block.z <= 256 && s.block.x <= 256 && s.block.y <= 256 && s.block.z <= 64);
  CHECK(s.grid.x == cuda::detail::max_loop_grid_x || s.grid.x * along_x >= nx);
  CHECK(s.grid.y == 65535 || s.grid.y * along_y >= ny);
  CHECK(s.grid.z == 65535 || std::uint64_t{s.grid.z} * s.block.z >= nz);
  CHECK(s.per_thread >= 1 && s.per_thread <= 8 && (s.per_thread == 1 || s.iterations != way::single));
  if (s.iterations == way::along_x) CHECK(s.block.x % 32 == 0);
  if (nx >= 2048) CHECK(s.block.x >= 32 && s.block.x * s.block.y * s.block.z == 256);
  const auto product = static_cast<double>(nz) * static_cast<double>(ny) * static_cast<double>(nx);
  if (product < 7.9 * static_cast<double>(resident)) CHECK(s.iterations == way::single);
  if (nx >= 256 && product > 33.0 * static_cast<double>(resident)) {
    CHECK(s.iterations == way::along_x && s.per_thread > 4);
  }
}

void shapes() {
  using cuda::detail::way;
  std::vector<std::uint64_t> extents;
  for (int bit = 0; bit < 63; bit += 3) {
    for (std::uint64_t d : {0, 1}) extents.push_back((std::uint64_t{1} << bit) + d);
  }
  for (std::uint64_t nz : extents) {
    for (std::uint64_t ny : extents) {
      for (std::uint64_t nx : extents) {
        check_shape(nz, ny, nx, 2048);
        check_shape(nz, ny, nx, 132 * 2048);
      }
    }
  }
  const std::uint64_t large = 132 * 2048;
  const auto flat = cuda::detail::index_shape(1, 1, 1000000, large);
  CHECK(flat.block.x == 256 && flat.grid.x == 3907 && flat.iterations == way::single);
  const auto plane = cuda::detail::index_shape(1, 1000, 1000, large);
  CHECK(plane.block.x == 32 && plane.block.y == 8);
  const auto volume = cuda::detail::index_shape(100, 100, 100, large);
  CHECK(volume.block.x == 32 && volume.block.y == 4 && volume.block.z == 2);
  const auto long_flat = cuda::detail::index_shape(1, 1, 10000000, large);
  CHECK(long_flat.per_thread == 8 && long_flat.block.x == 256 && long_flat.grid.x == 4883);
  const auto points = cuda::detail::index_shape(1, 10000000, 3, large);
  CHECK(points.iterations == way::along_rows && points.per_thread == 8 && points.block.x == 4 && points.block.y == 64);
}

/// The contiguous index lies along x: neighbouring lanes, neighbouring elements.
void coalesced() {
  cuda::stream s;
  cuda::device_array<float, 3> a(s, {6, 20, 320});
  cuda::fill(s, a, 1.0F);
  const auto v = a.view();
  cuda::parallel_for(s, grid(6, 20, 320), [=] __device__(index_t z, index_t y, index_t x) { v(z, y, x) += 1.0F; });
  const auto c = test::last_kernel();
  if (test::emulated()) {
    CHECK(test::coalescing(c.load_bytes, c.load_sectors) >= 0.99);
    CHECK(test::coalescing(c.store_bytes, c.store_sectors) >= 0.99);
    CHECK(c.store_bytes == a.bytes() && c.races == 0);
  }
  for (float x : a.copy_to_host()) CHECK(x == 2.0F);
}

int main(int argc, char** argv) {
  const bool quick = test::has_argument(argc, argv, "quick");
  return test::run("parallel_for", [quick] {
    shapes();
    coalesced();
    one_dimension(quick);
    more_dimensions();
    turns(quick);
    all_parts();
  });
}
