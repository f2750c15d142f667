// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Two translation units and a shared library with the header in one process; loading, looping and unloading the
/// library again and again. The arguments: the library's file, and the backend that it loops on.
#include <dlfcn.h>

#include <parloop/parloop.hpp>

#include "support.hpp"

int other_unit_loop();

int main(int argc, char** argv) {
  const test::watchdog guard(120, "unload");
  if (argc < 3) return 1;
  const std::int64_t rounds = test::rounds(200);
  std::size_t threads = 0;
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
    if (other_unit_loop() != 640) return 1;
  }
  // Flat, give or take the pool of this program, which may have come after the tenth round.
  if (test::thread_ids().size() > threads + 4) {
    std::fprintf(stderr, "threads grew from %zu to %zu\n", threads, test::thread_ids().size());
    return 1;
  }
  return 0;
}
