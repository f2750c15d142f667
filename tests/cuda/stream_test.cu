// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Streams and events. Under the emulator the queued work runs only when something waits for it, so that a missing wait
/// shows as a wrong result every time, and not once in a thousand runs on a GPU.
#include <vector>

#include "check.cuh"

namespace cuda = parloop::cuda;
using parloop::index_t;

constexpr index_t n = 1000;

struct add_one {
  __device__ int operator()(int v) const { return v + 1; }
};

/// Whether all elements of the pinned array are `value`.
bool all_are(const cuda::pinned_array<int>& a, int value) {
  for (int v : a) {
    if (v != value) return false;
  }
  return true;
}

void asynchronous_copies() {
  cuda::stream s;
  cuda::pinned_array<int> host(n, 1);
  auto a = cuda::to_device(s, host);
  cuda::transform(s, a, a, add_one{});
  cuda::pinned_array<int> result(n, -1);
  a.copy_to_host(s, result);
  if (test::emulated()) CHECK(all_are(result, -1));  // returned before the copy ran
  s.synchronize();
  CHECK(all_are(result, 2));

  // Pageable memory: the source may change at once, the destination is complete on return.
  std::vector<int> pageable(n, 5);
  a.copy_from_host(pageable);
  pageable.assign(n, 0);
  cuda::transform(s, a, a, add_one{});
  a.copy_to_host(pageable);
  CHECK(pageable == std::vector<int>(n, 6));
  CHECK(a.copy_to_host() == pageable);
}

void synchronisation() {
  cuda::stream s;
  cuda::pinned_array<int> host(n, 1);
  cuda::pinned_array<int> result(n, -1);
  auto a = cuda::to_device(s, host);
  int expected = 1;
  const auto round = [&](auto wait) {
    cuda::transform(s, a, a, add_one{});
    a.copy_to_host(s, result);
    wait();
    CHECK(all_are(result, ++expected));
  };
  round([&] { s.synchronize(); });
  round([&] { cuda::synchronize(s); });
  round([&] { cuda::synchronize(); });
  round([&] { a.synchronize(); });
  cuda::event done;
  round([&] {
    done.record(s);
    done.synchronize();
  });
}

/// A consumer on another stream: right with the event between them, and in the emulator wrong without.
void ordering(bool wait) {
  cuda::stream producer;
  cuda::stream consumer;
  cuda::pinned_array<int> host(n, 1);
  cuda::pinned_array<int> result(n, -1);
  auto a = cuda::to_device(producer, host);
  auto b = cuda::to_device(consumer, host);
  cuda::synchronize();
  cuda::transform(producer, a, a, [] __device__(int v) { return v + 41; });
  cuda::event produced;
  produced.record(producer);
  if (wait) consumer.wait(produced);
  cuda::copy(consumer, a, b);
  b.copy_to_host(consumer, result);
  consumer.synchronize();
  if (wait) CHECK(all_are(result, 42));
  if (!wait && test::emulated()) CHECK(all_are(result, 1));
  cuda::synchronize();
}

/// An array that ends while work on it is queued: its memory goes back behind that work.
void early_end() {
  cuda::stream s;
  cuda::pinned_array<int> result(n, -1);
  {
    cuda::device_array<int> a(s, n);
    cuda::fill(s, a, 3);
    cuda::transform(s, a, a, add_one{});
    a.copy_to_host(s, result);
  }
  if (test::emulated()) CHECK(cudaemu_live_allocs() == 1);
  s.synchronize();
  CHECK(all_are(result, 4));
  if (test::emulated()) CHECK(cudaemu_live_allocs() == 0);
}

/// What was queued on the default stream comes before later work on any stream, and the other way round.
void default_stream() {
  cuda::stream s;
  auto a = cuda::to_device(std::vector<int>(n, 10));
  cuda::transform(s, a, a, add_one{});
  CHECK(a.copy_to_host() == std::vector<int>(n, 11));
  cuda::transform(cuda::default_stream, a, a, add_one{});
  CHECK(cuda::copy_to_host(a) == std::vector<int>(n, 12));
}

void timing() {
  cuda::stream s;
  cuda::device_array<int> a(s, n);
  cuda::event start;
  cuda::event stop;
  start.record(s);
  cuda::fill(s, a, 1);
  stop.record(s);
  CHECK(cuda::elapsed(start, stop).count() >= 0.0F);
  const cuda::stream copy = s;
  CHECK(copy.get() == s.get());
}

int main() {
  if (test::emulated()) cudaemu_set_defer(1);
  return test::run("stream", [] {
    asynchronous_copies();
    synchronisation();
    ordering(true);
    ordering(false);
    early_end();
    default_stream();
    timing();
  });
}
