// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/spinning_partner.hpp"
#include "loops.hpp"

namespace fork_join {

namespace {

bench::spinning_partner<iteration> partner([](const iteration& i) { i(1); });

}  // namespace

void run_spin_limit(iteration i) {
  partner.run(i, [i] { i(0); });
}
void keep_spin_limit_spinning(bool on) { partner.spin(on); }

}  // namespace fork_join
