// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// windows_host DLL: loads the DLL, loops in it and frees it, many times. windows_host width N: the CPUs that a pool
/// counts are N. windows_host masked: this program has one CPU, and so has a program that it starts, as by
/// `start /affinity 1`.
#include <windows.h>

#include <cstdio>
#include <cstdlib>
#include <parloop/parloop.hpp>
#include <string>
#include <string_view>

#include "support.hpp"

static int load_and_free(const char* file) {
  for (int round = 0; round < 50; ++round) {
    HMODULE const library = LoadLibraryA(file);
    if (library == nullptr) {
      std::printf("%s does not load: %lu\n", file, GetLastError());
      return 1;
    }
    auto* const loop =
        reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(GetProcAddress(library, "plugin_loop")));
    if (loop == nullptr || loop() != 640) return 1;
    FreeLibrary(library);
    Sleep(1);  // its workers may return from their sleep now, into its code
  }
  if (GetModuleHandleA("test_windows_dll.dll") == nullptr) {
    std::printf("the DLL is gone, but its threads are not\n");
    return 1;
  }
  return 0;
}

static int masked() {
  if (SetProcessAffinityMask(GetCurrentProcess(), 1) == 0) return 1;
  char own[MAX_PATH];
  GetModuleFileNameA(nullptr, own, sizeof own);
  std::string line = '"' + std::string(own) + "\" width 1";
  STARTUPINFOA how{};
  how.cb = sizeof how;
  PROCESS_INFORMATION child{};
  if (CreateProcessA(nullptr, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &how, &child) == 0) return 1;
  WaitForSingleObject(child.hProcess, INFINITE);
  DWORD status = 1;
  GetExitCodeProcess(child.hProcess, &status);
  return static_cast<int>(status);
}

int main(int argc, char** argv) {
  const test::watchdog guard(50, "windows_host");
  if (argc < 2) return 2;
  const std::string_view what = argv[1];
  if (what == "masked") return masked();
  if (what == "width" && argc > 2) {
    const parloop::thread_pool pool;
    std::printf("%d threads, %s wanted\n", pool.width(), argv[2]);
    return pool.width() == std::atoi(argv[2]) && parloop::default_backend().width() == pool.width() ? 0 : 1;
  }
  return load_and_free(argv[1]);
}
