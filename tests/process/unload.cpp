// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Two translation units and a shared library with the header in one process; loading, looping and unloading the
/// library again and again. The arguments: the library's file, and the backend that it loops on.
#include <dlfcn.h>

#include <parloop/parloop.hpp>

#include "support.hpp"

int other_unit_loop();

/// Memory of this process that is in use, in KiB.
static long resident_kib() { return std::atol(test::status_of(::getpid(), "VmRSS").c_str()); }

int main(int argc, char** argv) {
  const test::watchdog guard(120, "unload");
  if (argc < 3) return 1;
  const std::int64_t rounds = test::rounds(1000);
  std::size_t threads = 0;
  long resident = 0;
  for (std::int64_t r = 0; r < rounds; ++r) {
    void* library = ::dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      std::fprintf(stderr, "%s\n", ::dlerror());
      return 1;
    }
    auto* loop = reinterpret_cast<int (*)(const char*)>(::dlsym(library, "plugin_loop"));
    if (loop == nullptr || loop(argv[2]) != 640) return 1;
    ::dlclose(library);
    if (r == 10) threads = test::thread_ids().size();
    if (r == rounds / 2) resident = resident_kib();
    if (other_unit_loop() != 640) return 1;
  }
  // Flat, give or take the pool of this program, which may have come after the tenth round.
  if (test::thread_ids().size() > threads + 4) {
    std::fprintf(stderr, "threads grew from %zu to %zu\n", threads, test::thread_ids().size());
    return 1;
  }
  const long grown = resident_kib() - resident;
  if (grown > 1024 && !test::under_sanitizer) {  // a tool keeps what was freed
    std::fprintf(stderr, "%ld KiB more memory after %lld more rounds\n", grown, static_cast<long long>(rounds / 2));
    return 1;
  }
  return 0;
}
