/* SPDX-FileCopyrightText: 2026 the parloop authors */
/* SPDX-License-Identifier: MIT */
/* Prints what a C program gets of each OpenMP construct; the same on every runtime. With the argument `plug` it ends
   with 77 unless the plug is there, and says what differs between it and libgomp. */
#include <omp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { n = 1000, threads = 4 };

static long fib(int k) {
  long a, b;
  if (k < 2) return k;
#pragma omp task shared(a)
  a = fib(k - 1);
#pragma omp task shared(b)
  b = fib(k - 2);
#pragma omp taskwait
  return a + b;
}

static void loops(void) {
  static int seen[n];
  const char* names[] = {"", "static", "dynamic", "guided", "auto"};
  for (int kind = 1; kind <= 4; ++kind) {
    for (int chunk = 0; chunk <= 7; chunk += 7) {
      omp_set_schedule((omp_sched_t)kind, chunk);
      memset(seen, 0, sizeof seen);
      long sum = 0;
#pragma omp parallel for schedule(runtime) num_threads(threads) reduction(+ : sum)
      for (int i = 0; i < n; ++i) {
        ++seen[i];
        sum += i;
      }
      int once = 0;
      for (int i = 0; i < n; ++i) once += seen[i] == 1;
      printf("%s,%d: %d once, sum %ld\n", names[kind], chunk, once, sum);
    }
  }
  unsigned long long total = 0;
#pragma omp parallel for schedule(dynamic, 3) num_threads(threads) reduction(+ : total)
  for (unsigned long long i = 0xfffffffffffffff0ULL; i > 0xffffffffffffff00ULL; i -= 7) total += i & 0xff;
  long down = 0;
#pragma omp parallel for schedule(guided) num_threads(threads) reduction(+ : down)
  for (long i = 100; i > -100; i -= 3) down += i;
  int last = 0;
#pragma omp parallel for schedule(dynamic) num_threads(threads) lastprivate(last)
  for (int i = 0; i < 77; i += 2) last = i;
  printf("unsigned, downwards: %llu, down: %ld, last: %d\n", total, down, last);
}

static void order(void) {
  printf("ordered:");
#pragma omp parallel for ordered schedule(dynamic, 2) num_threads(threads)
  for (int i = 0; i < 12; ++i) {
#pragma omp ordered
    printf(" %d", i);
  }
  static long grid[20][30];
#pragma omp parallel num_threads(threads)
#pragma omp for ordered(2) schedule(static, 1)
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 30; ++x) {
#pragma omp ordered depend(sink : y - 1, x) depend(sink : y, x - 1)
      grid[y][x] = ((y > 0 ? grid[y - 1][x] : 1) + (x > 0 ? grid[y][x - 1] : 1)) % 1000003;
#pragma omp ordered depend(source)
    }
  }
  printf("\ndoacross: %ld\n", grid[19][29]);
}

static void meeting(void) {
  int ready[threads] = {0};
  int good = 0, first = 0, copied = 0, sections = 0, in_critical = 0;
#pragma omp parallel num_threads(threads)
  {
    for (int round = 1; round <= 200; ++round) {
      ready[omp_get_thread_num()] = round;
#pragma omp barrier
      int all = 1;
      for (int i = 0; i < threads; ++i) all &= ready[i] == round;
#pragma omp atomic
      good += all;
#pragma omp barrier
    }
#pragma omp single
    ++first;
    int value;
#pragma omp single copyprivate(value)
    value = 42;
#pragma omp atomic
    copied += value;
#pragma omp sections
    {
#pragma omp section
      {
#pragma omp atomic
        sections += 1;
      }
#pragma omp section
      {
#pragma omp atomic
        sections += 10;
      }
#pragma omp section
      {
#pragma omp atomic
        sections += 100;
      }
    }
    for (int i = 0; i < 100; ++i) {
#pragma omp critical
      ++in_critical;
#pragma omp critical(named)
      ++first;
    }
  }
  printf("barriers %d, single %d, copied %d, sections %d, critical %d\n", good, first, copied, sections, in_critical);
}

static void tasks(void) {
  long result = 0, looped = 0, chain = 1, grouped = 0, reduced = 0;
#pragma omp parallel num_threads(threads)
#pragma omp single
  {
    result = fib(18);
#pragma omp taskloop grainsize(7) shared(looped)
    for (int i = 0; i < 500; ++i) {
#pragma omp atomic
      looped += i;
    }
    for (int i = 0; i < 20; ++i) {
#pragma omp task depend(inout : chain) firstprivate(i)
      chain = (chain * 3 + i) % 10007;
    }
#pragma omp taskwait
#pragma omp taskgroup task_reduction(+ : reduced)
    {
      for (int i = 0; i < 50; ++i) {
#pragma omp task in_reduction(+ : reduced) firstprivate(i)
        {
          reduced += i;
#pragma omp task
          {
#pragma omp atomic
            ++grouped;
          }
        }
      }
    }
    printf("after the group: %ld\n", grouped);
  }
  printf("fib %ld, taskloop %ld, chain %ld, reduction %ld\n", result, looped, chain, reduced);
}

/* Tasks whose children outlive them, and who have children with dependences that they do not wait for. */
static void outlived(void) {
  static int uses[200];
  int alive = 0, ordered = 0;
#pragma omp parallel num_threads(threads)
#pragma omp single
#pragma omp taskgroup
  for (int i = 0; i < 200; ++i) {
#pragma omp task if (0) firstprivate(i) shared(alive, ordered, uses)
    {
      for (int k = 1; k <= 3; ++k) {
#pragma omp task depend(inout : uses[i]) firstprivate(i, k) shared(alive, ordered, uses)
        {
          if (uses[i] == k - 1) {
#pragma omp atomic
            ++ordered;
          }
          uses[i] = k;
#pragma omp task shared(alive)
          {
#pragma omp atomic
            ++alive;
          }
        }
      }
    }
  }
  printf("outlived: %d, in order: %d\n", alive, ordered);
}

static void* fulfills(void* event) {
  omp_fulfill_event((omp_event_handle_t)(uintptr_t)event);
  return NULL;
}

/* A thread that is in no region says that an event has come, and the region ends at once. */
static void events(void) {
  int after = 0;
  for (int round = 0; round < 100; ++round) {
    pthread_t other;
#pragma omp parallel num_threads(2)
#pragma omp single
    {
      omp_event_handle_t event;
#pragma omp task detach(event) depend(out : after)
      ;
#pragma omp task depend(inout : after)
      ++after;
      pthread_create(&other, NULL, fulfills, (void*)(uintptr_t)event);
    }
    pthread_join(other, NULL);
  }
  printf("after events: %d\n", after);
}

static void nested(void) {
  omp_set_max_active_levels(2);
  int count = 0;
#pragma omp parallel num_threads(2)
#pragma omp parallel num_threads(3)
  {
#pragma omp atomic
    count += omp_get_num_threads() * 100 + omp_get_level() * 10 + omp_get_ancestor_thread_num(1);
  }
  omp_set_max_active_levels(1);
#pragma omp parallel num_threads(2)
#pragma omp parallel num_threads(3)
  {
#pragma omp atomic
    count += omp_get_num_threads();
  }
  printf("nested: %d\n", count);
}

static void locks(void) {
  omp_lock_t lock;
  omp_nest_lock_t nest;
  omp_init_lock(&lock);
  omp_init_nest_lock(&nest);
  long a = 0, b = 0;
#pragma omp parallel num_threads(threads)
  for (int i = 0; i < 1000; ++i) {
    omp_set_lock(&lock);
    ++a;
    omp_unset_lock(&lock);
    omp_set_nest_lock(&nest);
    omp_set_nest_lock(&nest);
    ++b;
    omp_unset_nest_lock(&nest);
    omp_unset_nest_lock(&nest);
  }
  printf("locks: %ld %ld, free: %d\n", a, b, omp_test_lock(&lock));
  omp_destroy_lock(&lock);
  omp_destroy_nest_lock(&nest);
}

static int forked(void) {
  int sum = 0;
#pragma omp parallel num_threads(threads) reduction(+ : sum)
  sum += omp_get_thread_num();
  const pid_t child = fork();
  if (child == 0) {
    int own = 0;
#pragma omp parallel num_threads(threads) reduction(+ : own)
    own += omp_get_thread_num();
    _exit(own == sum ? 7 : 8);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char** argv) {
  loops();
  order();
  meeting();
  tasks();
  outlived();
  events();
  nested();
  locks();
  printf("now: %d\n", omp_get_wtime() > 0);
  if (argc > 1 && strcmp(argv[1], "fork") == 0) printf("forked child: %d\n", forked());
  return 0;
}
