// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Backends by name, for programs whose users choose: at run time, by an argument or by PARLOOP_BACKEND.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "default_backend.hpp"
#include "detail/backend/named_backends.hpp"
#include "detail/base/throw.hpp"

namespace parloop::inline v0_2 {

/// The backend that is called `name`: serial, thread_pool, work_stealing, workqueue, and in programs of which some file
/// includes their headers, openmp and tbb. Throws `std::invalid_argument` when there is no such backend here, or the
/// options are no good.
[[nodiscard, gnu::cold]] inline std::unique_ptr<backend> make_backend(std::string_view name,
                                                                      backend_options options = {}) {
  const std::string wanted(name);
  const detail::named_backend* found = detail::find_backend(wanted.c_str());
  if (found == nullptr || name != found->name) {  // the name may have a null character in it
    detail::throw_error(
        std::invalid_argument("parloop: there is no backend '" + wanted + "'; expected " + detail::backend_names));
  }
  if (found->maker() == nullptr) {
    detail::throw_error(
        std::invalid_argument("parloop: no file of this program includes parloop/backend/" + wanted + ".hpp"));
  }
  return std::unique_ptr<backend>(found->maker()(options));
}

/// A backend of your own that obeys the environment as the default one does: PARLOOP_BACKEND says which, PARLOOP_IDLE
/// what its idle workers do, and PARLOOP_NUM_THREADS how many threads it has, unless `threads` does. Bad values are
/// ignored. Throws `std::invalid_argument` when `threads` is negative or above 4096.
[[nodiscard, gnu::cold]] inline std::unique_ptr<backend> make_backend_of_environment(int threads = 0) {
  return std::unique_ptr<backend>(detail::make_as_environment_says(threads));
}

}  // namespace parloop::inline v0_2
