// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A shared library that loops: by the header's default backend, or by one of a given name that ends with the call.
#include <atomic>
#include <parloop/parloop.hpp>

namespace {
int covered(parloop::backend& b) {
  std::atomic<int> runs{0};
  parloop::loop work;
  work.n = 64;
  work.chunk = {[](void* p, parloop::index_t begin, parloop::index_t end) noexcept {
                  *static_cast<std::atomic<int>*>(p) += static_cast<int>(end - begin);
                },
                &runs};
  for (int l = 0; l < 10; ++l) b.run(work);
  return runs;
}
}  // namespace

/// `name`: of a backend; "default": the default one; "own": a pool of this library's own, whose workers end after 50
/// ms.
extern "C" __attribute__((visibility("default"))) int plugin_loop(const char* name) {
  if (std::string_view(name) == "default") return covered(parloop::default_backend());
  if (std::string_view(name) == "own") {
    static auto* const own = new parloop::thread_pool({3, parloop::idle::release(std::chrono::milliseconds(50))});
    return covered(*own);
  }
  return covered(*parloop::make_backend(name, {3, {}}));
}
