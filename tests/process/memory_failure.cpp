// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Memory that runs out: the k-th call of `new`, or every one from the k-th on, fails. A loop completes, or throws
/// `std::bad_alloc` before it has called its body; and the backend works on. The argument: on which backend, or
/// "default".
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <numeric>
#include <parloop/parloop.hpp>
#include <string>

#include "conformance.hpp"

namespace {

constexpr long never = 1L << 60;
std::atomic<long> calls{0};
std::atomic<long> first_failure{never};
std::atomic<long> last_failure{never};

void* allocate(std::size_t size, std::size_t alignment) noexcept {
  const long call = calls.fetch_add(1);
  if (call >= first_failure && call <= last_failure) return nullptr;
  return std::aligned_alloc(alignment, (size / alignment + 1) * alignment);
}

}  // namespace

#if !TEST_UNDER_TSAN  // that tool has its own
// Not inlined, because g++ would see new and free mismatched.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* p = allocate(size, 16); p != nullptr) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size, 16); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  if (void* p = allocate(size, static_cast<std::size_t>(alignment)); p != nullptr) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
#endif

namespace {

using parloop::index_t;

/// A loop and a sum; false when a body ran twice or, in a loop that threw nothing, not at all.
bool loops_are_right(parloop::backend& b, int& thrown) {
  conformance::eager cheap(b);
  std::array<int, 64> runs{};
  int expected = 1;
  try {
    parloop::parallel_for(cheap, parloop::prange(64).grain(1), [&](index_t i) {
      test::busy_for(std::chrono::nanoseconds(500));
      ++runs[static_cast<std::size_t>(i)];
    });
  } catch (const std::bad_alloc&) {
    expected = 0;
    ++thrown;
  }
  if (std::count(runs.begin(), runs.end(), expected) != 64) return false;
  try {
    if (parloop::parallel_sum(cheap, parloop::prange(1000).grain(1), [](index_t i) { return i; }) != 499'500) {
      return false;
    }
    // Partial results of this type are not on the stack.
    const auto joined = parloop::parallel_reduce(
        cheap, parloop::prange(500).grain(1), std::array<index_t, 100>(),
        [](std::array<index_t, 100> left, const std::array<index_t, 100>& right) { return left[0] += right[0], left; },
        [](index_t i) { return std::array<index_t, 100>{i}; });
    if (joined[0] != 124'750) return false;
  } catch (const std::bad_alloc&) {
    ++thrown;
  }
  return true;
}

/// Without memory for the default backend, loops run in their caller; later there is one.
bool default_backend_comes_later() {
  first_failure = 0;
  const auto runs_once = [] {
    std::array<int, 64> runs{};
    parloop::parallel_for(parloop::prange(64), [&](index_t i) {
      test::busy_for(std::chrono::microseconds(3));
      ++runs[static_cast<std::size_t>(i)];
    });
    return std::count(runs.begin(), runs.end(), 1) == 64;
  };
  bool good = runs_once() && calls > 0;
  try {
    (void)parloop::default_backend();
    good = false;
  } catch (const std::bad_alloc&) {
  }
  first_failure = never;
  return good && runs_once() && parloop::default_backend().name() == "thread_pool";
}

}  // namespace

int main(int argc, char** argv) {
  const test::watchdog guard(120, "memory failure");
  if (argc < 2) return 1;
  if (test::under_tsan) return std::puts("SKIPPED: the thread sanitizer has its own `new`"), 77;
  const std::string name = argv[1];
  if (name == "default") return default_backend_comes_later() ? 0 : 1;
  int thrown = 0, failed = 0;
  for (long k = 0; k < 200; ++k) {
    for (const bool only_once : {false, true}) {
      std::unique_ptr<parloop::backend> b;
      calls = 0;
      last_failure = only_once ? k : never;
      first_failure = k;
      try {
        b = parloop::make_backend(name, {4, {}});
      } catch (const std::bad_alloc&) {
        ++thrown;
      }
      const bool good = b == nullptr || (loops_are_right(*b, thrown) && loops_are_right(*b, thrown));
      if (calls > k) ++failed;
      first_failure = never;
      int none = 0;
      if (!good || (b != nullptr && !loops_are_right(*b, none)) || none != 0) {
        std::printf("%s: wrong when call %ld of new fails%s\n", name.c_str(), k, only_once ? "" : ", and all after it");
        return 1;
      }
    }
  }
  std::printf("%s: %d times there was no memory, %d calls threw\n", name.c_str(), failed, thrown);
  return failed > 0 && thrown > 0 ? 0 : 1;
}
