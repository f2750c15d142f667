// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/spinning_partner.hpp"
#include "loops.hpp"

namespace small_loops {

namespace {

struct work {
  long n = 0;
  long k = 0;
};
bench::spinning_partner<work> partner([](const work& w) { chunk(w.n / 2, w.n, w.k); });

}  // namespace

void run_spin_limit(long n, long k) {
  partner.run({n, k}, [n, k] { chunk(0, n / 2, k); });
}
void keep_spin_limit_spinning(bool on) { partner.spin(on); }

}  // namespace small_loops
