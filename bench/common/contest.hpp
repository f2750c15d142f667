// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Rivals measured in alternating rounds: what all workloads share. Google Benchmark is the runner: a contest is one of
/// its benchmarks, a round one of its repetitions, a rival's time one of its counters.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace bench {

/// What one rival did in one round.
struct sample {
  double time = 0;       ///< s per loop
  double cpu = 0;        ///< s of CPU time per loop, all threads of the process and pauses between loops included
  double switches = -1;  ///< context switches; negative: not counted
};

struct rival {
  std::string name;
  std::function<sample()> take;  ///< runs and checks; throws std::runtime_error when the answer is wrong
};

/// The samples of one contest, in order of the rounds; empty when the contest was not run.
struct result {
  std::vector<std::string> names;
  std::vector<std::vector<sample>> rounds;  ///< [round][rival]

  [[nodiscard]] bool empty() const { return rounds.empty(); }
  [[nodiscard]] bool has(const std::string& name) const;
  /// The quantile q of one figure of a rival: 0.5 is the median.
  [[nodiscard]] double quantile(const std::string& name, double q, double sample::*figure = &sample::time) const;
  [[nodiscard]] double median(const std::string& name, double sample::*figure = &sample::time) const {
    return quantile(name, 0.5, figure);
  }
  /// The first and third quartile of a rival's time, as text.
  [[nodiscard]] std::string quartiles(const std::string& name) const;
  /// The first name is taken for the reference; the best of the rivals that are no variants of parloop, or empty.
  [[nodiscard]] std::string best_rival() const;
};

/// Reads Google Benchmark's flags from the command line, after these of our own choice; removes them. One more flag:
/// --rivals=a,b keeps only these and the reference in every contest.
void initialize(int& argc, char**& argv, int rounds);

/// The argument that is left then, `what` it is in words; `otherwise` when there is none. Ends the program with its
/// usage when it is no number from `least` to `most`.
double argument(int argc, char** argv, const char* what, double otherwise, double least, double most);
/// The same, for the size of the largest array in MiB.
long largest_mib(int argc, char** argv, long otherwise);

/// Whether --rivals names this one.
bool named(const std::string& rival);

/// Adds a contest. Rivals take their samples in turn, in every round another one first, and each begins when all
/// threads of the one before are silent.
void add_contest(const std::string& name, std::vector<rival> rivals);

/// Runs the contests that --benchmark_filter selects. False when an answer was wrong.
bool run();
/// Runs them and prints a table of all: times, speed-ups, times against the best rival's, CPU times. Returns main's
/// answer.
int run_and_compare(const std::string& title);

/// What a contest has measured.
const result& result_of(const std::string& contest);

/// Says in the output that a rival's library is not part of this build; parloop's variants need not be named.
void note_missing(const std::string& rival);

/// Prints one row of a Markdown table.
void row(const std::vector<std::string>& cells);
/// Prints the head of a Markdown table, below a line that says what it shows.
void head(const std::string& title, const std::vector<std::string>& columns);
/// A number as text, rounded to `digits` after the point.
std::string number(double value, int digits);
/// A time in the unit that suits it.
std::string time_text(double seconds);

/// "libgomp" or "libomp": what serves OpenMP in this process.
extern const char* const openmp_name;

}  // namespace bench
