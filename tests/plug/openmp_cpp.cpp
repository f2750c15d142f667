// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
// The same for what only C++ programs do: class types in clauses, own reductions, exceptions inside of regions,
// threadprivate variables with constructors.
#include <omp.h>

#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct counted {
  static inline int alive = 0;
  std::vector<int> data;
  counted() : data(10, 1) {
#pragma omp atomic
    ++alive;
  }
  counted(const counted& other) : data(other.data) {
#pragma omp atomic
    ++alive;
  }
  counted& operator=(const counted&) = default;
  ~counted() {
#pragma omp atomic
    --alive;
  }
};

#pragma omp declare reduction(join : std::vector <int> : omp_out.insert(omp_out.end(), omp_in.begin(), omp_in.end()))

struct kept {
  int value = 5;
};
extern kept per_thread;
#pragma omp threadprivate(per_thread)
kept per_thread;

}  // namespace

int main() {
  std::vector<int> all;
#pragma omp parallel for reduction(join : all) num_threads(4)
  for (int i = 0; i < 100; ++i) all.push_back(i);
  std::printf("joined %zu, sum %d\n", all.size(), std::accumulate(all.begin(), all.end(), 0));

  counted first;
  int sum = 0;
#pragma omp parallel num_threads(4) firstprivate(first) reduction(+ : sum)
#pragma omp single
  {
    for (int i = 0; i < 10; ++i) {
#pragma omp task firstprivate(first, i) shared(sum)
      {
        const int part = std::accumulate(first.data.begin(), first.data.end(), 0) * i;
#pragma omp atomic
        sum += part;
      }
    }
#pragma omp taskwait
  }
  std::printf("tasks with copies: %d, alive: %d\n", sum, counted::alive);

  int caught = 0;
#pragma omp parallel for schedule(dynamic) num_threads(4) reduction(+ : caught)
  for (int i = 0; i < 50; ++i) {
    try {
      if (i % 5 == 0) throw std::runtime_error(std::to_string(i));
    } catch (const std::exception&) {
      ++caught;
    }
  }
  std::printf("caught %d\n", caught);

#pragma omp parallel num_threads(3)
  per_thread.value += omp_get_thread_num();
  int total = 0;
#pragma omp parallel num_threads(3) reduction(+ : total)
  total += per_thread.value;
  std::printf("threadprivate %d\n", total);
}
