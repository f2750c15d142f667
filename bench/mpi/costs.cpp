// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What loops over ranks cost, for docs/mpi.md and bench/mpi/model.py: one line for each figure, its name and value.
///   mpirun -n 2 bench_mpi_costs [seconds of Mandelbrot set]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <parloop/mpi.hpp>
#include <string>
#include <vector>

namespace pl = parloop;
namespace mpi = parloop::mpi;

namespace {

void say(const mpi::communicator& ranks, const std::string& name, double value, const char* unit) {
  if (ranks.rank() == 0) std::printf("%s %.3f %s\n", name.c_str(), value, unit);
}

/// The median of 9 rounds of `count` calls, in microseconds a call.
template <class F>
double microseconds(int count, const F& f) {
  std::vector<double> rounds;
  for (int round = 0; round < 9; ++round) {
    const double start = MPI_Wtime();
    for (int k = 0; k < count; ++k) f();
    rounds.push_back((MPI_Wtime() - start) / count * 1e6);
  }
  std::nth_element(rounds.begin(), rounds.begin() + 4, rounds.end());
  return rounds[4];
}

/// Iterations until a point of row y leaves, for all of a row's points.
int mandelbrot_row(pl::index_t y, pl::index_t size) {
  int total = 0;
  for (pl::index_t x = 0; x < size; ++x) {
    const double cr = -2 + 2.5 * static_cast<double>(x) / static_cast<double>(size);
    const double ci = -1.25 + 2.5 * static_cast<double>(y) / static_cast<double>(size);
    double zr = 0, zi = 0;
    int k = 0;
    for (; k < 1000 && zr * zr + zi * zi < 4; ++k) {
      const double next = zr * zr - zi * zi + cr;
      zi = 2 * zr * zi + ci;
      zr = next;
    }
    total += k;
  }
  return total;
}

void counters(const mpi::communicator& ranks) {
  pl::detail::shared_words words(ranks.handle(), 1);
  const int last = ranks.size() - 1;
  // One rank alone, while the others wait in MPI; then all at once.
  double alone = 0;
  if (ranks.rank() == last) alone = microseconds(1000, [&] { words.fetch_add(0, 0, 1); });
  MPI_Bcast(&alone, 1, MPI_DOUBLE, last, ranks.handle());
  say(ranks, "counter_us", alone, "an access by one rank while the others wait");
  MPI_Barrier(ranks.handle());
  double busy = microseconds(1000, [&] { words.fetch_add(0, 0, 1); });
  MPI_Allreduce(MPI_IN_PLACE, &busy, 1, MPI_DOUBLE, MPI_MAX, ranks.handle());
  say(ranks, "counter_shared_us", busy / ranks.size(), "an access while all ranks make them, over their number");
  MPI_Barrier(ranks.handle());
}

void messages(const mpi::communicator& ranks) {
  if (ranks.size() < 2) return;
  std::vector<char> bytes(8 << 20);
  const auto there_and_back = [&](int size) {
    if (ranks.rank() == 0) {
      MPI_Send(bytes.data(), size, MPI_BYTE, 1, 0, ranks.handle());
      MPI_Recv(bytes.data(), size, MPI_BYTE, 1, 0, ranks.handle(), MPI_STATUS_IGNORE);
    } else if (ranks.rank() == 1) {
      MPI_Recv(bytes.data(), size, MPI_BYTE, 0, 0, ranks.handle(), MPI_STATUS_IGNORE);
      MPI_Send(bytes.data(), size, MPI_BYTE, 0, 0, ranks.handle());
    }
  };
  const double small = microseconds(1000, [&] { there_and_back(8); }) / 2;
  const double large = microseconds(10, [&] { there_and_back(8 << 20); }) / 2;
  say(ranks, "latency_us", small, "8 bytes, one way");
  say(ranks, "bandwidth_GB_per_s", static_cast<double>(8 << 20) / large / 1e3, "8 MiB, one way");
}

void mandelbrot(const mpi::communicator& ranks, double seconds) {
  const double once = [] {
    const double start = MPI_Wtime();
    volatile int total = 0;
    for (pl::index_t y = 0; y < 128; ++y) total = total + mandelbrot_row(y, 128);
    return MPI_Wtime() - start;
  }();
  double size = 128 * std::max(1.0, std::sqrt(seconds / once));
  MPI_Bcast(&size, 1, MPI_DOUBLE, 0, ranks.handle());
  const auto n = static_cast<pl::index_t>(size);
  std::vector<int> rows(static_cast<std::size_t>(n));
  const auto body = [&](pl::index_t y) { rows[static_cast<std::size_t>(y)] = mandelbrot_row(y, n); };
  // The serial loop and the parallel ones in turn, the others asleep meanwhile, so that noise meets both.
  std::vector<double> speed_ups[3];
  double serial_seconds = 0;
  for (int round = 0; round < 5; ++round) {
    pl::index_t alone = 0;
    double serial = 0;
    mpi::parallel_for(ranks, pl::prange(ranks.size()), [&](pl::index_t r) {
      if (r != 0) return;
      const double start = MPI_Wtime();
      for (pl::index_t y = 0; y < n; ++y) alone += mandelbrot_row(y, n);
      serial = MPI_Wtime() - start;
    });
    serial_seconds = serial;
    const auto timed = [&](std::vector<double>& to, const auto& how) {
      const double start = MPI_Wtime();
      mpi::parallel_for(ranks, pl::prange(n), body, how);
      to.push_back(serial / (MPI_Wtime() - start));
    };
    timed(speed_ups[0], mpi::equal_shares());
    timed(speed_ups[1], mpi::cyclic());
    timed(speed_ups[2], mpi::dynamic());
  }
  say(ranks, "mandelbrot_serial_s", serial_seconds, "one rank, one thread");
  const char* const names[] = {"equal", "cyclic", "dynamic"};
  for (int k = 0; k < 3; ++k) {
    std::sort(speed_ups[k].begin(), speed_ups[k].end());
    say(ranks, std::string("mandelbrot_") + names[k], speed_ups[k][2], "times as fast as serial, median of 5");
  }
}

void run(double seconds) {
  pl::serial one;
  const mpi::communicator ranks(MPI_COMM_WORLD, one);
  say(ranks, "ranks", ranks.size(), "");
  say(ranks, "empty_loop_us", microseconds(1000, [&] { mpi::parallel_for(ranks, pl::prange(1), [](pl::index_t) {}); }),
      "parallel_for of one iteration");
  say(ranks, "sum_us",
      microseconds(
          1000, [&] { static_cast<void>(mpi::parallel_sum(ranks, pl::prange(64), [](pl::index_t i) { return i; })); }),
      "parallel_sum of 64 iterations");
  say(ranks, "dynamic_loop_us",
      microseconds(300,
                   [&] {
                     mpi::parallel_for(
                         ranks, pl::prange(100'000), [](pl::index_t) {}, mpi::dynamic());
                   }),
      "dynamic loop of 100,000 empty iterations");
  counters(ranks);
  messages(ranks);
  if (seconds > 0) mandelbrot(ranks, seconds);
}

}  // namespace

int main(int argc, char** argv) {
  int level = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level);
  run(argc > 1 ? std::atof(argv[1]) : 1);
  MPI_Finalize();
}
