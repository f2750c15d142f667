// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the doctor, the tracer and the checker add to a loop: one that stays in its caller, and one that is shared.

#include <algorithm>
#include <memory>
#include <parloop/backend/checked.hpp>
#include <parloop/backend/traced.hpp>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>

#include "../common/chain.hpp"
#include "../common/workload.hpp"

namespace {

namespace pl = parloop;
using bench::sample;

constexpr long iterations = 64;
unsigned long out[iterations];

void iteration(long i, long steps) { out[i] = bench::chain(steps, static_cast<unsigned long>(i)); }

// Each has a lambda of its own: the library remembers the time of an iteration by the type of the body, and rivals must
// not learn from one another.

void plain(long steps) {
  pl::parallel_for(pl::prange(iterations), [steps](pl::index_t i) { iteration(i, steps); });
}
void marked_off(long steps) {
  pl::parallel_for(pl::examined(pl::prange(iterations)), [steps](pl::index_t i) { iteration(i, steps); });
}
void marked_on(long steps) {
  pl::parallel_for(pl::examined(pl::prange(iterations)), [steps](pl::index_t i) { iteration(i, steps); });
}
void traced(long steps) {
  static pl::traced watched(pl::default_backend());  // full after some thousand loops; counting goes on
  pl::parallel_for(watched, pl::prange(iterations), [steps](pl::index_t i) { iteration(i, steps); });
}
void checked(long steps) {
  static pl::checked watched(pl::default_backend());
  pl::parallel_for(watched, pl::prange(iterations), [steps](pl::index_t i) { iteration(i, steps); });
}

struct contest {
  const char* name;
  double seconds;  // of work in a loop
  int loops;
};
constexpr contest contests[] = {{"doctor_cost/kept/1us", 1e-6, 20000}, {"doctor_cost/shared/50us", 50e-6, 1000}};

long steps_of(double seconds) {
  return bench::calibrate(seconds, iterations, [](long steps) {
    for (long i = 0; i < iterations; ++i) iteration(i, steps);
  });
}

sample take(const std::string& name, void (*run)(long steps), pl::doctor_state doctor, const contest& c, long steps) {
  pl::set_doctor(doctor);
  std::fill(std::begin(out), std::end(out), 0UL);
  const sample s = bench::measure(c.loops / 4, c.loops, [&] { run(steps); });
  pl::set_doctor(pl::doctor_state::off);
  for (long i = 0; i < iterations; ++i) {
    bench::require(out[i] == bench::chain(steps, static_cast<unsigned long>(i)), name);
  }
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 15);
  for (const contest& c : contests) {
    const long steps = steps_of(c.seconds);
    const auto rival = [&c, steps](const char* name, void (*run)(long), pl::doctor_state doctor) {
      return bench::rival{name, [=, &c] { return take(name, run, doctor, c, steps); }};
    };
    bench::add_contest(c.name, {rival("parloop", plain, pl::doctor_state::off),
                                rival("parloop/examined_off", marked_off, pl::doctor_state::off),
                                rival("parloop/examined_on", marked_on, pl::doctor_state::on),
                                rival("parloop/traced", traced, pl::doctor_state::off),
                                rival("parloop/checked", checked, pl::doctor_state::off)});
  }
  const bool right = bench::run();
  bench::head("What watching a loop of 64 iterations costs: medians, ns more than the loop without it, quartiles",
              {"loop", "watched by", "time", "more", "quartiles"});
  for (const contest& c : contests) {
    const bench::result& r = bench::result_of(c.name);
    for (const std::string& name : r.empty() ? std::vector<std::string>() : r.names) {
      bench::row({c.name, name, bench::time_text(r.median(name)),
                  bench::number((r.median(name) - r.median("parloop")) * 1e9, 0) + " ns", r.quartiles(name)});
    }
  }
  return right ? 0 : 1;
}
