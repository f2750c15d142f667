// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The libgomp ABI: target regions, which run on this computer, as it has no devices here; the first of each kind says
/// so. For plug/libgomp.hpp.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "abi.hpp"
#include "make_task.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// Runs the region in the calling thread, outside of the regions that it is in, as the device's first would be.
inline void run_target(int device, void (*f)(void*), void** addresses, int thread_limit) {
  static constinit atomic<bool> told{false};
  not_served(told, "target", "there are no devices, so target regions run on this computer");
  constexpr int no_device = -2;  // the region's if clause is false
  if (device == -1) device = here().current->icv.device;
  if (program_settings().must_offload && device != no_device && device != 0) {
    std::fputs("parloop: libgomp plug: OMP_TARGET_OFFLOAD=mandatory, and there are no devices\n", stderr);
    std::exit(1);
  }
  const thread_state before = this_thread;
  this_thread = {};
  outermost* const own = new outermost(program_settings().first);
  use_outermost(this_thread, *own);
  if (thread_limit > 0) own->implicit.icv.thread_limit = thread_limit;
  f(addresses);
  this_thread = before;
  delete own;
}

/// Copies what is firstprivate; it lives as long as the vector.
[[nodiscard]] inline std::vector<unsigned char> copy_private(std::size_t count, void** addresses,
                                                             const std::size_t* sizes, const unsigned short* kinds) {
  constexpr unsigned firstprivate = 12;  // GOMP_MAP_FIRSTPRIVATE; the bits above 8 are log2 of the alignment
  std::size_t room = 0;
  const auto align_of = [&](std::size_t i) { return std::size_t{1} << (kinds[i] >> 8); };
  const auto copied = [&](std::size_t i) { return (kinds[i] & 0xff) == firstprivate && addresses[i] != nullptr; };
  for (std::size_t i = 0; i < count; ++i) {
    if (copied(i)) room += sizes[i] + align_of(i);
  }
  std::vector<unsigned char> memory(room);
  auto at = reinterpret_cast<std::uintptr_t>(memory.data());
  for (std::size_t i = 0; i < count; ++i) {
    if (!copied(i)) continue;
    at = (at + align_of(i) - 1) & ~(align_of(i) - 1);
    std::memcpy(reinterpret_cast<void*>(at), addresses[i], sizes[i]);
    addresses[i] = reinterpret_cast<void*>(at);
    at += sizes[i];
  }
  return memory;
}

/// The region's thread_limit clause; 0: it has none. A list of words, each a kind and its value, or followed by it.
[[nodiscard]] inline int thread_limit_in(void** list) noexcept {
  constexpr std::uintptr_t value_follows = 1U << 7;
  constexpr std::uintptr_t kinds = 0xffU << 8;
  constexpr std::uintptr_t thread_limit = 2U << 8;
  int found = 0;
  for (; list != nullptr && *list != nullptr; ++list) {
    const auto word = reinterpret_cast<std::uintptr_t>(*list);
    std::intptr_t value = static_cast<std::intptr_t>(word) >> 16;
    if ((word & value_follows) != 0) value = reinterpret_cast<std::intptr_t>(*++list);
    if ((word & kinds) == thread_limit && value > 0) found = value > INT_MAX ? INT_MAX : static_cast<int>(value);
  }
  return found;
}

/// Waits for the tasks that the region depends on.
inline void wait_for_dependences(void** depend) {
  if (depend == nullptr) return;
  make_task(here(), {[](void*) {}, nullptr, nullptr, 0, 1, 0, 0}, false, depend, nullptr, [](void*) {});
}

extern "C" {

PARLOOP_GOMP_ABI void GOMP_target(int device, void (*f)(void*), const void*, std::size_t, void** addresses,
                                  std::size_t*, unsigned char*) noexcept {
  run_target(device, f, addresses, 0);
}

PARLOOP_GOMP_ABI void GOMP_target_ext(int device, void (*f)(void*), std::size_t count, void** addresses,
                                      std::size_t* sizes, unsigned short* kinds, unsigned, void** depend,
                                      void** arguments) noexcept {
  static_cast<void>(here());
  wait_for_dependences(depend);
  const auto copies = copy_private(count, addresses, sizes, kinds);
  run_target(device, f, addresses, thread_limit_in(arguments));
}

// Data is where it is; what has to be waited for is.
PARLOOP_GOMP_ABI void GOMP_target_data(int, const void*, std::size_t, void**, std::size_t*, unsigned char*) noexcept {}
PARLOOP_GOMP_ABI void GOMP_target_data_ext(int, std::size_t, void**, std::size_t*, unsigned short*) noexcept {}
PARLOOP_GOMP_ABI void GOMP_target_end_data() noexcept {}
PARLOOP_GOMP_ABI void GOMP_target_update(int, const void*, std::size_t, void**, std::size_t*, unsigned char*) noexcept {
}
PARLOOP_GOMP_ABI void GOMP_target_update_ext(int, std::size_t, void**, std::size_t*, unsigned short*, unsigned,
                                             void** depend) noexcept {
  wait_for_dependences(depend);
}
PARLOOP_GOMP_ABI void GOMP_target_enter_exit_data(int, std::size_t, void**, std::size_t*, unsigned short*, unsigned,
                                                  void** depend) noexcept {
  wait_for_dependences(depend);
}

PARLOOP_GOMP_ABI int omp_get_default_device() noexcept { return here().current->icv.device; }
PARLOOP_GOMP_ABI int omp_get_default_device_() noexcept { return omp_get_default_device(); }
PARLOOP_GOMP_ABI void omp_set_default_device(int device) noexcept {
  here().current->icv.device = device >= 0 ? device : 0;
}
PARLOOP_GOMP_ABI void omp_set_default_device_(const int* device) noexcept { omp_set_default_device(*device); }
PARLOOP_GOMP_ABI void omp_set_default_device_8_(const std::int64_t* device) noexcept {
  omp_set_default_device(static_cast<int>(*device));
}
PARLOOP_GOMP_ABI int omp_get_num_devices() noexcept { return 0; }
PARLOOP_GOMP_ABI int omp_get_num_devices_() noexcept { return 0; }
PARLOOP_GOMP_ABI int omp_get_initial_device() noexcept { return 0; }  // as many as there are devices
PARLOOP_GOMP_ABI int omp_get_initial_device_() noexcept { return 0; }
PARLOOP_GOMP_ABI int omp_get_device_num() noexcept { return 0; }
PARLOOP_GOMP_ABI int omp_get_device_num_() noexcept { return 0; }
PARLOOP_GOMP_ABI int omp_is_initial_device() noexcept { return 1; }
PARLOOP_GOMP_ABI int omp_is_initial_device_() noexcept { return 1; }

PARLOOP_GOMP_ABI void* omp_target_alloc(std::size_t size, int device) noexcept {
  return device == 0 ? std::malloc(size) : nullptr;
}
PARLOOP_GOMP_ABI void omp_target_free(void* p, int device) noexcept {
  if (device == 0) std::free(p);
}
PARLOOP_GOMP_ABI int omp_target_is_present(const void* p, int device) noexcept {
  return p == nullptr || device == 0 ? 1 : 0;
}
PARLOOP_GOMP_ABI int omp_target_memcpy(void* to, const void* from, std::size_t size, std::size_t to_offset,
                                       std::size_t from_offset, int to_device, int from_device) noexcept {
  if (to_device != 0 || from_device != 0) return EINVAL;
  std::memcpy(static_cast<char*>(to) + to_offset, static_cast<const char*>(from) + from_offset, size);
  return 0;
}
PARLOOP_GOMP_ABI int omp_target_memcpy_rect(void* to, const void* from, std::size_t size, int dimensions,
                                            const std::size_t* volume, const std::size_t* to_begin,
                                            const std::size_t* from_begin, const std::size_t* to_sizes,
                                            const std::size_t* from_sizes, int to_device, int from_device) noexcept {
  if (to == nullptr && from == nullptr) return INT_MAX;  // asks how many dimensions there may be
  if (to_device != 0 || from_device != 0 || dimensions < 1) return EINVAL;
  std::size_t to_step = size;
  std::size_t from_step = size;
  for (int i = 1; i < dimensions; ++i) {
    to_step *= to_sizes[i];
    from_step *= from_sizes[i];
  }
  auto* const t = static_cast<char*>(to) + to_begin[0] * to_step;
  const auto* const f = static_cast<const char*>(from) + from_begin[0] * from_step;
  if (dimensions == 1) {
    std::memcpy(t, f, volume[0] * size);
    return 0;
  }
  for (std::size_t i = 0; i < volume[0]; ++i) {
    omp_target_memcpy_rect(t + i * to_step, f + i * from_step, size, dimensions - 1, volume + 1, to_begin + 1,
                           from_begin + 1, to_sizes + 1, from_sizes + 1, 0, 0);
  }
  return 0;
}
PARLOOP_GOMP_ABI int omp_target_associate_ptr(const void*, const void*, std::size_t, std::size_t, int) noexcept {
  return EINVAL;
}
PARLOOP_GOMP_ABI int omp_target_disassociate_ptr(const void*, int) noexcept { return EINVAL; }

}  // extern "C"

}  // namespace parloop::inline v0_2::detail::gomp
