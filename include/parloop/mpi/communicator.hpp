// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The ranks that loops run over, and the backend in each.
#pragma once

#include <exception>
#include <memory>
#include <stdexcept>

#include "../backend/thread_pool.hpp"
#include "../default_backend.hpp"
#include "../detail/mpi/placement.hpp"
#include "../detail/mpi/rank_state.hpp"
#include "error.hpp"

namespace parloop::inline v0_2 {

namespace mpi {
class communicator;
}
namespace detail {
rank_state& state_of(const mpi::communicator& ranks) noexcept;
const rank_placement& placement_of(const mpi::communicator& ranks) noexcept;
}  // namespace detail

namespace mpi {

/// The ranks that loops run over: a duplicate of one of the user's communicators, so that messages never mix; and what
/// runs each rank's part, a `parloop::backend`. Its constructors and destructor are collective, and so is every loop:
/// all ranks run the same ones in the same order, each from one thread, outside of other loops' bodies.
class communicator {
 public:
  /// Loops use the default backend where the program or the environment (PARLOOP_BACKEND, PARLOOP_NUM_THREADS) has
  /// chosen one, else a thread pool over this rank's share of its node's CPUs: those that the launcher has bound it to,
  /// or an equal part. Throws `std::logic_error` when MPI is not initialised, or not for MPI_THREAD_FUNNELED although
  /// the backend has several threads, and `mpi::error`.
  explicit communicator(MPI_Comm users = MPI_COMM_WORLD) { start(users, nullptr); }
  /// Loops use `b`, which has to outlive this object.
  communicator(MPI_Comm users, backend& b) { start(users, &b); }
  communicator(const communicator&) = delete;
  communicator& operator=(const communicator&) = delete;
  /// Frees the duplicate; not when an exception is under way, which other ranks may know nothing of, or after
  /// MPI_Finalize.
  ~communicator() {
    int finalized = 0;
    MPI_Finalized(&finalized);
    if (finalized != 0 || std::uncaught_exceptions() > exceptions_) {
      static_cast<void>(state_->words.release());
      return;
    }
    state_->words.reset();
    MPI_Comm_free(&state_->comm);
  }

  [[nodiscard]] int rank() const noexcept { return state_->rank; }                    ///< this process's number
  [[nodiscard]] int size() const noexcept { return state_->size; }                    ///< how many ranks there are
  [[nodiscard]] int nodes() const noexcept { return placement_.nodes; }               ///< machines they run on
  [[nodiscard]] int ranks_on_node() const noexcept { return placement_.ranks_here; }  ///< on this rank's machine
  [[nodiscard]] int threads() const noexcept { return backend_->width(); }            ///< of this rank's loops
  [[nodiscard]] backend& local_backend() const noexcept { return *backend_; }         ///< what runs this rank's part
  [[nodiscard]] MPI_Comm handle() const noexcept { return state_->comm; }             ///< the duplicate

 private:
  friend detail::rank_state& detail::state_of(const communicator&) noexcept;
  friend const detail::rank_placement& detail::placement_of(const communicator&) noexcept;

  void start(MPI_Comm users, backend* b) {
    int initialized = 0;
    detail::check_mpi("MPI_Initialized", MPI_Initialized(&initialized));
    if (initialized == 0) throw std::logic_error("parloop::mpi: call MPI_Init_thread before making a communicator");
    detail::rank_state& state = *state_;
    detail::check_mpi("MPI_Comm_dup", MPI_Comm_dup(users, &state.comm));
    detail::check_mpi("MPI_Comm_set_errhandler", MPI_Comm_set_errhandler(state.comm, MPI_ERRORS_RETURN));
    detail::check_mpi("MPI_Comm_rank", MPI_Comm_rank(state.comm, &state.rank));
    detail::check_mpi("MPI_Comm_size", MPI_Comm_size(state.comm, &state.size));
    placement_ = detail::place_rank(state);
    backend_ = b;
    if (b == nullptr) choose_backend();
    require_thread_level();
  }

  void choose_backend() {
    const bool asked =
        detail::scoped_default != nullptr ||
        detail::program_default.load(detail::memory_order_acquire) != nullptr ||  // pairs with its release
        detail::environment_variable("PARLOOP_BACKEND") != nullptr ||
        detail::environment_variable("PARLOOP_NUM_THREADS") != nullptr;
    if (asked) {
      backend_ = &default_backend();
      return;
    }
    pool_options options{.threads = placement_.threads};
    if (const char* idle = detail::environment_variable("PARLOOP_IDLE"); idle != nullptr) {
      if (const idle_policy wanted = detail::parse_idle(idle); wanted.time.count() >= 0) options.idle = wanted;
    }
    own_ = std::make_unique<thread_pool>(options);
    backend_ = own_.get();
    // Open MPI binds one or two ranks to a core each unless told otherwise (ompi issue 13009).
    const bool bound_to_one = placement_.own_cpus == 1 && placement_.node_cpus >= 2 * placement_.ranks_here;
    if (bound_to_one && state_->rank == 0) {
      detail::warn(
          "rank 0 is bound to one CPU, of %d here for %d ranks, so its loops run on one thread; if several "
          "were meant: mpirun --bind-to none (Open MPI), -bind-to none (MPICH), srun --cpus-per-task",
          placement_.node_cpus, placement_.ranks_here);
    }
  }

  void require_thread_level() const {
    int level = MPI_THREAD_SINGLE;
    detail::check_mpi("MPI_Query_thread", MPI_Query_thread(&level));
    if (level == MPI_THREAD_SINGLE && backend_->width() > 1) {
      throw std::logic_error(
          "parloop::mpi: MPI was initialised for one thread, but loops here have several: call MPI_Init_thread(&argc, "
          "&argv, MPI_THREAD_FUNNELED, &level) in the place of MPI_Init, or pass a parloop::serial");
    }
    int main_thread = 1;
    detail::check_mpi("MPI_Is_thread_main", MPI_Is_thread_main(&main_thread));
    if (level == MPI_THREAD_FUNNELED && main_thread == 0) {
      throw std::logic_error(
          "parloop::mpi: MPI_THREAD_FUNNELED allows loops from the thread alone that initialised MPI");
    }
  }

  std::unique_ptr<detail::rank_state> state_ = std::make_unique<detail::rank_state>();
  detail::rank_placement placement_;
  std::unique_ptr<thread_pool> own_;
  backend* backend_ = nullptr;
  int exceptions_ = std::uncaught_exceptions();
};

}  // namespace mpi

namespace detail {
inline rank_state& state_of(const mpi::communicator& ranks) noexcept { return *ranks.state_; }
inline const rank_placement& placement_of(const mpi::communicator& ranks) noexcept { return ranks.placement_; }
}  // namespace detail

}  // namespace parloop::inline v0_2
