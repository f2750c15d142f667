// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Eigen's tensors on this library's threads: a pool for Eigen::ThreadPoolDevice.
#pragma once

#include <functional>
#include <unsupported/Eigen/CXX11/ThreadPool>
#include <utility>
#include <vector>

#include "../algorithm/launch.hpp"
#include "../detail/base/atomic.hpp"
#include "../detail/base/place_in_loop.hpp"

namespace parloop::inline v0_2::plug {

/// Runs closures by `launch_detached`:
///     parloop::plug::eigen_pool pool;
///     Eigen::ThreadPoolDevice device(&pool, pool.NumThreads());
/// Results have the bits of an Eigen::ThreadPool with as many threads. A thread that waits for a tensor does not help,
/// as Eigen lets it sleep, so a backend of n threads works with n - 1. What is called from inside of a loop or a team
/// runs there, in its thread: others might all be waiting. As with Eigen's own pool, closures may not wait for each
/// other.
class eigen_pool : public Eigen::ThreadPoolInterface {
 public:
  /// On `b`, which has to outlive it.
  explicit eigen_pool(backend& b) : backend_(b), ids_(static_cast<std::size_t>(b.width() > 1 ? b.width() - 1 : 1)) {}
  /// On the default backend.
  eigen_pool() : eigen_pool(default_backend()) {}
  eigen_pool(const eigen_pool&) = delete;
  eigen_pool& operator=(const eigen_pool&) = delete;
  ~eigen_pool() override = default;

  /// Runs f() once, soon, in a worker; in the calling thread when that is in a loop.
  void Schedule(std::function<void()> f) override {
    if (detail::current_place().number >= 0) return f();
    launch_detached(backend_, [this, f = std::move(f)] {
      const id_lease id(*this);
      f();
    });
  }
  /// How many closures run at once.
  [[nodiscard]] int NumThreads() const override { return static_cast<int>(ids_.size()); }
  /// In [0, NumThreads()) in a closure of this pool's, and no other that runs has it; else -1.
  [[nodiscard]] int CurrentThreadId() const override { return own.pool == this ? own.id : -1; }

 private:
  /// What the calling thread is.
  struct closure {
    const eigen_pool* pool;
    int id;
  };
  static inline thread_local constinit closure own{nullptr, -1};
  struct number {
    detail::atomic<bool> taken{false};
  };

  /// The smallest number that is free, for the time of a closure. One that is run inside of another shares its number.
  class id_lease {
   public:
    explicit id_lease(eigen_pool& pool) : before_(own) {
      if (own.pool == &pool) return;
      for (std::size_t i = 0; taken_ == nullptr; i = (i + 1) % pool.ids_.size()) {
        // Acquire: pairs with the release below, as what belongs to a number is handed on with it.
        if (pool.ids_[i].taken.exchange(true, detail::memory_order_acquire)) continue;
        taken_ = &pool.ids_[i].taken;
        own = {&pool, static_cast<int>(i)};
      }
    }
    id_lease(const id_lease&) = delete;
    id_lease& operator=(const id_lease&) = delete;
    ~id_lease() {
      own = before_;
      if (taken_ != nullptr) taken_->store(false, detail::memory_order_release);
    }

   private:
    detail::atomic<bool>* taken_ = nullptr;
    closure before_;
  };

  backend& backend_;
  std::vector<number> ids_;
};

}  // namespace parloop::inline v0_2::plug
