// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A thread that takes no signals, bears a name and may fail to start without harm. For whatever owns threads.
#pragma once

#include <cstddef>

#if __has_include(<pthread.h>) && !defined(_WIN32) && !defined(PARLOOP_PORTABLE)
#include <pthread.h>
#include <signal.h>

#include <cstdint>
#include <initializer_list>
#define PARLOOP_DETAIL_POSIX_THREADS
#elif defined(_WIN32) && !defined(PARLOOP_PORTABLE)
#include <process.h>

#include <cerrno>

#include "windows.hpp"
#define PARLOOP_DETAIL_WINDOWS_THREADS
#else
#include <system_error>
#include <thread>
#endif

#include "atomic.hpp"

#if defined(__GLIBC__) && !defined(PARLOOP_PORTABLE)
#include <dlfcn.h>
#include <link.h>
#include <sys/auxv.h>
#endif

namespace parloop::inline v0_2::detail {

#if defined(__GLIBC__) && !defined(PARLOOP_PORTABLE)

/// An address in the library that this copy of the header was compiled into: hidden variables are each library's own.
[[gnu::visibility("hidden")]] inline constinit char own_library = 0;
/// Whether that library, and those whose functions its threads run, have been kept.
[[gnu::visibility("hidden")]] inline constinit atomic<bool> code_is_kept{false};

/// Whether `address` lies in the program itself, which stays. Asks the loader nothing: it may be waiting for this
/// thread, in the constructors of a library that it loads.
[[nodiscard, gnu::cold]] inline bool in_the_program(const void* address) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  const auto* const headers = reinterpret_cast<const ElfW(Phdr)*>(::getauxval(AT_PHDR));
  const auto count = static_cast<std::size_t>(::getauxval(AT_PHNUM));
  if (headers == nullptr) return false;
  std::uintptr_t base = 0;  // what the program was moved by
  for (std::size_t i = 0; i < count; ++i) {
    if (headers[i].p_type == PT_PHDR) base = reinterpret_cast<std::uintptr_t>(headers) - headers[i].p_vaddr;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uintptr_t begin = base + headers[i].p_vaddr;
    if (headers[i].p_type == PT_LOAD && at >= begin && at - begin < headers[i].p_memsz) return true;
  }
  return false;
}

/// Keeps the shared library at `address` from being unloaded.
[[gnu::cold]] inline void keep_loaded(const void* address) noexcept {
  if (in_the_program(address)) return;
  Dl_info info{};
  link_map* library = nullptr;
  if (::dladdr1(address, &info, reinterpret_cast<void**>(&library), RTLD_DL_LINKMAP) != 0 && library != nullptr &&
      library->l_name[0] != '\0') {  // the program has no name
    ::dlopen(library->l_name, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
}

#endif

/// Keeps the shared library that this code is in from being unloaded, and the one of `work`, which threads run:
/// sleeping threads return into them. Where two libraries have copies of this header, a function's address may be the
/// other's. Asks the loader once for each library, and not at all in the program itself.
[[gnu::cold]] inline void keep_code_loaded([[maybe_unused]] void (*work)(void*, int) noexcept) noexcept {
#if defined(__GLIBC__) && !defined(PARLOOP_PORTABLE)
  if (code_is_kept.load(memory_order_relaxed)) return;  // only spares calls: keeping twice is harmless
  keep_loaded(&own_library);
  keep_loaded(reinterpret_cast<const void*>(work));
  code_is_kept.store(true, memory_order_relaxed);
#elif defined(PARLOOP_DETAIL_WINDOWS_THREADS)
  windows::keep_loaded(reinterpret_cast<const void*>(work));  // each library has a copy of its own
#endif
}

/// Bytes of stack for threads that are started from now on, where the system lets a program say so; 0: its own choice.
/// Relaxed: orders nothing.
inline constinit atomic<std::size_t> thread_stack_size{0};

/// Joined or detached exactly once when start() returned 0.
class worker_thread {
 public:
  /// Runs function(argument) on a new thread; returns 0, or the system's error number when there can be no more
  /// threads.
  int start(void (*function)(void*) noexcept, void* argument) noexcept;
  void join() noexcept;
  /// Called by the thread itself, instead of a join by others.
  void detach_self() noexcept;

#ifdef PARLOOP_DETAIL_POSIX_THREADS
  /// The system's handle, once start has returned 0.
  [[nodiscard]] pthread_t native() const noexcept { return thread_; }
#endif

 private:
#if defined(PARLOOP_DETAIL_POSIX_THREADS) || defined(PARLOOP_DETAIL_WINDOWS_THREADS)
  struct entry {
    void (*function)(void*) noexcept;
    void* argument;
  };
  entry entry_{};
#endif
#if defined(PARLOOP_DETAIL_POSIX_THREADS)
  [[gnu::cold]] static void* run(void* self) noexcept {
    const entry e = static_cast<worker_thread*>(self)->entry_;
#if defined(__linux__)
    ::pthread_setname_np(::pthread_self(), "parloop");
#elif defined(__APPLE__)
    ::pthread_setname_np("parloop");
#endif
    e.function(e.argument);
    return nullptr;
  }

  pthread_t thread_{};
#elif defined(PARLOOP_DETAIL_WINDOWS_THREADS)
  [[gnu::cold]] static unsigned __stdcall run(void* self) noexcept {
    const entry e = static_cast<worker_thread*>(self)->entry_;
    windows::name_this_thread(L"parloop");
    e.function(e.argument);
    return 0;
  }

  void* thread_ = nullptr;
#else
  std::thread thread_;
#endif
};

#if defined(PARLOOP_DETAIL_POSIX_THREADS)

[[gnu::cold]] inline int worker_thread::start(void (*function)(void*) noexcept, void* argument) noexcept {
  entry_ = {function, argument};
  // A new thread inherits the mask: signals are for the program's own threads. Those that a thread raises itself, by
  // faulting, stay open, so that the program's handlers for them work here too.
  sigset_t blocked;
  sigset_t before;
  sigfillset(&blocked);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS}) sigdelset(&blocked, fault);
  ::pthread_sigmask(SIG_SETMASK, &blocked, &before);
  pthread_attr_t attributes;
  const std::size_t stack = thread_stack_size.load(memory_order_relaxed);
  const bool sized = stack != 0 && ::pthread_attr_init(&attributes) == 0;
  if (sized) ::pthread_attr_setstacksize(&attributes, stack);
  const int error = ::pthread_create(&thread_, sized ? &attributes : nullptr, run, this);
  if (sized) ::pthread_attr_destroy(&attributes);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}
inline void worker_thread::join() noexcept { ::pthread_join(thread_, nullptr); }
inline void worker_thread::detach_self() noexcept { ::pthread_detach(::pthread_self()); }

#elif defined(PARLOOP_DETAIL_WINDOWS_THREADS)

[[gnu::cold]] inline int worker_thread::start(void (*function)(void*) noexcept, void* argument) noexcept {
  entry_ = {function, argument};
  thread_ = reinterpret_cast<void*>(::_beginthreadex(nullptr, 0, run, this, 0, nullptr));
  return thread_ != nullptr ? 0 : errno != 0 ? errno : -1;
}
/// Also of a thread that the system has ended, as it does with all others while it unloads a process's libraries.
inline void worker_thread::join() noexcept {
  windows::WaitForSingleObject(thread_, windows::infinite);
  windows::CloseHandle(thread_);
}
inline void worker_thread::detach_self() noexcept { windows::CloseHandle(thread_); }

#else

inline int worker_thread::start(void (*function)(void*) noexcept, void* argument) noexcept {
#ifdef __cpp_exceptions
  try {
    thread_ = std::thread(function, argument);
  } catch (const std::system_error& e) {
    return e.code().value() != 0 ? e.code().value() : -1;
  }
#else
  thread_ = std::thread(function, argument);
#endif
  return 0;
}
inline void worker_thread::join() noexcept { thread_.join(); }
inline void worker_thread::detach_self() noexcept { thread_.detach(); }

#endif

}  // namespace parloop::inline v0_2::detail

#undef PARLOOP_DETAIL_POSIX_THREADS
#undef PARLOOP_DETAIL_WINDOWS_THREADS
