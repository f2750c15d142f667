// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "contest.hpp"

#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "timing.hpp"

namespace bench {

// Only one of them has this function. libomp also serves what g++ has compiled, when it is loaded first.
const char* const openmp_name = dlsym(RTLD_DEFAULT, "kmp_get_blocktime") != nullptr ? "libomp" : "libgomp";

namespace {

std::map<std::string, result> results;
std::vector<std::string> contests;  // in the order in which they were added
std::set<std::string> missing;
std::string wanted;  // rivals, each between commas; empty: all
bool answers_right = true;

double quantile_of(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above], place - static_cast<double>(below));
}

/// A thread that takes samples when asked. Every rival has one of its own for the whole run, because some runtimes, and
/// parloop, keep what they have learned of a program, or their team, by the calling thread: pools of parloop with
/// different policies would spoil each other's predictions.
class caller {
 public:
  caller() = default;
  caller(const caller&) = delete;
  caller& operator=(const caller&) = delete;
  ~caller() {
    post(nullptr);
    thread_.join();
  }

  /// Runs `task` on the thread and waits for it, asleep.
  sample call(const std::function<sample()>& task) {
    post(&task);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !posted_; });
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return answer_;
  }

 private:
  void post(const std::function<sample()>* task) {
    const std::lock_guard lock(mutex_);
    task_ = task;
    posted_ = true;
    changed_.notify_all();
  }

  void serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return posted_; });
      if (task_ == nullptr) return;
      lock.unlock();
      try {
        answer_ = (*task_)();
      } catch (...) {
        error_ = std::current_exception();
      }
      lock.lock();
      posted_ = false;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool posted_ = false;
  const std::function<sample()>* task_ = nullptr;
  sample answer_;
  std::exception_ptr error_;
  std::thread thread_{&caller::serve, this};
};

std::map<std::string, caller> callers;  // by the rival's name

void one_round(benchmark::State& state, const std::vector<rival>& rivals, result& to) {
  for ([[maybe_unused]] const auto once : state) {
    std::vector<sample> round(rivals.size());
    try {
      for (std::size_t i = 0; i < rivals.size(); ++i) {
        const std::size_t turn = (i + to.rounds.size()) % rivals.size();
        wait_until_silent();
        round[turn] = callers[rivals[turn].name].call(rivals[turn].take);
      }
    } catch (const std::runtime_error& error) {
      answers_right = false;
      state.SkipWithError(error.what());
      return;
    }
    for (std::size_t i = 0; i < rivals.size(); ++i) {
      state.counters[rivals[i].name] = round[i].time;
      state.counters[rivals[i].name + "/cpu"] = round[i].cpu;
      if (round[i].switches >= 0) state.counters[rivals[i].name + "/switches"] = round[i].switches;
    }
    to.rounds.push_back(std::move(round));
  }
}

}  // namespace

bool result::has(const std::string& name) const { return std::find(names.begin(), names.end(), name) != names.end(); }

double result::quantile(const std::string& name, double q, double sample::*figure) const {
  if (!has(name)) return std::numeric_limits<double>::quiet_NaN();  // left out by --rivals
  const auto i = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  std::vector<double> values;
  for (const auto& round : rounds) values.push_back(round.at(i).*figure);
  return quantile_of(std::move(values), q);
}

std::string result::quartiles(const std::string& name) const {
  return time_text(quantile(name, 0.25)) + " ... " + time_text(quantile(name, 0.75));
}

std::string result::best_rival() const {
  std::string best;
  for (const std::string& name : names) {
    if (name == names.front() || name.starts_with("parloop") || name.ends_with("_limit")) continue;
    if (best.empty() || median(name) < median(best)) best = name;
  }
  return best;
}

void initialize(int& argc, char**& argv, int rounds) {
  static std::vector<std::string> words{argv[0], "--benchmark_repetitions=" + std::to_string(rounds),
                                        "--benchmark_report_aggregates_only=true"};
  for (int i = 1; i < argc; ++i) {  // the user's come last and win
    const std::string_view word = argv[i];
    constexpr std::string_view rivals = "--rivals=";
    if (word.starts_with(rivals)) {
      wanted.assign(1, ',').append(word.substr(rivals.size())).append(1, ',');
    } else {
      words.emplace_back(word);
    }
  }
  static std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  argc = static_cast<int>(words.size());
  argv = pointers.data();
  benchmark::Initialize(&argc, argv);
}

double argument(int argc, char** argv, const char* what, double otherwise, double least, double most) {
  const double value = argc > 1 ? std::strtod(argv[1], nullptr) : otherwise;
  if (value >= least && value <= most) return value;
  std::fprintf(stderr, "usage: %s [Google Benchmark's flags] [%s, %g to %g]\n", argv[0], what, least, most);
  std::exit(2);
}

long largest_mib(int argc, char** argv, long otherwise) {
  return std::lround(
      argument(argc, argv, "size of the largest array in MiB", static_cast<double>(otherwise), 1, 0x1p20));
}

bool named(const std::string& rival) { return wanted.find("," + rival + ",") != std::string::npos; }

void add_contest(const std::string& name, std::vector<rival> rivals) {
  if (!wanted.empty()) {
    const auto first = rivals.empty() ? rivals.begin() : rivals.begin() + 1;  // the reference stays
    rivals.erase(std::remove_if(first, rivals.end(),
                                [](const rival& r) {
                                  std::string between(1, ',');
                                  between.append(r.name).append(1, ',');
                                  return wanted.find(between) == std::string::npos;
                                }),
                 rivals.end());
  }
  contests.push_back(name);
  result& to = results[name];
  for (const rival& r : rivals) to.names.push_back(r.name);
  benchmark::RegisterBenchmark(
      name.c_str(), [rivals = std::move(rivals), &to](benchmark::State& state) { one_round(state, rivals, to); })
      ->Iterations(1)
      ->UseRealTime()
      ->MeasureProcessCPUTime()
      ->Unit(benchmark::kMillisecond)
      ->ComputeStatistics("q1", [](const std::vector<double>& v) { return quantile_of(v, 0.25); })
      ->ComputeStatistics("q3", [](const std::vector<double>& v) { return quantile_of(v, 0.75); });
}

bool run() {
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  callers.clear();
  for (const std::string& name : missing) std::printf("\nNot in this build, not measured: %s\n", name.c_str());
  return answers_right;
}

const result& result_of(const std::string& contest) { return results[contest]; }

void note_missing(const std::string& rival) {
  if (!rival.starts_with("parloop")) missing.insert(rival.substr(0, rival.find('/')));
}

void row(const std::vector<std::string>& cells) {
  for (const std::string& cell : cells) std::printf("| %s ", cell.c_str());
  std::printf("|\n");
}

void head(const std::string& title, const std::vector<std::string>& columns) {
  std::printf("\n%s\n\n", title.c_str());
  row(columns);
  for (std::size_t i = 0; i < columns.size(); ++i) std::printf("|---");
  std::printf("|\n");
}

std::string number(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string time_text(double seconds) {
  if (seconds < 1e-6) return number(seconds * 1e9, 1) + " ns";
  if (seconds < 1e-3) return number(seconds * 1e6, 2) + " us";
  return number(seconds * 1e3, 2) + " ms";
}

int run_and_compare(const std::string& title) {
  const bool right = run();
  head(title +
           ": median time [quartiles], speed-up, time against the best rival's (OpenMP or oneTBB), CPU time per loop",
       {"contest", "rival", "median", "quartiles", "speed-up", "time / best rival's", "CPU"});
  for (const std::string& contest : contests) {
    const result& r = result_of(contest);
    if (r.empty()) continue;
    const std::string best = r.best_rival();
    for (const std::string& name : r.names) {
      const double time = r.median(name);
      row({contest, name, time_text(time), r.quartiles(name), number(r.median(r.names.front()) / time, 2),
           best.empty() ? "-" : number(time / r.median(best), 3), time_text(r.median(name, &sample::cpu))});
    }
  }
  return right ? 0 : 1;
}

}  // namespace bench
