// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a library costs when there is nothing to do: after a loop, and between loops that come now and then. Every
/// rival runs in a process of its own, so that the threads of one are not counted for another.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "contenders.hpp"

namespace {

using bench::sample;

using idle_cost::contender;
using idle_cost::contenders;

/// Starts this program again as a child that measures.
class child_process {
 public:
  child_process(const contender& c, const char* measure);
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  /// What the child prints.
  [[nodiscard]] std::FILE* output() const { return output_; }
  /// Waits for its end; false when it ended badly.
  bool ended_well();

 private:
  pid_t id_;
  std::FILE* output_;
};

child_process::child_process(const contender& c, const char* measure) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  id_ = fork();
  if (id_ < 0) throw std::runtime_error("no process");
  if (id_ == 0) {
    // The caller has other threads, but those between fork and exec never run.
    if (c.variable != nullptr) setenv(c.variable, c.value, 1);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl("/proc/self/exe", "bench_idle_cost", "--child", measure, c.library, static_cast<char*>(nullptr));
    _exit(127);
  }
  close(ends[1]);
  output_ = fdopen(ends[0], "r");
}

bool child_process::ended_well() {
  std::fclose(output_);
  int status = 1;
  waitpid(id_, &status, 0);
  return status == 0;
}

/// Reads seconds that passed, seconds of CPU time in them, context switches of workers, the median time of a loop.
sample in_child(const contender& c, const char* measure) {
  child_process child(c, measure);
  double wall = 0;
  double cpu = 0;
  double switches = 0;
  double loop = 0;
  const int read = std::fscanf(child.output(), "%lf %lf %lf %lf", &wall, &cpu, &switches, &loop);
  if (!child.ended_well() || read != 4) throw std::runtime_error("wrong answer: " + c.name);
  // CPU time per second, so that a wake-up that came late does not count.
  return {loop, cpu / wall, std::string_view(measure) == "second_after" ? switches : -1};
}

/// Prints lines of rival, seconds, CPUs: what a monitor shows of a draw loop. `names`: of rivals, each between commas;
/// empty: all.
int print_curves(const std::string& names) {
  bool well = true;
  for (const contender& c : contenders()) {
    if (!names.empty() && names.find("," + c.name + ",") == std::string::npos) continue;
    child_process child(c, "draw_curve");
    double seconds = 0;
    double cpus = 0;
    while (std::fscanf(child.output(), "%lf %lf", &seconds, &cpus) == 2) {
      std::printf("%s %.3f %.4f\n", c.name.c_str(), seconds, cpus);
    }
    well = child.ended_well() && well;
  }
  return well ? 0 : 1;
}

struct measure {
  const char* name;
  const char* title;
};
constexpr measure second_after{"second_after",
                               "The second after the last of 20 loops of 0.5 ms: CPU time, and context switches of the "
                               "idle workers from 50 ms after the loop on"};
constexpr measure paced[] = {
    {"copy_at_100ms", "An image of 1440 x 1080 x 3 bytes copied by rows every 100 ms, for a second"},
    {"copy_at_60Hz", "The same 60 times a second"},
    {"nothing_at_1kHz", "A loop of 2 iterations that do nothing, every 1 ms, for a second (serial: plain sleeping)"},
};

std::string contest_name(const measure& m) { return std::string("idle_cost/") + m.name; }

std::string cpu_quartiles(const bench::result& r, const std::string& name, double unit, int digits) {
  return bench::number(r.quantile(name, 0.25, &sample::cpu) / unit, digits) + " ... " +
         bench::number(r.quantile(name, 0.75, &sample::cpu) / unit, digits);
}

void print_second_after() {
  const bench::result& r = bench::result_of(contest_name(second_after));
  if (r.empty()) return;
  bench::head(second_after.title, {"rival", "CPU ms, median", "quartiles", "context switches"});
  for (const std::string& name : r.names) {
    bench::row({name, bench::number(r.median(name, &sample::cpu) * 1e3, 3), cpu_quartiles(r, name, 1e-3, 3),
                bench::number(r.median(name, &sample::switches), 0)});
  }
}

void print_paced(const measure& m) {
  const bench::result& r = bench::result_of(contest_name(m));
  if (r.empty()) return;
  bench::head(m.title, {"rival", "CPU % of a core, median", "quartiles", "over serial", "/ serial", "loop"});
  const double serial = r.median("serial", &sample::cpu);
  for (const std::string& name : r.names) {
    const double cpu = r.median(name, &sample::cpu);
    bench::row({name, bench::number(cpu * 100, 2), cpu_quartiles(r, name, 1e-2, 2),
                bench::number((cpu - serial) * 100, 2), bench::number(cpu / serial, 2),
                bench::time_text(r.median(name))});
  }
}

void add(const measure& m) {
  std::vector<bench::rival> rivals;
  for (const contender& c : contenders()) rivals.push_back({c.name, [c, m] { return in_child(c, m.name); }});
  bench::add_contest(contest_name(m), std::move(rivals));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "--child") return idle_cost::be_child(argv[2], argv[3]);
  if (argc >= 2 && std::string_view(argv[1]) == "--curves") return print_curves(argc == 3 ? argv[2] : "");
  bench::initialize(argc, argv, 3);
  add(second_after);
  for (const measure& m : paced) add(m);
  const bool right = bench::run();
  print_second_after();
  for (const measure& m : paced) print_paced(m);
  return right ? 0 : 1;
}
