// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How the default policy fares on computers of 2 to 256 CPUs: prints a row for each. Arguments: --write FILE puts the
/// table between the marks there, --check FILE compares it with the one that stands there. Part of a computer's name,
/// or several with commas between, prints the rows with what they are made of; a number after it is added to the seeds,
/// so that what is chance differs.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <parloop/parloop.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fresh_process.hpp"
#include "loops.hpp"
#include "profiles.hpp"

namespace {

namespace pl = parloop;
using machines::between;
using machines::nanoseconds;
using machines::profile;
using machines::series;
using machines::series_result;

constexpr double us = 1e3;
constexpr double ms = 1e6;

/// How many fast cores this computer is worth.
double capacity(const profile& p) {
  double all = 0;
  for (int cpu = 0; cpu < p.cpus(); ++cpu) all += p.speed_of(cpu) * (p.smt > 1 ? p.smt_speed : 1.0);
  return all * (1 - p.steal_share);
}

/// Fewer loops where there are many threads, as each event of each takes its time to simulate.
int some(const profile& p, int most) { return std::max(5, most * 16 / std::max(16, p.cpus())); }

/// Loops back to back on a host that steals: as many as see many of its thefts.
int over_thefts(const profile& p, double size, int loops) {
  return p.steal_share > 0 ? std::clamp(static_cast<int>(400 * ms / size), loops, 40'000) : loops;
}

pl::index_t iterations_on(const profile& p) { return std::max(64, 16 * p.cpus()); }

std::uint64_t seed = 1;  // of this process's simulations

/// The answer of a simulation, or NaN.
template <class Main>
double simulated(const profile& p, Main main) {
  double answer = std::nan("");
  const auto o = machines::run(
      p, seed, [&] { answer = main(); }, 1'000'000'000'000);
  if (!o) std::fprintf(stderr, "%s: %s\n", p.name.c_str(), o.failure.c_str());
  return o ? answer : std::nan("");
}

/// ns a loop takes, and on a plain loop without the library.
struct pair_of_times {
  double shared = 0;
  double serial = 0;
};
pair_of_times compare(const profile& p, const series& s) {
  pair_of_times t;
  t.shared = simulated(p, [&] {
    pl::thread_pool pool;
    machines::settle_in(pool, some(p, 50));
    return machines::run_series(pool, s).time;
  });
  t.serial = simulated(p, [&] { return machines::run_plain_series(s).time; });
  return t;
}

// --- the columns ---

constexpr double small_sizes[] = {1 * us, 2 * us, 5 * us, 10 * us, 20 * us, 50 * us, 100 * us, 200 * us};
constexpr double ladder[] = {5 * us, 10 * us, 20 * us, 50 * us, 100 * us, 200 * us, 500 * us,
                             1 * ms, 2 * ms,  5 * ms,  10 * ms, 20 * ms,  50 * ms,  100 * ms};

/// A figure that is chance to some part, by where the kernel puts whom and when the host takes a CPU, is taken by
/// several seeds: the middle one of so many, but the mean of what callers keep busy.
struct task {
  double (*take)(const profile& p, double size);
  double size;
  std::size_t seeds = 1;
};
constexpr std::size_t by_chance = 5;

template <between Pause, nanoseconds Length>
double excess(const profile& p, double size) {
  series s{.size = size,
           .pause = Pause,
           .length = Length,
           .warm = std::max(50, some(p, 100)),
           .loops = std::max(32, some(p, 50))};
  if (Pause == between::nothing) s.loops = over_thefts(p, size, s.loops);
  const pair_of_times t = compare(p, s);
  return t.shared - t.serial;
}
double efficiency(const profile& p, double size) {
  const series s{
      .size = size, .iterations = iterations_on(p), .warm = some(p, 40), .loops = over_thefts(p, size, some(p, 20))};
  const pair_of_times t = compare(p, s);
  return t.serial / t.shared / capacity(p) * (1 - p.steal_share);
}
double speed_up(const profile& p, double size) {
  const series s{
      .size = size, .iterations = iterations_on(p), .warm = some(p, 40), .loops = over_thefts(p, size, some(p, 20))};
  const pair_of_times t = compare(p, s);
  return t.serial / t.shared;
}
double speed_up_per_cpu(const profile& p, double size) { return speed_up(p, size * p.cpus()); }
/// Frames of a program that draws: some loops, close together, then a sleep. How long the loops take, and the CPU time
/// of all, sleeps included.
struct frames {
  int loops;
  nanoseconds apart;
  double size;
};
template <class Loop>
series_result run_frames(const profile& p, const frames& f, Loop loop) {
  const int warm = 10;
  const int count = over_thefts(p, f.size * f.loops, std::max(10, some(p, 20)));
  nanoseconds took = 0;
  nanoseconds burnt_before = 0;
  for (int frame = -warm; frame < count; ++frame) {
    if (frame == 0) burnt_before = machines::burnt();
    for (int l = 0; l < f.loops; ++l) {
      const nanoseconds before = machines::now();
      loop();
      if (frame >= 0) took += machines::now() - before;
      machines::work(static_cast<double>(f.apart));
    }
    machines::sleep(5'000'000);
  }
  return {static_cast<double>(took), static_cast<double>(machines::burnt() - burnt_before)};
}
constexpr frames few_loops = {2, 20'000, 200 * us};
constexpr frames many_loops = {20, 5'000, 20 * us};
/// One figure of plain loops, over that of shared ones.
template <double series_result::*Figure>
double in_frames(const profile& p, const frames& f) {
  const double serial =
      simulated(p, [&] { return run_frames(p, f, [&] { machines::work(f.size); }).*Figure; });
  return serial / simulated(p, [&] {
    pl::thread_pool pool;
    machines::settle_in(pool, some(p, 50));
    const pl::index_t n = iterations_on(p);
    const auto body = [each = f.size / static_cast<double>(n)](pl::index_t begin, pl::index_t end) {
      machines::work(each * static_cast<double>(end - begin));
    };
    return run_frames(p, f, [&] { pl::parallel_for_chunks(pool, pl::prange(n), body); }).*Figure;
  });
}
double speed_up_few(const profile& p, double) { return in_frames<&series_result::time>(p, few_loops); }
double speed_up_many(const profile& p, double) { return in_frames<&series_result::time>(p, many_loops); }
double cpu_of_few(const profile& p, double) { return 1 / in_frames<&series_result::burnt>(p, few_loops); }
double cpu_of_many(const profile& p, double) { return 1 / in_frames<&series_result::burnt>(p, many_loops); }
/// CPU time used in the tenth of a second after the last loop.
double burnt_after(const profile& p, double size) {
  return simulated(p, [&] {
    pl::thread_pool pool;
    machines::settle_in(pool, some(p, 50));
    machines::run_series(pool, {.size = size * p.cpus(), .iterations = iterations_on(p), .warm = 5, .loops = 5});
    const nanoseconds before = machines::burnt();
    machines::sleep(100'000'000);
    return static_cast<double>(machines::burnt() - before);
  });
}
/// What part of the computer 32 callers keep busy that loop at once.
double callers(const profile& p, double size) {
  return simulated(p, [&] {
    constexpr int count = 32;
    constexpr int loops = 8;
    pl::thread_pool pool;
    machines::settle_in(pool, some(p, 50));
    std::vector<machines::thread*> all;
    const nanoseconds begin = machines::now();
    for (int i = 0; i < count; ++i) {
      all.push_back(machines::spawn(
          [&] { machines::run_series(pool, {.size = size, .iterations = 256, .warm = -1, .loops = loops}); }));
    }
    for (machines::thread* t : all) machines::join(t);
    return count * loops * size / static_cast<double>(machines::now() - begin) / capacity(p);
  });
}

std::vector<task> tasks_of_a_row() {
  std::vector<task> all;
  for (const double size : small_sizes) all.push_back({&excess<between::nothing, 0>, size, by_chance});
  for (const double size : small_sizes) all.push_back({&excess<between::work, 50'000>, size, by_chance});
  for (const double size : small_sizes) all.push_back({&excess<between::sleep, 2'000'000>, size});
  for (const double size : ladder) all.push_back({&efficiency, size});
  all.push_back({&speed_up, 1 * ms});
  all.push_back({&speed_up, 20 * ms});
  all.push_back({&speed_up_per_cpu, 1 * ms});
  all.push_back({&speed_up_few, 0, by_chance});
  all.push_back({&cpu_of_few, 0, by_chance});
  all.push_back({&speed_up_many, 0, by_chance});
  all.push_back({&cpu_of_many, 0, by_chance});
  all.push_back({&burnt_after, 1 * ms, by_chance});
  all.push_back({&callers, 4 * ms, by_chance});
  return all;
}

double answer_of(const task& t, std::vector<double> by_seed) {
  double sum = 0;
  for (const double one : by_seed) sum += one;
  if (std::isnan(sum) || t.take == &callers) return sum / static_cast<double>(by_seed.size());
  std::sort(by_seed.begin(), by_seed.end());
  return by_seed[by_seed.size() / 2];
}

// --- the table ---

struct column {
  const char* title;
  const char* format;
  double part;    // a figure may differ so much from the table's
  double amount;  // or so much
};
constexpr column columns[] = {{"worst excess over serial, us: back to back", "%.2f", 0.6, 0.3},
                              {"after 50 us of work", "%.2f", 0.6, 0.3},
                              {"after 2 ms of sleep", "%.2f", 0.6, 0.3},
                              {"smallest loop with 80 % efficiency, us", "%.0f", 1.5, 0},  // a step of 1, 2, 5
                              {"speed-up of 1 ms", "%.1f", 0.25, 0.1},
                              {"of 20 ms", "%.1f", 0.15, 0.1},
                              {"of 1 ms for each CPU", "%.1f", 0.15, 0.1},
                              {"of frames: 2 loops of 200 us", "%.2f", 0.2, 0.1},
                              {"their CPU time, of serial ones", "%.1f", 0.3, 0.2},
                              {"speed-up of frames: 20 loops of 20 us", "%.2f", 0.2, 0.1},
                              {"their CPU time, of serial ones", "%.1f", 0.3, 0.2},
                              {"CPU burnt after the last loop, us", "%.0f", 1.0, 50},
                              {"busy with 32 callers of 4 ms loops, %", "%.0f", 0.3, 3}};
using row = std::array<double, std::size(columns)>;

row row_of(const std::vector<double>& answers) {
  row r{};
  std::size_t at = 0;
  for (std::size_t pause = 0; pause < 3; ++pause) {
    double worst = answers[at];
    for (std::size_t i = 0; i < std::size(small_sizes); ++i) worst = std::max(answers[at + i], worst);
    r[pause] = worst / us;
    at += std::size(small_sizes);
  }
  r[3] = std::nan("");
  for (std::size_t i = std::size(ladder); i-- > 0 && answers[at + i] >= 0.8;) r[3] = ladder[i] / us;
  at += std::size(ladder);
  for (std::size_t i = 4; i < r.size(); ++i) r[i] = answers[at++];
  r[r.size() - 2] /= us;
  r[r.size() - 1] *= 100;
  return r;
}

std::string text_of(const std::string& name, const row& r) {
  std::string text = "| " + name + " |";
  for (std::size_t i = 0; i < r.size(); ++i) {
    char figure[32];
    std::snprintf(figure, sizeof figure, columns[i].format, r[i]);
    text += std::string(" ") + figure + " |";
  }
  return text + "\n";
}

constexpr const char* begin_mark = "<!-- made by test_machines_table --write -->\n";
constexpr const char* end_mark = "<!-- table ends -->\n";

std::string read(const char* file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The row of this name in the text; empty when there is none.
std::vector<double> row_in(const std::string& text, const std::string& name) {
  std::vector<double> figures;
  const std::size_t at = text.find("| " + name + " |");
  if (at == std::string::npos) return figures;
  std::stringstream cells(text.substr(at + name.size() + 4, text.find('\n', at) - at - name.size() - 4));
  for (std::string cell; std::getline(cells, cell, '|');) figures.push_back(std::strtod(cell.c_str(), nullptr));
  return figures;
}

/// Says what differs by more than the tolerance.
int differences(const std::string& text, const profile& p, const row& r) {
  const std::string& name = p.name;
  const std::vector<double> there = row_in(text, name);
  int bad = there.size() == r.size() ? 0 : 1;
  for (std::size_t i = 0; i < r.size() && bad == 0; ++i) {
    const double off = std::fabs(r[i] - there[i]);
    const double wider = p.steal_share > 0 ? 3 : 1;  // what is stolen is chance
    const bool both_none = std::isnan(r[i]) && std::isnan(there[i]);
    if (!both_none &&
        !(off <= wider * columns[i].amount || off <= wider * columns[i].part * std::fmin(r[i], there[i]))) {
      std::printf("%s, %s: %.3f, in the table %.3f\n", name.c_str(), columns[i].title, r[i], there[i]);
      ++bad;
    }
  }
  return bad;
}

/// Whether one of the words between commas is in its name.
bool is_named(const profile& p, const std::string& words) {
  std::stringstream each(words);
  for (std::string word; std::getline(each, word, ',');) {
    if (p.name.find(word) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  const bool write = argc > 2 && std::strcmp(argv[1], "--write") == 0;
  const bool check = argc > 2 && std::strcmp(argv[1], "--check") == 0;
  const char* const only = argc > 1 && !write && !check ? argv[1] : nullptr;
  if (only != nullptr && argc > 2) seed += std::strtoull(argv[2], nullptr, 10);
  std::vector<profile> profiles = machines::all_profiles();
  if (only != nullptr)
    std::erase_if(profiles, [&](const profile& p) { return !is_named(p, only); });
  const std::vector<task> tasks = tasks_of_a_row();
  std::string table = "| computer |";
  for (const column& c : columns) table += std::string(" ") + c.title + " |";
  table += "\n|---|";
  for (std::size_t i = 0; i < std::size(columns); ++i) table += "---|";
  table += "\n";
  const std::string before = write || check ? read(argv[2]) : "";
  int bad = 0;
  struct piece {
    const profile* computer;
    const task* what;
    std::size_t seeds_before;
  };
  std::vector<piece> pieces;
  for (const profile& p : profiles) {
    for (const task& t : tasks) {
      for (std::size_t k = 0; k < t.seeds; ++k) pieces.push_back({&p, &t, k});
    }
  }
  std::vector<double> by_seed;
  std::vector<double> answers;
  machines::in_fresh_processes(
      pieces.size(), 2,
      [&](std::size_t i) {
        seed += pieces[i].seeds_before;
        return std::to_string(pieces[i].what->take(*pieces[i].computer, pieces[i].what->size));
      },
      [&](std::size_t i, const machines::child_result& result) {
        by_seed.push_back(result.good ? std::strtod(result.text.c_str(), nullptr) : std::nan(""));
        if (!result.good) std::printf("%s\n", result.text.c_str());
        if (by_seed.size() < pieces[i].what->seeds) return true;
        answers.push_back(answer_of(*pieces[i].what, by_seed));
        by_seed.clear();
        if (answers.size() < tasks.size()) return true;
        const profile& computer = *pieces[i].computer;
        const std::string& name = computer.name;
        const row r = row_of(answers);
        if (only != nullptr) {
          for (std::size_t k = 0; k < tasks.size(); ++k) std::printf("%g%s", answers[k], k % 8 == 7 ? "\n" : " ");
          std::printf("\n");
        }
        answers.clear();
        table += text_of(name, r);
        std::printf("%s", text_of(name, r).c_str());
        std::fflush(stdout);
        if (check) bad += differences(before, computer, r);
        return true;
      });
  if (write) {
    const std::size_t from = before.find(begin_mark);
    const std::size_t to = before.find(end_mark);
    if (from == std::string::npos || to == std::string::npos) {
      std::printf("%s has no place for the table\n", argv[2]);
      return 1;
    }
    std::ofstream(argv[2]) << before.substr(0, from) << begin_mark << table << before.substr(to);
  }
  return bad == 0 ? 0 : 1;
}
