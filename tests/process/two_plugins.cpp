// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Two shared libraries that each have a copy of the headers loop on pools of their own and are closed while their
/// workers sleep in them; then the workers' time to end comes. The arguments: the libraries' files.
#include <dlfcn.h>

#include "support.hpp"

int main(int argc, char** argv) {
  const test::watchdog guard(120, "two_plugins");
  const std::size_t before = test::thread_ids().size();
  for (int i = 1; i < argc; ++i) {
    void* library = ::dlopen(argv[i], RTLD_NOW | RTLD_LOCAL);
    auto* loop = library == nullptr ? nullptr : reinterpret_cast<int (*)(const char*)>(::dlsym(library, "plugin_loop"));
    if (loop == nullptr || loop("own") != 640) {
      std::fprintf(stderr, "%s\n", library == nullptr ? ::dlerror() : "the library's loop failed");
      return 1;
    }
    ::dlclose(library);
  }
  // Unmapped code under a worker ends the process here.
  return test::becomes_true([before] { return test::thread_ids().size() == before; }) ? 0 : 1;
}
