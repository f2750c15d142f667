/* SPDX-FileCopyrightText: 2026 the parloop authors */
/* SPDX-License-Identifier: MIT */
/* Tiny OpenMP tasks, for bench/plug: prints for each way to make them the nanoseconds that a task takes, the median of
   fifteen times 20,000 tasks. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

static long long sink;

static double one_maker(int n) { /* and others that run them */
  double t = omp_get_wtime();
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < n; ++i) {
#pragma omp task
    __asm__ volatile("");
  }
  return (omp_get_wtime() - t) / n;
}

static double all_make(int n) {
  double t = omp_get_wtime();
#pragma omp parallel
  for (int i = 0; i < n; ++i) {
#pragma omp task
    __asm__ volatile("");
  }
  return (omp_get_wtime() - t) / ((double)n * omp_get_max_threads());
}

static double waited_for(int n) {
  double t = omp_get_wtime();
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < n; ++i) {
#pragma omp task
    __asm__ volatile("");
#pragma omp taskwait
  }
  return (omp_get_wtime() - t) / n;
}

static long long fib(int n) {
  long long a, b;
  if (n < 2) return n;
#pragma omp task shared(a)
  a = fib(n - 1);
#pragma omp task shared(b)
  b = fib(n - 2);
#pragma omp taskwait
  return a + b;
}

static double fibonacci(int n) {
  double t = omp_get_wtime();
#pragma omp parallel
#pragma omp single
  sink += fib(20); /* 21890 tasks */
  (void)n;
  return (omp_get_wtime() - t) / 21890;
}

static double chain(int n) {
  int link = 0;
  double t = omp_get_wtime();
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < n; ++i) {
#pragma omp task depend(inout : link)
    ++link;
  }
  return (omp_get_wtime() - t) / n;
}

static double loop(int n) {
  double t = omp_get_wtime();
#pragma omp parallel
#pragma omp single
#pragma omp taskloop grainsize(1)
  for (int i = 0; i < n; ++i) __asm__ volatile("");
  return (omp_get_wtime() - t) / n;
}

static double of_microseconds(int n) {
  double t = omp_get_wtime();
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < n; ++i) {
#pragma omp task
    for (int k = 0; k < 5000; ++k) __asm__ volatile("");
  }
  return (omp_get_wtime() - t) / n;
}

static double alone(int n) {
  double t = omp_get_wtime();
#pragma omp parallel num_threads(1)
  for (int i = 0; i < n; ++i) {
#pragma omp task
    __asm__ volatile("");
  }
  return (omp_get_wtime() - t) / n;
}

static int by_size(const void* a, const void* b) { return *(const double*)a < *(const double*)b ? -1 : 1; }

static void measure(const char* name, double (*f)(int)) {
  double times[15];
  for (int i = 0; i < 15; ++i) times[i] = f(20000);
  qsort(times, 15, sizeof *times, by_size);
  printf("%s %.1f\n", name, times[7] * 1e9);
}

int main(void) {
  measure("one_maker", one_maker);
  measure("all_make", all_make);
  measure("waited_for", waited_for);
  measure("fibonacci", fibonacci);
  measure("chain", chain);
  measure("taskloop", loop);
  measure("of_microseconds", of_microseconds);
  measure("one_thread", alone);
}
