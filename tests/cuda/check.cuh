// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a CUDA test program needs: checks that count, the emulator's controls where it is linked, and the way out.
#pragma once

#include <cstdio>
#include <cstring>
#include <parloop/cuda.cuh>
#include <string>

// The emulator's controls. Weak: the same object files link against the real runtime, where these are null.
extern "C" {
__attribute__((weak)) void cudaemu_fail(const char* api, int after, int error);
__attribute__((weak)) void cudaemu_reset_sticky();
__attribute__((weak)) void cudaemu_set_defer(int on);
__attribute__((weak)) std::size_t cudaemu_live_allocs();
__attribute__((weak)) unsigned long long cudaemu_launches();
__attribute__((weak)) int cudaemu_live_graphs();
__attribute__((weak)) void cudaemu_last(unsigned long long* counters);
}

namespace test {

/// What ctest is told to count as skipped.
inline constexpr int skipped = 77;

inline int failures = 0;
inline long long checks = 0;

inline bool check(bool holds, const char* what, const char* file, int line) {
  ++checks;
  if (holds) return true;
  if (++failures <= 20) std::printf("%s:%d: FAILED: %s\n", file, line, what);
  return false;
}

#define CHECK(...) ::test::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)

/// The exception's text when `f` throws an `Error`, else "".
template <class Error, class F>
std::string thrown(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  } catch (const std::exception& e) {
    std::printf("another exception: %s\n", e.what());
  }
  return {};
}

inline bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

inline bool emulated() { return cudaemu_last != nullptr; }

/// The emulator's counters of the last kernel; all zero on a GPU.
struct counters {
  unsigned long long warp_instructions, loads, stores, load_bytes, store_bytes, load_sectors, store_sectors, races,
      uninitialised, loads_16, stores_16, loads_8, stores_8, loads_4, stores_4;
};
inline counters last_kernel() {
  counters c{};
  static_assert(sizeof c == 15 * sizeof(unsigned long long));
  if (emulated()) cudaemu_last(&c.warp_instructions);
  return c;
}

inline unsigned long long launches() { return emulated() ? cudaemu_launches() : 0; }

/// Share of the bytes in the 32-byte sectors that were touched, which the kernel asked for; 1 is full coalescing.
inline double coalescing(unsigned long long bytes, unsigned long long sectors) {
  return sectors == 0 ? 1.0 : static_cast<double>(bytes) / (32.0 * static_cast<double>(sectors));
}

/// Runs a test's body when a kernel can run, and says what came of it. Returns main's value.
template <class Body>
int run(const char* name, Body body) {
  if (!parloop::cuda::available()) {
    std::printf("%s: SKIPPED: %s\n", name, parloop::cuda::describe().c_str());
    return skipped;
  }
  try {
    body();
  } catch (const std::exception& e) {
    ++failures;
    std::printf("unexpected exception: %s\n", e.what());
  }
  if (emulated()) CHECK(cudaemu_live_allocs() == 0 && cudaemu_live_graphs() == 0);
  std::printf("%s on %s: %lld checks, %d failures\n", name, emulated() ? "the emulator" : "the device", checks,
              failures);
  return failures == 0 ? 0 : 1;
}

inline bool has_argument(int argc, char** argv, const char* wanted) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], wanted) == 0) return true;
  }
  return false;
}

}  // namespace test
