// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The loop doctor on prepared programs. Usage: doctor {tiny|memory|triangle|long_iteration|healthy}: the finding has
/// to be right; a machine that is busy with other programs is waited for, and the test skipped if it stays so. Or:
/// doctor at_exit VALUE: what PARLOOP_DOCTOR=VALUE prints.
#include <sys/wait.h>

#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>

#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;
using pl::detail::finding;

namespace {

void work_for(long steps) {
  unsigned long x = 1;
  for (long j = 0; j < steps; ++j) {
    x = x * 6364136223846793005UL + 1442695040888963407UL;
    asm volatile("" : "+r"(x));
  }
}

void tiny() {
  for (int k = 0; k < 300; ++k) {
    pl::parallel_for(pl::examined(pl::prange(8), {.name = "tiny"}), [](index_t) { work_for(1); });
    test::let_pass(std::chrono::milliseconds(1));
  }
}

void memory() {
  static std::vector<double> x(std::size_t{1} << 23, 1.0);
  static std::vector<double> y(x.size(), 0.0);
  for (int k = 0; k < 30; ++k) {
    pl::parallel_for(pl::examined(pl::prange(x.size()), {.name = "memory", .bytes = 2 * sizeof(double)}),
                     [](index_t i) { y[static_cast<std::size_t>(i)] = x[static_cast<std::size_t>(i)] + 2; });
  }
}

void triangle() {
  for (int k = 0; k < 30; ++k) {
    pl::parallel_for(pl::examined(pl::prange(1000).grain(500), {.name = "triangle"}),
                     [](index_t i) { work_for(20 * i); });
  }
}

void long_iteration() {
  for (int k = 0; k < 30; ++k) {
    pl::parallel_for(pl::examined(pl::prange(64), {.name = "long_iteration"}),
                     [](index_t i) { work_for(i == 40 ? 3'000'000 : 3'000); });
  }
}

void healthy() {
  for (int k = 0; k < 40; ++k) {
    pl::parallel_for(pl::examined(pl::prange(1000), {.name = "healthy"}), [](index_t) { work_for(5'000); });
  }
}

struct program {
  const char* name;
  void (*run)();
  finding right;
};
constexpr program programs[] = {{"tiny", tiny, finding::too_small},
                                {"memory", memory, finding::memory_bound},
                                {"triangle", triangle, finding::imbalanced},
                                {"long_iteration", long_iteration, finding::one_long_iteration},
                                {"healthy", healthy, finding::pays}};

/// In a child, so that every attempt starts afresh: 0 right, 1 wrong, 77 the machine was busy.
int examine(const program& p) {
  pl::set_doctor(pl::doctor_state::on);
  p.run();
  const auto loops = pl::detail::examined_loops();
  if (loops.size() != 1) return 1;
  const auto found = diagnose_loop(loops[0].figures);
  std::fputs(pl::detail::describe_loop(loops[0]).c_str(), stdout);
  std::fflush(stdout);
  if (found == p.right) return 0;
  return kept_from_running(loops[0].figures) || loops[0].figures.threads < 2 ? 77 : 1;
}

int in_child(const program& p) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(examine(p));
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/// A second opinion is asked for when the first is wrong: another program may have come in between.
int judge(const program& p) {
  if (test::under_sanitizer) return std::puts("times mean nothing under a sanitizer"), 77;
  int result = 1;
  for (int attempt = 0; attempt < 3; ++attempt) {
    result = in_child(p);
    if (result == 0) return 0;
    test::let_pass(std::chrono::milliseconds(500));
  }
  if (result == 77) std::puts("this machine is too busy, or has one CPU");
  return result;
}

/// One line with "parloop doctor" and one for the loop when it is on, one complaint for junk, else nothing.
int at_exit(const std::string& value) {
  int ends[2];
  if (::pipe(ends) != 0) return 1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], 2);
    ::setenv("PARLOOP_DOCTOR", value.c_str(), 1);
    pl::parallel_for(pl::examined(pl::prange(100), {.name = "at exit"}), [](index_t) {});
    std::exit(0);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t size = 0; (size = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(size));
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  std::printf("%s", text.c_str());
  if (status != 0) return 1;
  if (value == "0") return text.empty() ? 0 : 1;
  if (value == "1") {
    return text.rfind("parloop doctor\nat exit (doctor.cpp:", 0) == 0 && text.find("calls 1,") != std::string::npos ? 0
                                                                                                                    : 1;
  }
  return text == "parloop: PARLOOP_DOCTOR='" + value + "' is ignored; expected 0 or 1\n" ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const test::watchdog guard(150, "doctor");
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "at_exit" && argc > 2) return at_exit(argv[2]);
  for (const program& p : programs) {
    if (what == p.name) return judge(p);
  }
  return 2;
}
