// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A DLL that loops: when it is asked to; while it is loaded, if PARLOOP_TEST_DLL in the environment says "attach"; by
/// a pool that ends with the DLL, if it says "detach". The last two are under the loader's lock, where no thread of
/// this process can begin or end.
#include <windows.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <parloop/parloop.hpp>

namespace {

bool told(const char* what) {
  const char* const text = std::getenv("PARLOOP_TEST_DLL");
  return text != nullptr && std::strcmp(text, what) == 0;
}

int covered(parloop::backend& b) {
  std::atomic<int> runs{0};
  for (int l = 0; l < 10; ++l) {
    parloop::parallel_for(b, parloop::prange(64).grain(1), [&](parloop::index_t) {
      for (volatile int spin = 0; spin < 3'000;) spin = spin + 1;
      ++runs;
    });
  }
  return runs;
}

}  // namespace

extern "C" __declspec(dllexport) int plugin_loop() {
  if (told("detach")) {
    static parloop::thread_pool own({.threads = 3});  // joins its workers where static objects end
    return covered(own);
  }
  parloop::thread_pool inner({.threads = 3});
  return covered(parloop::default_backend()) == 640 ? covered(inner) : -1;
}

BOOL WINAPI DllMain(HINSTANCE, DWORD why, void*) {
  if (why != DLL_PROCESS_ATTACH || !told("attach")) return TRUE;
  static parloop::thread_pool* const kept = new parloop::thread_pool({.threads = 3});
  return covered(*kept) == 640 ? TRUE : FALSE;
}
