// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Stream capture: every verb that only queues work becomes a part of a graph; what waits or allocates says so, and
/// leaves the capture as it was. Under the emulator a hidden wait or allocation would spoil the capture.
#include <parloop/cuda.cuh>
#include <parloop/cuda/reduce.cuh>
#include <parloop/cuda/scan.cuh>
#include <stdexcept>
#include <vector>

#include "check.cuh"

namespace gpu = parloop::cuda;  // CUB brings its own namespace cuda
using parloop::index_t;

constexpr index_t ny = 40;
constexpr index_t nx = 50;
constexpr index_t n = ny * nx;

/// One of everything that queues work.
struct workshop {
  explicit workshop(const gpu::stream& s)
      : stream(s), a(s, {ny, nx}), b(s, {ny, nx}), c(s, {10, 10, 20}), sums(s, nx), up(n, 1.5), down(n, 0.0) {
    for (auto* each : {&a, &b}) gpu::fill(s, *each, 0.0);
    gpu::fill(s, c, 0.0);
    gpu::fill(s, sums, 0.0);
  }
  void every_verb() {
    const auto flat = a.view().flat();
    a.copy_from_host(up);
    gpu::transform(stream, a, c_flat(), a, [] __device__(double x, double y) { return x + y; });
    gpu::generate(stream, b, [] __device__(index_t i) { return static_cast<double>(i % 7); });
    gpu::fill(stream, sums, 0.0);
    gpu::fill(stream, sums.view().part(0, 3), 2.5);
    gpu::parallel_for(stream, parloop::prange(n), [flat] __device__(index_t i) { flat[i] += 1; });
    const auto w = b.view();
    gpu::parallel_for(stream, parloop::grid(ny, nx), [w] __device__(index_t y, index_t x) { w(y, x) += y; });
    const auto v = c.view();
    gpu::parallel_for(stream, parloop::grid(10, 10, 20),
                      [v] __device__(index_t z, index_t y, index_t x) { v(z, y, x) += z + y + x; });
    gpu::stencil(
        stream, a, b, [] __device__(auto at) { return at(-1, 0) + at(1, 1); }, parloop::border::wrap());
    static_cast<void>(gpu::stencil_steps(
        stream, b, a, 3, [] __device__(auto at) { return (at(0, -1) + at(0, 1)) / 2; }, parloop::border::nearest()));
    gpu::for_each_row(
        stream, [] __device__(auto row, auto out) { out[0] = row[row.size() - 1]; }, std::as_const(a), b);
    gpu::for_each_column(
        stream, [] __device__(auto column, double& sum) { sum += column[0] + column[1]; }, a, gpu::one_each(sums));
    gpu::inclusive_scan(stream, kept, flat, flat);
    gpu::exclusive_scan(stream, kept, b, b, 1.0);
    gpu::copy(stream, a, b);
    done.record(stream);
    a.copy_to_host(stream, down);
  }
  gpu::device_view<double, 2> c_flat() { return {c.data(), {ny, nx}, c.device()}; }
  std::vector<std::vector<double>> state() const {
    auto all = std::vector{a.copy_to_host(), b.copy_to_host(), c.copy_to_host(), sums.copy_to_host()};
    all.emplace_back(down.begin(), down.end());
    return all;
  }

  gpu::stream stream;
  gpu::device_array<double, 2> a, b;
  gpu::device_array<double, 3> c;
  gpu::device_array<double> sums;
  gpu::pinned_array<double> up, down;
  gpu::scratch_memory kept;
  gpu::event done;
};

/// A graph of everything does what the calls do, as often as it is launched, also on another stream.
void same_as_calls() {
  gpu::stream s;
  workshop directly(s);
  for (int i = 0; i < 4; ++i) directly.every_verb();
  const auto expected = directly.state();
  workshop captured(s);
  captured.every_verb();  // the scratch memory grows
  const auto before = captured.state();
  const auto all = gpu::capture(s, [&] { captured.every_verb(); });
  CHECK(captured.state() == before);  // nothing ran
  all.launch(s);
  gpu::stream other;
  gpu::synchronize(s);
  all.launch(other);
  gpu::synchronize(other);
  all.launch(s);
  CHECK(captured.state() == expected);
  CHECK(before != expected);
}

/// What cannot be a part of a graph throws, and the rest of the work becomes one all the same.
void refusals() {
  gpu::stream s;
  std::vector<double> host(n, 3.0);
  auto a = gpu::to_device(s, host);
  gpu::scratch_memory none;
  int refused = 0;
  const auto refuses = [&](const char* why, auto call) {
    try {
      call();
      CHECK(false);
      std::printf("  not refused: %s\n", why);
    } catch (const gpu::cuda_error& e) {
      ++refused;
      CHECK(e.code() == cudaErrorStreamCaptureUnsupported && cudaPeekAtLastError() == cudaSuccess);
      if (!CHECK(test::contains(e.what(), why) && test::contains(e.what(), "captured into a graph"))) {
        std::printf("  %s\n", e.what());
      }
      CHECK(test::contains(e.where().file_name(), "capture_test.cu"));
    }
  };
  const auto add = [] __device__(double x, double y) { return x + y; };
  const auto itself = [] __device__(index_t i) { return static_cast<double>(i); };
  const auto doubled = gpu::capture(s, [&] {
    gpu::transform(s, a, a, [] __device__(double x) { return 2 * x; });
    refuses("waits for its result", [&] { static_cast<void>(gpu::sum(s, a)); });
    refuses("waits for its result", [&] { static_cast<void>(gpu::min(s, a)); });
    refuses("waits for its result", [&] { static_cast<void>(gpu::max(s, a)); });
    refuses("waits for its result",
            [&] { static_cast<void>(gpu::parallel_reduce(s, parloop::prange(9), 0.0, add, itself)); });
    refuses("give it a scratch_memory", [&] { gpu::inclusive_scan(s, a, a); });
    refuses("run the verb once before", [&] { gpu::exclusive_scan(s, none, a, a, 0.0); });
    refuses("allocates memory", [&] { gpu::device_array<int> made(s, 10); });
    refuses("allocates memory", [&] { static_cast<void>(gpu::to_device(s, host)); });
    refuses("allocates memory", [&] { static_cast<void>(gpu::device_array_like(a)); });
    refuses("not pinned", [&] { a.copy_from_host(host); });
    refuses("waits", [&] { static_cast<void>(a.copy_to_host()); });
    refuses("waits", [&] { a.synchronize(); });
    refuses("waits", [&] { s.synchronize(); });
    refuses("waits", [&] { gpu::synchronize(s); });
    gpu::transform(s, a, a, [] __device__(double x) { return x + 1; });
  });
  CHECK(refused == 14);
  doubled.launch(s);
  doubled.launch(s);
  CHECK(a.copy_to_host() == std::vector<double>(n, 15.0));
}

/// The stream is usable after a capture that failed.
void failures() {
  gpu::stream s;
  auto a = gpu::to_device(s, std::vector<int>(100, 1));
  const auto bump = [&] { gpu::transform(s, a, a, [] __device__(int v) { return v + 1; }); };
  const auto thrown = test::thrown<std::runtime_error>([&] {
    static_cast<void>(gpu::capture(s, [&] {
      bump();
      throw std::runtime_error("enough");
    }));
  });
  CHECK(thrown == "enough");
  bump();
  CHECK(a.copy_to_host()[0] == 2);
  // What CUDA itself forbids spoils the capture, and the sentence says what that means.
  const auto spoilt = test::thrown<gpu::cuda_error>([&] {
    static_cast<void>(gpu::capture(s, [&] {
      bump();
      static_cast<void>(cudaStreamSynchronize(s.get()));
      static_cast<void>(cudaGetLastError());
    }));
  });
  CHECK(test::contains(spoilt, "cudaStreamEndCapture failed") && test::contains(spoilt, "does not allow"));
  const auto by_default =
      test::thrown<gpu::cuda_error>([&] { static_cast<void>(gpu::capture(gpu::default_stream, [] {})); });
  CHECK(test::contains(by_default, "cudaStreamBeginCapture failed"));
  CHECK(cudaPeekAtLastError() == cudaSuccess);
  bump();
  CHECK(a.copy_to_host()[0] == 3);
  auto twice = gpu::capture(s, bump);
  auto moved = std::move(twice);
  moved.launch(s);
  CHECK(a.copy_to_host()[0] == 4);
}

int main() {
  return test::run("capture", [] {
    same_as_calls();
    refusals();
    failures();
  });
}
