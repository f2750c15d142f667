// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A simulated computer: threads are fibres of one real thread, time is a number. For the headers of detail/base/ that
/// replace the library's, and for programs that run on it.
#pragma once

#include <sched.h>

#include <cstdint>
#include <functional>
#include <new>
#include <string>
#include <type_traits>

#include "profile.hpp"

namespace machines {

/// How a run ended.
struct outcome {
  std::string failure;   ///< empty: main returned; else who waits for what
  nanoseconds time = 0;  ///< when that was
  explicit operator bool() const { return failure.empty(); }
};

/// Runs `main` as the first thread of a computer, on its CPU 0. One at a time. All that happens is a function of the
/// profile, the seed and the program, in a process of its own (fresh_process.hpp): variables of static storage, which
/// the library has, outlive a run. After a failure the threads are left as they are. Fails, too, when `limit` passes.
outcome run(const profile& p, std::uint64_t seed, const std::function<void()>& main,
            nanoseconds limit = 60'000'000'000);

// --- for programs on the computer ---

/// The calling thread computes for this long, at the speed of a whole fast core.
void work(double nanoseconds);
/// It sleeps at least so long.
void sleep(nanoseconds length);
/// Another thread; starting it does not fail.
struct thread;
thread* spawn(std::function<void()> function);
void join(thread* started) noexcept;
/// The time, exactly and for nothing.
nanoseconds now();
/// What all threads have used of the CPUs until now; so much burnt that one CPU did all the time: now().
nanoseconds burnt();
/// How many threads there are.
int threads();
/// Random bits from the seed.
std::uint64_t random();
const profile& here();
/// Events so far: what the simulation itself costs.
std::uint64_t events();

// --- for what replaces detail/base/; outside of a run these do nothing ---

enum class access : std::uint8_t { load, store, exchange };
/// To be called before the access itself: returns when it is this access's turn.
void touch(const volatile void* address, access what) noexcept;
void prefetch(const void* address) noexcept;
nanoseconds read_clock() noexcept;
void pause() noexcept;
void yield() noexcept;
int current_cpu() noexcept;     ///< -1 where it cannot be known
int current_thread() noexcept;  ///< from 1
bool get_affinity(int thread_or_0, cpu_set_t& cpus) noexcept;
bool set_affinity(int thread_or_0, const cpu_set_t& cpus) noexcept;
/// Sleeps while *word is `expected`, until woken or, if it is not negative, `timeout` has passed.
void futex_wait(const std::uint32_t* word, std::uint32_t expected, nanoseconds timeout) noexcept;
void futex_wake(const std::uint32_t* word, int count) noexcept;
/// Null when there can be no more threads.
thread* start(void (*function)(void*) noexcept, void* argument) noexcept;
int number_of(const thread* t) noexcept;

/// A place of the calling thread for what would be thread_local.
void*& local_slot(int number) noexcept;
int new_local_slot() noexcept;

/// What is thread_local in the library: the fibres share one real thread. One variable of a type.
template <class T>
class fibre_local {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  T& here() noexcept {
    static const int number = new_local_slot();
    void*& slot = local_slot(number);
    if (slot == nullptr) slot = ::new T{};
    return *static_cast<T*>(slot);
  }
  operator T&() noexcept { return here(); }  // NOLINT: stands for the variable
  fibre_local& operator=(const T& value) noexcept {
    here() = value;
    return *this;
  }
};

}  // namespace machines
