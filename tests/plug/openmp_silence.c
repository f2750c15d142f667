/* SPDX-FileCopyrightText: 2026 the parloop authors */
/* SPDX-License-Identifier: MIT */
/* What a program burns in the second after its regions, and how many threads it has. On libgomp 5 to 15 ms; on the plug
   at most half a millisecond, or the exit code is 1. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int count_threads(void) {
  DIR* tasks = opendir("/proc/self/task");
  int n = -2; /* . and .. */
  if (tasks == NULL) return 0;
  while (readdir(tasks) != NULL) ++n;
  closedir(tasks);
  return n;
}

int main(void) {
  static double x[100000];
  const struct timespec second = {1, 0};
  double least = 1e9; /* of three, as on a virtual machine the clock also counts what others were given */
  for (int measurement = 0; measurement < 3; ++measurement) {
    for (int round = 0; round < 20; ++round) {
#pragma omp parallel for num_threads(2)
      for (int i = 0; i < 100000; ++i) x[i] = x[i] * 0.5 + i;
    }
    const double before = cpu_ms();
    nanosleep(&second, NULL);
    const double burnt = cpu_ms() - before;
    if (burnt < least) least = burnt;
  }
  printf("%d threads, %.3f ms of CPU in the second after\n", count_threads(), least);
  return x[7] > 0 && least <= 0.5 ? 0 : 1;
}
