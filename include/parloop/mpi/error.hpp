// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What goes wrong over ranks, as exceptions.
#pragma once

#include <mpi.h>

#include <stdexcept>
#include <string>

#include "../index.hpp"

namespace parloop::inline v0_2 {
/// The same loops over the ranks of an MPI communicator.
namespace mpi {

/// A call of MPI that failed. Communicators of the library return errors, whatever the handler of the user's does.
class error : public std::runtime_error {
 public:
  /// `call` is the name of the function, a literal; `hint` is what often helps.
  error(const char* call, int code, const char* hint = "")
      : std::runtime_error(text(call, code) + hint), call_(call), code_(code) {}
  /// The name of the MPI function.
  [[nodiscard]] const char* call() const noexcept { return call_; }
  /// What it returned.
  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  static std::string text(const char* call, int code) {
    char reason[MPI_MAX_ERROR_STRING + 1] = "";
    int length = 0;
    if (MPI_Error_string(code, reason, &length) != MPI_SUCCESS) length = 0;
    return std::string("parloop::mpi: ") + call + ": " + std::string(reason, static_cast<std::size_t>(length));
  }

  const char* call_;
  int code_;
};

/// What a loop's body threw on another rank. On the rank itself the exception keeps its type.
class remote_exception : public std::runtime_error {
 public:
  /// `text` is what the exception says of itself.
  remote_exception(int rank, const std::string& text)
      : std::runtime_error("rank " + std::to_string(rank) + ": " + text), rank_(rank) {}
  /// Where it was thrown, in the loop's communicator.
  [[nodiscard]] int rank() const noexcept { return rank_; }

 private:
  int rank_;
};

}  // namespace mpi

namespace detail {
/// Throws when `code`, which the MPI function `call` returned, is an error.
inline void check_mpi(const char* call, int code, const char* hint = "") {
  if (code != MPI_SUCCESS) throw mpi::error(call, code, hint);
}
}  // namespace detail

}  // namespace parloop::inline v0_2
