// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the library calls of Windows. Declared here, with the types that <windows.h> gives them, instead of including
/// it: its macros (`min`, `max`, `small`, `near`...) are then nobody's trouble, and a program may include it before or
/// after these headers. For the parts of detail/base and for cpu_time.hpp.
///
/// Source of the signatures and numbers: "Windows API index", Microsoft.
#pragma once

#if defined(_WIN32)

#include <cstddef>
#include <cstdint>

#include "durations.hpp"

struct HINSTANCE__;
struct _RTL_SRWLOCK;
struct _RTL_CONDITION_VARIABLE;
struct _FILETIME;
struct _MEMORY_BASIC_INFORMATION;

namespace parloop::inline v0_2::detail::windows {

#if defined(_WIN64)
using uptr = unsigned long long;
using function = long long(__stdcall*)();
#else
using uptr = unsigned long;
using function = int(__stdcall*)();
#endif

extern "C" {
__declspec(dllimport) HINSTANCE__* __stdcall GetModuleHandleA(const char*);
__declspec(dllimport) int __stdcall GetModuleHandleExA(unsigned long, const char*, HINSTANCE__**);
__declspec(dllimport) function __stdcall GetProcAddress(HINSTANCE__*, const char*);
__declspec(dllimport) void __stdcall AcquireSRWLockExclusive(_RTL_SRWLOCK*);
__declspec(dllimport) void __stdcall ReleaseSRWLockExclusive(_RTL_SRWLOCK*);
__declspec(dllimport) int __stdcall SleepConditionVariableSRW(_RTL_CONDITION_VARIABLE*, _RTL_SRWLOCK*, unsigned long,
                                                              unsigned long);
__declspec(dllimport) void __stdcall WakeConditionVariable(_RTL_CONDITION_VARIABLE*);
__declspec(dllimport) void* __stdcall GetCurrentProcess();
__declspec(dllimport) void* __stdcall GetCurrentThread();
__declspec(dllimport) int __stdcall GetProcessAffinityMask(void*, uptr*, uptr*);
__declspec(dllimport) int __stdcall GetProcessTimes(void*, _FILETIME*, _FILETIME*, _FILETIME*, _FILETIME*);
__declspec(dllimport) int __stdcall GetThreadTimes(void*, _FILETIME*, _FILETIME*, _FILETIME*, _FILETIME*);
__declspec(dllimport) unsigned long __stdcall GetCurrentProcessorNumber();
__declspec(dllimport) int __stdcall SwitchToThread();
__declspec(dllimport) uptr __stdcall VirtualQuery(const void*, _MEMORY_BASIC_INFORMATION*, uptr);
__declspec(dllimport) unsigned long __stdcall WaitForSingleObject(void*, unsigned long);
__declspec(dllimport) int __stdcall CloseHandle(void*);
}

inline constexpr unsigned long infinite = 0xffffffff;

/// A slim reader-writer lock; all zeros is its first state.
class lock {
 public:
  void acquire() noexcept { AcquireSRWLockExclusive(system()); }
  void release() noexcept { ReleaseSRWLockExclusive(system()); }

 private:
  friend class condition;
  _RTL_SRWLOCK* system() noexcept { return reinterpret_cast<_RTL_SRWLOCK*>(&state_); }
  void* state_ = nullptr;
};

/// Milliseconds, rounded up, as the system counts.
[[nodiscard]] inline unsigned long milliseconds(std::chrono::nanoseconds limit) noexcept {
  const std::int64_t ms = (limit.count() + 999'999) / 1'000'000;
  return ms < 0x7fffffff ? static_cast<unsigned long>(ms) : 0x7fffffffUL;
}

class condition {
 public:
  /// With the lock held; null: no limit. May return early.
  void wait(lock& held, const std::chrono::nanoseconds* limit) noexcept {
    SleepConditionVariableSRW(system(), held.system(), limit == nullptr ? infinite : milliseconds(*limit), 0);
  }
  void tell() noexcept { WakeConditionVariable(system()); }

 private:
  _RTL_CONDITION_VARIABLE* system() noexcept { return reinterpret_cast<_RTL_CONDITION_VARIABLE*>(&state_); }
  void* state_ = nullptr;
};

/// The function `name` of a library that is part of every process; null where this Windows does not have it.
template <class Function>
[[nodiscard]] Function find(const char* library, const char* name) noexcept {
  HINSTANCE__* const where = GetModuleHandleA(library);
  // By way of void(*)(), from which and to which compilers let every function be cast without a warning.
  return where == nullptr ? nullptr
                          : reinterpret_cast<Function>(reinterpret_cast<void (*)()>(GetProcAddress(where, name)));
}

/// Gives the calling thread a name for debuggers and profilers, from Windows 10 on.
[[gnu::cold]] inline void name_this_thread(const wchar_t* name) noexcept {
  const auto set = find<long(__stdcall*)(void*, const wchar_t*)>("kernelbase.dll", "SetThreadDescription");
  if (set != nullptr) set(GetCurrentThread(), name);
}

/// Keeps the library at `address` from being unloaded: unloading it would end threads, or join them, under the loader's
/// lock, which they need to end. The program itself stays anyway; whether it is that is not asked of the loader, whose
/// lock a thread may hold that waits for this one.
[[gnu::cold]] inline void keep_loaded(const void* address) noexcept {
  struct {  // begins as MEMORY_BASIC_INFORMATION
    void* base = nullptr;
    void* allocation = nullptr;  // of a module: its start, which is its handle
    void* rest[6] = {};
  } memory;
  if (VirtualQuery(address, reinterpret_cast<_MEMORY_BASIC_INFORMATION*>(&memory), sizeof memory) != 0 &&
      memory.allocation == static_cast<void*>(GetModuleHandleA(nullptr))) {
    return;
  }
  constexpr unsigned long pin = 1;
  constexpr unsigned long by_address = 4;
  HINSTANCE__* kept = nullptr;
  GetModuleHandleExA(pin | by_address, static_cast<const char*>(address), &kept);
}

/// CPUs' worth of time that a job with this JOBOBJECT_CPU_RATE_CONTROL_INFORMATION leaves its processes on a machine of
/// `cpus`; 0: no limit. The rate is in hundredths of a percent of all CPUs.
[[nodiscard]] constexpr double job_cpus(std::uint32_t flags, std::uint32_t rate, int cpus) noexcept {
  constexpr std::uint32_t enabled = 1;
  constexpr std::uint32_t hard_cap = 4;
  constexpr std::uint32_t least_and_most = 16;
  if ((flags & enabled) == 0) return 0;
  if ((flags & least_and_most) != 0) rate >>= 16;  // the most is the upper half
  if ((flags & (hard_cap | least_and_most)) == 0 || rate == 0 || rate >= 10'000) return 0;
  return rate * 1e-4 * cpus;
}

[[nodiscard, gnu::cold]] inline int count_bits(uptr mask) noexcept {
  int count = 0;
  for (; mask != 0; mask &= mask - 1) ++count;
  return count;
}

/// CPUs of the machine, in all processor groups; 0 where that cannot be asked.
[[nodiscard, gnu::cold]] inline int all_cpus() noexcept {
  const auto ask = find<unsigned long(__stdcall*)(unsigned short)>("kernel32.dll", "GetActiveProcessorCount");
  return ask == nullptr ? 0 : static_cast<int>(ask(0xffff));
}

/// CPUs that this process may run on. A process has a mask in one processor group of up to 64 CPUs, and none once its
/// threads are in several.
[[nodiscard, gnu::cold]] inline int affinity_count() noexcept {
  uptr own = 0;
  uptr machine = 0;
  if (GetProcessAffinityMask(GetCurrentProcess(), &own, &machine) != 0 && own != 0) return count_bits(own);
  return all_cpus();
}

/// CPUs' worth of time that this process's job allows; 0: no limit.
[[nodiscard, gnu::cold]] inline double job_limit() noexcept {
  constexpr int cpu_rate_control = 15;
  const auto ask = find<int(__stdcall*)(void*, int, void*, unsigned long, unsigned long*)>("kernel32.dll",
                                                                                           "QueryInformationJobObject");
  std::uint32_t flags_and_rate[2] = {};
  if (ask == nullptr || ask(nullptr, cpu_rate_control, flags_and_rate, sizeof flags_and_rate, nullptr) == 0) return 0;
  return job_cpus(flags_and_rate[0], flags_and_rate[1], all_cpus());
}

}  // namespace parloop::inline v0_2::detail::windows

#endif
