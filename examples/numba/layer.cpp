// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A threading layer of Numba's on parloop: the functions whose addresses Numba takes from its own layers. Plain C
/// functions that know nothing of Python, so one library serves every Python.
///
/// Numba cuts a loop into rows, as many as `get_num_threads()` says, or more if a chunk size is set, and asks for them
/// to be run. Here they are run in lanes: lane k has `get_thread_id()` k and the k-th block of rows, whichever thread
/// runs it, so a reduction, which Numba adds up by thread id, has the same bits in every run and with any number of
/// CPUs.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <parloop/parloop.hpp>

#if defined(_WIN32)
#define PARLOOP_NUMBA_API extern "C" __declspec(dllexport)
#else
#define PARLOOP_NUMBA_API extern "C" [[gnu::visibility("default")]]
#endif

namespace {

using kernel = void (*)(char** args, std::size_t* dimensions, std::size_t* steps, void* data);
using schedule_fn = void* (*)(std::size_t, std::intptr_t*, std::intptr_t*, std::size_t, std::intptr_t*, std::intptr_t);

/// What a thread knows: as Numba has it, all of it is each thread's own.
struct thread_state {
  int number_of_threads = 0;       // the mask that set_num_threads sets; 0: as many as there are
  int id = 0;                      // its lane
  bool asked_for_id = false;       // the kernel that it runs has
  std::size_t chunk = 0;           // of the loops to come; 0: as many rows as threads
  const void* schedule = nullptr;  // the last that was made here,
  std::size_t scheduled_work = 0;  // and how many iterations it is for
};
thread_local constinit thread_state here{};

constinit std::atomic<int> all_threads{1};
schedule_fn of_many_dimensions = nullptr;  // Numba's own, so that the cuts are the same

/// Kernels that have run without asking for their thread's id. Their rows need not be in blocks of which each belongs
/// to a lane, so they are dealt as lanes come, which evens out rows of unequal length.
class dealt_kernels {
 public:
  [[nodiscard]] bool has(kernel f) const noexcept {
    return place(f).load(std::memory_order_relaxed) == reinterpret_cast<std::uintptr_t>(f);
  }
  // Relaxed: a hint. Where two kernels share a place, only the last to be noted is known.
  void note(kernel f, bool asks) noexcept {
    if (has(f) == asks) place(f).store(asks ? 0 : reinterpret_cast<std::uintptr_t>(f), std::memory_order_relaxed);
  }

 private:
  using word = std::atomic<std::uintptr_t>;
  [[nodiscard]] word& place(kernel f) const noexcept {
    return places_[reinterpret_cast<std::uintptr_t>(f) * 0x9e3779b97f4a7c15U >> 56U];
  }
  mutable word places_[256]{};
};
constinit dealt_kernels dealt{};

/// One call of parallel_for.
class call {
 public:
  call(kernel f, char** args, const std::size_t* dimensions, std::size_t* steps, void* data, std::size_t inner,
       std::size_t arrays, int threads)
      : f_(f),
        args_(args),
        dimensions_(dimensions),
        steps_(steps),
        data_(data),
        inner_(inner),
        arrays_(arrays),
        rows_(dimensions[0]),
        threads_(threads),
        lanes_(static_cast<std::size_t>(threads) < rows_ ? static_cast<std::size_t>(threads) : rows_),
        dealt_(rows_ > lanes_ && dealt.has(f)) {}

  void run() {
    if (lanes_ > 1) {
      // An iteration is one of the loop's, not a row, which may be long or short: what the library remembers of the
      // kernel's speed is then right for arrays of any size.
      const std::size_t work = work_of_lane();
      const auto n = static_cast<parloop::index_t>(lanes_ * work);
      parloop::parallel_for_chunks(
          parloop::prange(n).grain(static_cast<parloop::index_t>(work)).site(reinterpret_cast<std::uintptr_t>(f_)),
          [&](parloop::index_t begin, parloop::index_t end) {
            for (std::size_t i = static_cast<std::size_t>(begin) / work; i < static_cast<std::size_t>(end) / work;
                 ++i) {
              run_lane(i);
            }
          });
    } else if (lanes_ == 1) {
      run_lane(0);
    }
    if (rows_ > lanes_) dealt.note(f_, asked_.load(std::memory_order_relaxed));
  }

 private:
  [[nodiscard]] std::size_t work_of_lane() const noexcept {
    constexpr std::size_t most = std::size_t{1} << 40U;  // more is only a number here
    std::size_t work = rows_;
    if (args_[0] != nullptr && args_[0] == here.schedule) {
      work = here.scheduled_work;
    } else {  // a ufunc: rows of some size
      for (std::size_t i = 1; i <= inner_ && work < most; ++i) work *= dimensions_[i] > 0 ? dimensions_[i] : 1;
    }
    work = (work < most ? work : most) / lanes_;
    return work > 0 ? work : 1;
  }

  void run_lane(std::size_t lane) {
    thread_state& me = here;
    const thread_state before = me;
    me.number_of_threads = threads_;
    me.id = static_cast<int>(lane);
    me.chunk = 0;
    me.asked_for_id = false;
    if (dealt_) {
      std::size_t first = next_.load(std::memory_order_relaxed);  // who runs what; the loop's end orders
      while (first < rows_) {
        const std::size_t part = (rows_ - first) / (2 * lanes_);
        const std::size_t last = first + (part > 0 ? part : 1);
        if (!next_.compare_exchange_weak(first, last, std::memory_order_relaxed)) continue;
        run_rows(first, last - first);
        first = next_.load(std::memory_order_relaxed);
      }
    } else {
      const std::size_t share = rows_ / lanes_;
      const std::size_t longer = rows_ % lanes_;  // so many lanes have one more
      run_rows(lane * share + (lane < longer ? lane : longer), share + (lane < longer ? 1 : 0));
    }
    if (me.asked_for_id) asked_.store(true, std::memory_order_relaxed);
    me = before;
  }

  void run_rows(std::size_t first, std::size_t count) {
    constexpr std::size_t few = 48;
    char* few_args[few];
    std::size_t few_dimensions[few];
    std::unique_ptr<char*[]> many_args;
    std::unique_ptr<std::size_t[]> many_dimensions;
    char** args = few_args;
    std::size_t* dimensions = few_dimensions;
    if (arrays_ > few) args = (many_args = std::make_unique<char*[]>(arrays_)).get();
    if (inner_ + 1 > few) dimensions = (many_dimensions = std::make_unique<std::size_t[]>(inner_ + 1)).get();
    for (std::size_t i = 0; i < arrays_; ++i) {
      args[i] = args_[i] != nullptr ? args_[i] + static_cast<std::ptrdiff_t>(steps_[i] * first) : nullptr;
    }
    std::memcpy(dimensions, dimensions_, (inner_ + 1) * sizeof(std::size_t));
    dimensions[0] = count;
    f_(args, dimensions, steps_, data_);
  }

  kernel f_;
  char** args_;
  const std::size_t* dimensions_;
  std::size_t* steps_;
  void* data_;
  std::size_t inner_;
  std::size_t arrays_;
  std::size_t rows_;
  int threads_;
  std::size_t lanes_;
  bool dealt_;
  std::atomic<bool> asked_{false};
  std::atomic<std::size_t> next_{0};  // the first row that nobody has taken
};

[[nodiscard]] std::size_t length(std::intptr_t first, std::intptr_t last) noexcept {
  return last < first ? 0 : static_cast<std::size_t>(last) - static_cast<std::size_t>(first) + 1;
}

}  // namespace

// As Numba declares them. Bounds are inclusive; what is empty is from 1 to 0.

PARLOOP_NUMBA_API void parloop_numba_use(void* schedule_of_many_dimensions) {
  of_many_dimensions = reinterpret_cast<schedule_fn>(schedule_of_many_dimensions);
}

PARLOOP_NUMBA_API void launch_threads(int count) {
  all_threads.store(count > 0 ? count : 1, std::memory_order_relaxed);
}
PARLOOP_NUMBA_API void synchronize() {}
PARLOOP_NUMBA_API void ready() {}
PARLOOP_NUMBA_API void add_task(void* f, void* args, void* dimensions, void* steps, void* data) {
  reinterpret_cast<kernel>(f)(static_cast<char**>(args), static_cast<std::size_t*>(dimensions),
                              static_cast<std::size_t*>(steps), data);
}
PARLOOP_NUMBA_API void parallel_for(void* f, char** args, std::size_t* dimensions, std::size_t* steps, void* data,
                                    std::size_t inner, std::size_t arrays, int threads) {
  call(reinterpret_cast<kernel>(f), args, dimensions, steps, data, inner, arrays, threads > 0 ? threads : 1).run();
}

PARLOOP_NUMBA_API int get_num_threads() {
  if (here.number_of_threads == 0) here.number_of_threads = all_threads.load(std::memory_order_relaxed);
  return here.number_of_threads;
}
PARLOOP_NUMBA_API void set_num_threads(int count) { here.number_of_threads = count; }
PARLOOP_NUMBA_API int get_thread_id() {
  here.asked_for_id = true;
  return here.id;
}

PARLOOP_NUMBA_API std::size_t set_parallel_chunksize(std::size_t iterations) {
  const std::size_t before = here.chunk;
  here.chunk = iterations;
  return before;
}
PARLOOP_NUMBA_API std::size_t get_parallel_chunksize() { return here.chunk; }

PARLOOP_NUMBA_API std::size_t get_sched_size(std::size_t threads, std::size_t dimensions, std::intptr_t* first,
                                             std::intptr_t* last) {
  if (here.chunk == 0) return threads;
  std::size_t iterations = 1;
  for (std::size_t i = 0; i < dimensions; ++i) iterations *= length(first[i], last[i]);
  const std::size_t parts = iterations / here.chunk;
  return parts < threads ? threads : parts;
}

PARLOOP_NUMBA_API void* allocate_sched(std::size_t words) { return std::malloc(words * sizeof(std::intptr_t)); }
PARLOOP_NUMBA_API void deallocate_sched(void* schedule) { std::free(schedule); }

PARLOOP_NUMBA_API void do_scheduling_signed(std::size_t dimensions, std::intptr_t* first, std::intptr_t* last,
                                            std::size_t parts, std::intptr_t* schedule, std::intptr_t debug) {
  std::size_t iterations = 1;
  for (std::size_t i = 0; i < dimensions; ++i) iterations *= length(first[i], last[i]);
  here.schedule = schedule;
  here.scheduled_work = iterations;
  if (dimensions != 1 || debug != 0) {
    of_many_dimensions(dimensions, first, last, parts, schedule, debug);
    return;
  }
  // What is left, divided by the parts that are left, rounded up. Unsigned, as the bounds may be.
  auto next = static_cast<std::size_t>(first[0]);
  for (std::size_t left = parts; left > 0; --left, schedule += 2) {
    const std::size_t count = (iterations + left - 1) / left;
    schedule[0] = static_cast<std::intptr_t>(count > 0 ? next : 1);
    schedule[1] = static_cast<std::intptr_t>(count > 0 ? next + count - 1 : 0);
    next += count;
    iterations -= count;
  }
}
PARLOOP_NUMBA_API void do_scheduling_unsigned(std::size_t dimensions, std::intptr_t* first, std::intptr_t* last,
                                              std::size_t parts, std::intptr_t* schedule, std::intptr_t debug) {
  do_scheduling_signed(dimensions, first, last, parts, schedule, debug);
}
