// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backend that examines what another one does with a loop. Optional; needs an `examined` range to report to.
#pragma once

#include <string>
#include <utility>

#include "../detail/doctor/examination.hpp"

namespace parloop::inline v0_2 {

/// Gives every loop to another backend, and watches the chunks of those whose range is `examined`. Now and then it
/// keeps such a loop in its caller, to learn what one thread needs: 5 % of the loop's time goes into that.
class doctor final : public backend {
 public:
  /// `examined` has to outlive this object.
  explicit doctor(backend& examined) noexcept : inner_(examined) {}

  [[nodiscard]] std::string_view name() const noexcept override { return inner_.name(); }
  [[nodiscard]] int width() const noexcept override { return inner_.width(); }
  [[nodiscard]] help_offered help() const noexcept override { return inner_.help(); }
  [[nodiscard]] team_rules teams() const noexcept override { return inner_.teams(); }
  [[nodiscard]] detail::team* own_team() noexcept override { return inner_.own_team(); }
  [[nodiscard]] short_text details() const override {
    const std::string own = "the doctor watches";
    const std::string inner = inner_.details().c_str();
    return inner.empty() ? own : inner + "; " + own;
  }

  void run(const loop& work) override {
    detail::examination* call = std::exchange(detail::examined_here, nullptr);  // loops nested in this one are others
    if (call == nullptr) {
      inner_.run(work);
      return;
    }
    call->threads = detail::smaller(inner_.width(), work.width);
    if (!std::exchange(call->figures.shared, true)) call->plan = call->site->next_call(detail::now());
    const auto plan = call->plan;  // that of all loops of a verb
    call->figures.alone = plan.alone;
    call->figures.shared_of_it += work.n;
    if (plan.alone) {
      const double before = detail::caller_cpu();
      work.chunk(0, work.n);
      call->figures.work += detail::caller_cpu() - before;
    } else if (plan.detailed) {
      detail::chunk_recorder recorder(work);
      loop watched = work;
      watched.chunk = recorder.chunk();
      inner_.run(watched);
      recorder.summary(call->figures);
    } else {
      inner_.run(work);
    }
    detail::examined_here = call;  // the verb may have more loops
  }

 private:
  backend& inner_;
};

}  // namespace parloop::inline v0_2
