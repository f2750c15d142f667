// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The simulated computer: events in the order of their times. A thread that runs has one operation in flight, which
/// ends at a known time if nothing comes in between; then its fibre goes on to the next. An operation that ends before
/// all other events does not leave the fibre.
#include "machine.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <queue>
#include <random>
#include <unordered_map>
#include <vector>

#include "fibre.hpp"

namespace machines {

namespace {

constexpr int most_cpus = 512;
constexpr int most_locals = 8;
constexpr int most_watched = 12;
constexpr nanoseconds longest_lead = 60;   // of a thread whose loads come before others' earlier events
constexpr nanoseconds longest_jump = 500;  // of a thread that polls and sees no change

using cpu_mask = std::bitset<most_cpus>;

/// When a CPU has a line for itself.
struct holding {
  int cpu;
  nanoseconds from;
  nanoseconds until;
};

struct cache_line {
  int owner = -1;  // the last that has written or is to
  bool exclusive = false;
  nanoseconds touched = 0;  // when last
  cpu_mask sharers;
  nanoseconds ready = 0;         // when it has arrived there, and is free for the next
  std::deque<holding> holdings;  // now and later: who wants to write waits in turn
  std::uint64_t writes = 0;
  std::vector<thread*> pollers;  // that have jumped ahead
};

enum class state : std::uint8_t { running, waiting, asleep, ended };

}  // namespace

struct thread {
  int id = 0;
  state is = state::waiting;
  int cpu = 0;  // where it runs, waits or slept
  cpu_mask allowed;
  // The operation in flight: a part that takes the same anywhere, and one that depends on the CPU's speed.
  double fixed = 0;
  double scaled = 0;
  nanoseconds lead = 0;       // what its last loads took, which is not in flight yet
  bool counted = true;        // what is in flight is CPU time; not while a wake-up is on its way
  nanoseconds settled = 0;    // until when it has been accounted for
  std::uint64_t version = 0;  // of its event
  nanoseconds on_cpu_since = 0;
  double used = 0;
  const std::uint32_t* sleeps_on = nullptr;
  bool timed = false;
  bool woken = false;        // by another, not by the time
  std::uint64_t sleeps = 0;  // counts, for time-outs
  std::vector<thread*> joiners;
  // Polling.
  std::array<cache_line*, most_watched> watched{};
  std::array<std::uint64_t, most_watched> writes_seen{};
  int watching = 0;
  int watched_before = 0;
  bool only_loads = true;
  bool missed = false;  // the last access was a load of a line that was elsewhere, or followed one closely
  nanoseconds pause_length = 0;
  bool jumped = false;
  std::array<void*, most_locals> locals{};
  std::unique_ptr<fibre> code;
};

namespace {

struct cpu_state {
  thread* running = nullptr;
  std::deque<thread*> queue;
  nanoseconds idle_since = 0;
  nanoseconds cold_until = -1;  // what was touched before is in its caches no more
  nanoseconds stores_done = 0;  // when the store buffer is empty
  bool stolen = false;
  bool slice_armed = false;
  nanoseconds skew = 0;
};

enum class kind : std::uint8_t { go_on, slice, steal, give_back, time_out, balance, limit };

struct event {
  nanoseconds when;
  std::uint64_t order;
  kind what;
  int cpu;
  thread* who;
  std::uint64_t version;
  friend bool operator<(const event& a, const event& b) {  // the queue's top is the largest
    return a.when != b.when ? a.when > b.when : a.order > b.order;
  }
};

class computer {
 public:
  computer(const profile& p, std::uint64_t seed)
      : profile_(p), random_(seed), cpus_(static_cast<std::size_t>(p.cpus())) {
    for (cpu_state& c : cpus_) {
      if (p.clock_skew > 0) c.skew = static_cast<nanoseconds>(random_() % static_cast<std::uint64_t>(p.clock_skew + 1));
    }
    if (p.steal_share > 0) {
      for (int i = 0; i < p.cpus(); ++i) add(between_steals(), kind::steal, i);
    }
  }

  outcome run(const std::function<void()>& main, nanoseconds limit) {
    thread* const first = make([&main] { main(); });
    place(*first, 0, 0);
    add(limit, kind::limit, -1);
    while (first->is != state::ended) {
      if (sleepers_for_ever_ == living_) return {"a hang: " + report(), now_};
      const event e = events_.top();
      events_.pop();
      if (stale(e)) continue;
      now_ = e.when;
      if (e.what == kind::limit) return {"it does not end: " + report(), now_};
      ++events_count_;
      handle(e);
    }
    return {"", now_};
  }

  // --- threads ---

  thread* make(std::function<void()> function) {
    threads_.push_back(std::make_unique<thread>());
    thread* const t = threads_.back().get();
    t->id = static_cast<int>(threads_.size());
    if (current_ != nullptr) {
      t->allowed = current_->allowed;
    } else {
      for (int i = 0; i < profile_.cpus(); ++i) t->allowed.set(static_cast<std::size_t>(i));
    }
    ++living_;
    ++existing_;
    t->code = std::make_unique<fibre>([this, t, f = std::move(function)] {
      f();
      end(*t);
    });
    return t;
  }

  thread* start(std::function<void()> function, bool may_fail) {
    advance(static_cast<double>(profile_.thread_start), 0);
    if (may_fail && (existing_ >= profile_.most_threads || chance(profile_.start_fails))) return nullptr;
    thread* const t = make(std::move(function));
    t->cpu = current_->cpu;
    const int target = choose_cpu(*t);
    place(*t, target, latency(target));
    return t;
  }

  void join(thread& t) {
    system_call();
    if (t.is == state::ended) return;
    t.joiners.push_back(current_);
    ++sleepers_for_ever_;
    block();
  }

  // --- time ---

  /// The calling fibre's operation takes this long.
  void advance(double fixed, double scaled) {
    thread& t = *current_;
    const cpu_state& c = cpus_[index(t.cpu)];
    fixed += static_cast<double>(t.lead);
    t.lead = 0;
    if (!c.stolen) {
      const auto end = now_ + static_cast<nanoseconds>(std::ceil(fixed + (scaled > 0 ? scaled / speed(t.cpu) : 0)));
      while (!events_.empty() && stale(events_.top())) events_.pop();
      if (events_.empty() || end < events_.top().when) {
        t.used += static_cast<double>(end - now_);
        t.settled = end;
        now_ = end;
        return;
      }
    }
    t.fixed = fixed;
    t.scaled = scaled;
    t.settled = now_;
    schedule(t);
    leave();
  }

  void system_call() { advance(static_cast<double>(profile_.system_call), 0); }

  [[nodiscard]] nanoseconds now() const { return now_ + (current_ != nullptr ? current_->lead : 0); }
  [[nodiscard]] nanoseconds burnt() {
    for (const cpu_state& c : cpus_) {
      if (c.running != nullptr) settle(*c.running);
    }
    double all = 0;
    for (const auto& t : threads_) all += t->used;
    return static_cast<nanoseconds>(all);
  }

  nanoseconds read_clock() {
    advance(static_cast<double>(profile_.clock_read), 0);
    const nanoseconds t = now_ + cpus_[index(current_->cpu)].skew;
    return t / profile_.clock_resolution * profile_.clock_resolution + 1'000'000'000;
  }

  // --- cache lines ---

  void touch(const volatile void* address, access what) {
    cache_line& l = lines_[reinterpret_cast<std::uintptr_t>(address) / 64];
    thread& t = *current_;
    const int cpu = t.cpu;
    cpu_state& c = cpus_[index(cpu)];
    const nanoseconds begin = now_ + t.lead;
    nanoseconds end = begin;
    if (l.touched < c.cold_until) {
      // The processor asks for the next lines before the first is there.
      end += profile_.line_cold / (t.missed ? profile_.overlap : 1);
      t.missed = true;
    }
    l.touched = begin;
    if (what == access::load) {
      watch(t, l);
      if (!l.sharers[index(cpu)] && !holds(l, cpu, begin)) {
        if (l.owner >= 0) {
          const nanoseconds travel = distance(cpu, l.owner) / (t.missed ? profile_.overlap : 1);
          t.missed = true;
          end = std::max(end, l.ready) + travel;
          l.ready = std::max(begin, l.ready) + profile_.line_next_reader;
        }
        l.sharers.set(index(cpu));
        l.exclusive = false;
      }
      t.lead = end - now_ + profile_.operation;
      if (t.lead > longest_lead) advance(0, 0);
      return;
    }
    t.only_loads = false;
    t.missed = false;
    const bool mine = holds(l, cpu, begin);
    if (what == access::store) {
      if (!mine) c.stores_done = std::max(c.stores_done, request(l, cpu, begin));
      advance(static_cast<double>(profile_.operation), 0);
    } else {
      end = std::max(end, c.stores_done);
      if (!mine) end = request(l, cpu, end);
      advance(static_cast<double>(end - begin + profile_.exchange), 0);
    }
    // The value is written when this returns.
    ++l.writes;
    if (!l.pollers.empty()) tell_pollers(l);
  }

  /// All that are asked for in a row travel together, and what is read next waits for them: the library prefetches what
  /// workers read that is not atomic, so this stands for those loads.
  void prefetch(const void*) {
    if (last_prefetch_by_ == current_ && last_prefetch_at_ == now()) return;
    advance(static_cast<double>(profile_.line_node), 0);
    last_prefetch_by_ = current_;
    last_prefetch_at_ = now_;
  }

  void forget_lines(const void* begin, std::size_t bytes) {
    const auto first = reinterpret_cast<std::uintptr_t>(begin) / 64;
    for (std::uintptr_t i = first; i < first + (bytes + 63) / 64; ++i) {
      const auto found = lines_.find(i);
      if (found == lines_.end()) continue;
      cache_line& l = found->second;
      l.owner = -1;
      l.exclusive = false;
      l.sharers.reset();
      l.ready = 0;
      l.holdings.clear();
    }
  }

  // --- waiting ---

  void pause() {
    thread& t = *current_;
    bool same = t.only_loads && t.watching > 0 && t.watching == t.watched_before && t.watching < most_watched;
    for (int i = 0; same && i < t.watching; ++i) same = t.watched[index(i)]->writes == t.writes_seen[index(i)];
    if (!same) t.pause_length = profile_.pause;
    if (same) t.pause_length = std::min(2 * t.pause_length, std::max(longest_jump, profile_.pause));
    t.watched_before = t.watching;
    if (same) {
      t.jumped = true;
      for (int i = 0; i < t.watching; ++i) t.watched[index(i)]->pollers.push_back(&t);
    }
    t.fixed = 0;
    advance(static_cast<double>(t.pause_length), 0);
    if (t.jumped) {
      t.jumped = false;
      for (int i = 0; i < t.watching; ++i) std::erase(t.watched[index(i)]->pollers, &t);
    }
    t.watching = 0;
    t.only_loads = true;
    t.missed = false;
  }

  void yield() {
    system_call();
    thread& t = *current_;
    cpu_state& c = cpus_[index(t.cpu)];
    if (c.queue.empty()) return;
    t.is = state::waiting;
    t.only_loads = false;
    c.queue.push_back(&t);
    c.running = nullptr;
    run_next(t.cpu);
    leave();
  }

  void futex_wait(const std::uint32_t* word, std::uint32_t expected, nanoseconds timeout) {
    bucket(word);
    system_call();
    if (*word != expected) return;
    sleep_on(word, timeout);
  }

  void futex_wake(const std::uint32_t* word, int count) {
    bucket(word);
    system_call();
    for (; count > 0; --count) {
      const auto found = sleeping_.find(word);
      if (found == sleeping_.end()) return;
      thread* const t = found->second.front();
      found->second.pop_front();
      if (found->second.empty()) sleeping_.erase(found);
      wake(*t);
    }
  }

  void sleep(nanoseconds length) {
    system_call();
    if (length > 0) sleep_on(nullptr, length);
  }

  // --- affinity ---

  [[nodiscard]] int current_cpu() {
    if (!profile_.tells_cpu) return -1;
    advance(static_cast<double>(profile_.operation), 0);
    return current_->cpu;
  }
  [[nodiscard]] int current_thread() const { return current_->id; }

  bool get_affinity(int id, cpu_set_t& cpus) {
    if (!profile_.tells_cpu) return false;
    system_call();
    thread* const t = find(id);
    if (t == nullptr) return false;
    CPU_ZERO(&cpus);
    for (int i = 0; i < profile_.cpus(); ++i) {
      if (t->allowed[index(i)]) CPU_SET(i, &cpus);
    }
    return true;
  }

  bool set_affinity(int id, const cpu_set_t& cpus) {
    if (!profile_.tells_cpu) return false;
    system_call();
    thread* const t = find(id);
    cpu_mask mask;
    for (int i = 0; i < profile_.cpus(); ++i) {
      if (CPU_ISSET(i, &cpus)) mask.set(index(i));
    }
    if (t == nullptr || mask.none()) return false;
    t->allowed = mask;
    if (mask[index(t->cpu)] || t->is == state::asleep) return true;
    move_away(*t);
    return true;
  }

  thread* current_ = nullptr;
  const profile& machine() const { return profile_; }
  std::uint64_t random() { return random_(); }
  std::uint64_t events() const { return events_count_; }
  int living() const { return living_; }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  bool chance(double p) { return p > 0 && static_cast<double>(random_() >> 11) * 0x1p-53 < p; }
  double uniform() { return (static_cast<double>(random_() >> 11) + 0.5) * 0x1p-53; }

  thread* find(int id) {
    if (id == 0) return current_;
    if (id < 1 || index(id) > threads_.size()) return nullptr;
    thread* const t = threads_[index(id - 1)].get();
    return t->is == state::ended ? nullptr : t;
  }

  // --- events ---

  void add(nanoseconds when, kind what, int cpu, thread* who = nullptr, std::uint64_t version = 0) {
    events_.push({when, order_++, what, cpu, who, version});
  }

  static bool stale(const event& e) {
    if (e.what == kind::go_on) return e.version != e.who->version;
    if (e.what == kind::time_out) return e.version != e.who->sleeps || e.who->is != state::asleep;
    return false;
  }

  void handle(const event& e) {
    cpu_state* const c = e.cpu >= 0 ? &cpus_[index(e.cpu)] : nullptr;
    switch (e.what) {
      case kind::go_on:
        settle(*e.who);
        e.who->counted = true;
        enter(*e.who);
        break;
      case kind::slice:
        c->slice_armed = false;
        if (c->running != nullptr && !c->queue.empty()) {
          const nanoseconds end = c->running->on_cpu_since + profile_.time_slice;
          if (now_ >= end) put_back(e.cpu);
          arm_slice(e.cpu);
        }
        break;
      case kind::steal:
        change_speed(e.cpu, [c] { c->stolen = true; });
        add(now_ + std::max<nanoseconds>(
                       1, static_cast<nanoseconds>(static_cast<double>(profile_.steal_length) * (0.5 + uniform()))),
            kind::give_back, e.cpu);
        break;
      case kind::give_back:
        change_speed(e.cpu, [c] { c->stolen = false; });
        add(now_ + between_steals(), kind::steal, e.cpu);
        break;
      case kind::time_out:
        if (e.who->sleeps_on != nullptr) remove_sleeper(*e.who);
        wake_up(*e.who, false);
        break;
      case kind::balance:
        balance();
        break;
      case kind::limit:
        break;
    }
  }

  nanoseconds between_steals() {
    const double mean = static_cast<double>(profile_.steal_length) * (1 - profile_.steal_share) / profile_.steal_share;
    return 1 + static_cast<nanoseconds>(-mean * std::log(uniform()));
  }

  // --- what is in flight ---

  [[nodiscard]] double speed(int cpu) const {
    double s = profile_.speed_of(cpu);
    if (profile_.smt > 1) {
      const int cores = profile_.cores();
      for (int other = cpu % cores; other < profile_.cpus(); other += cores) {
        if (other != cpu && cpus_[index(other)].running != nullptr) s *= profile_.smt_speed;
      }
    }
    return s;
  }

  /// Accounts for what the thread, which runs, has done until now.
  void settle(thread& t) {
    double passed = static_cast<double>(now_ - t.settled);
    t.settled = now_;
    if (passed <= 0 || cpus_[index(t.cpu)].stolen) return;
    if (t.counted) t.used += passed;
    const double first = std::min(passed, t.fixed);
    t.fixed -= first;
    passed -= first;
    t.scaled = std::max(0.0, t.scaled - passed * speed(t.cpu));
  }

  void schedule(thread& t) {
    ++t.version;
    if (cpus_[index(t.cpu)].stolen) return;
    const double left = t.fixed + (t.scaled > 0 ? t.scaled / speed(t.cpu) : 0);
    add(now_ + static_cast<nanoseconds>(std::ceil(left)), kind::go_on, -1, &t, t.version);
  }

  /// `change` affects how fast the CPU, and its siblings, go.
  template <class Change>
  void change_speed(int cpu, Change change) {
    const int step = profile_.cores();
    for (int i = cpu % step; i < profile_.cpus(); i += step) {
      if (thread* const t = cpus_[index(i)].running; t != nullptr && t != current_) settle(*t);
    }
    change();
    for (int i = cpu % step; i < profile_.cpus(); i += step) {
      if (thread* const t = cpus_[index(i)].running; t != nullptr && t != current_) schedule(*t);
    }
  }

  void enter(thread& t) {
    current_ = &t;
    t.code->enter();
    current_ = nullptr;
  }
  /// Only on a fibre: something else happens first.
  void leave() {
    thread* const t = current_;
    t->code->leave();
  }

  // --- CPUs ---

  void run_on(int cpu, thread& t, nanoseconds delay) {
    cpu_state& c = cpus_[index(cpu)];
    const auto begin = [&] {
      c.running = &t;
      t.is = state::running;
      t.cpu = cpu;
      t.on_cpu_since = now_;
      t.settled = now_;
      t.fixed += static_cast<double>(delay);
    };
    if (profile_.smt > 1) {
      change_speed(cpu, begin);
    } else {
      begin();
      if (&t != current_) schedule(t);
    }
    arm_slice(cpu);
  }

  /// The CPU has nobody running; who waits is next.
  void run_next(int cpu) {
    cpu_state& c = cpus_[index(cpu)];
    if (c.queue.empty()) {
      c.idle_since = now_;
      if (profile_.smt > 1) change_speed(cpu, [] {});
      return;
    }
    thread* const next = c.queue.front();
    c.queue.pop_front();
    run_on(cpu, *next, profile_.context_switch);
  }

  void arm_slice(int cpu) {
    cpu_state& c = cpus_[index(cpu)];
    if (c.queue.empty() || c.running == nullptr || c.slice_armed) return;
    c.slice_armed = true;
    add(std::max(now_ + 1, c.running->on_cpu_since + profile_.time_slice), kind::slice, cpu);
  }

  /// Who runs waits for its turn.
  void put_back(int cpu) {
    cpu_state& c = cpus_[index(cpu)];
    thread* const t = c.running;
    settle(*t);
    ++t->version;
    t->is = state::waiting;
    c.running = nullptr;
    c.queue.push_back(t);
    run_next(cpu);
  }

  /// The thread, which is nowhere, is to run on this CPU.
  void place(thread& t, int cpu, nanoseconds delay) {
    cpu_state& c = cpus_[index(cpu)];
    t.cpu = cpu;
    if (c.running == nullptr) {
      if (now_ - c.idle_since > profile_.cold_after) c.cold_until = now_;
      t.counted = false;
      run_on(cpu, t, delay);
      return;
    }
    t.is = state::waiting;
    // Not in the middle of what the waker itself does: it goes on until its next operation.
    if (chance(profile_.wake_preempts) && c.running->counted) {
      thread* const before = c.running;
      if (before != current_) {
        settle(*before);
        ++before->version;
      }
      before->is = state::waiting;
      c.running = nullptr;
      c.queue.push_front(before);
      arm_balance();
      run_on(cpu, t, profile_.context_switch);
      if (before == current_) {
        before->fixed = before->scaled = 0;
        leave();
      }
      return;
    }
    c.queue.push_back(&t);
    arm_slice(cpu);
    arm_balance();
  }

  void move_away(thread& t) {
    const int from = t.cpu;
    cpu_state& c = cpus_[index(from)];
    const bool ran = c.running == &t;
    if (ran) {
      if (&t != current_) settle(t);
      ++t.version;
      c.running = nullptr;
    } else {
      std::erase(c.queue, &t);
    }
    const int target = choose_cpu(t);
    thread* const calling = current_;
    if (&t == calling) {
      t.fixed = t.scaled = 0;
      current_ = nullptr;  // nothing is to be kept of it
    }
    place(t, target, profile_.context_switch);
    if (ran && c.running == nullptr) run_next(from);
    current_ = calling;
    if (&t == calling) leave();
  }

  [[nodiscard]] bool idle(int cpu) const { return cpus_[index(cpu)].running == nullptr; }

  [[nodiscard]] bool core_idle(int cpu) const {
    for (int i = cpu % profile_.cores(); i < profile_.cpus(); i += profile_.cores()) {
      if (!idle(i)) return false;
    }
    return true;
  }

  /// Where a thread that was last on t.cpu is put.
  int choose_cpu(thread& t) {
    int target = t.cpu;
    if (current_ != nullptr && chance(profile_.wake_affine)) target = current_->cpu;
    const auto may = [&](int cpu) { return t.allowed[index(cpu)]; };
    if (profile_.where == placement::where_it_slept && may(target)) return target;
    if (may(target) && idle(target) && core_idle(target)) return target;
    const int cpus = profile_.cpus();
    const int node = profile_.node_of(target);
    // On bare metal: an idle core of the node, an idle CPU of it, one elsewhere if the node is full.
    for (int pass = 0; pass < 3; ++pass) {
      for (int i = 0; i < cpus; ++i) {
        const int cpu = (target + i) % cpus;
        if (!may(cpu) || !idle(cpu)) continue;
        if (pass == 2 || (profile_.node_of(cpu) == node && (pass == 1 || core_idle(cpu)))) return cpu;
      }
    }
    if (may(target)) return target;
    int best = -1;
    for (int i = 0; i < cpus; ++i) {
      if (may(i) && (best < 0 || cpus_[index(i)].queue.size() < cpus_[index(best)].queue.size())) best = i;
    }
    return best;
  }

  void arm_balance() {
    if (balance_armed_ || profile_.balance_period <= 0) return;
    balance_armed_ = true;
    add((now_ / profile_.balance_period + 1) * profile_.balance_period, kind::balance, -1);
  }

  /// Each idle CPU takes one that waits, from its own node if there is one.
  void balance() {
    balance_armed_ = false;
    bool left = false;
    for (int cpu = 0; cpu < profile_.cpus(); ++cpu) {
      if (!idle(cpu)) continue;
      int from = -1;
      for (int other = 0; other < profile_.cpus(); ++other) {
        const auto& q = cpus_[index(other)].queue;
        if (q.empty() || std::none_of(q.begin(), q.end(), [&](thread* t) { return t->allowed[index(cpu)]; })) continue;
        const bool near = profile_.node_of(other) == profile_.node_of(cpu);
        if (from < 0 || (near && profile_.node_of(from) != profile_.node_of(cpu))) from = other;
      }
      if (from < 0) continue;
      auto& q = cpus_[index(from)].queue;
      const auto found = std::find_if(q.begin(), q.end(), [&](thread* t) { return t->allowed[index(cpu)]; });
      thread* const t = *found;
      q.erase(found);
      run_on(cpu, *t, profile_.context_switch);
    }
    for (const cpu_state& c : cpus_) left = left || !c.queue.empty();
    if (left) arm_balance();
  }

  // --- sleeping and waking ---

  /// The calling thread has nothing in flight, and goes on when somebody runs it.
  void block() {
    thread& t = *current_;
    cpu_state& c = cpus_[index(t.cpu)];
    t.is = state::asleep;
    ++t.sleeps;
    ++t.version;
    t.fixed = t.scaled = 0;
    t.watching = 0;
    t.only_loads = false;
    c.running = nullptr;
    current_ = nullptr;  // nothing is to be kept of it
    run_next(t.cpu);
    current_ = &t;
    leave();
  }

  void sleep_on(const std::uint32_t* word, nanoseconds timeout) {
    thread& t = *current_;
    t.sleeps_on = word;
    t.timed = timeout >= 0;
    t.woken = false;
    if (word != nullptr) sleeping_[word].push_back(&t);
    if (t.timed) {
      nanoseconds end = now_ + timeout + profile_.timer_slack;
      end = (end + profile_.timer_resolution - 1) / profile_.timer_resolution * profile_.timer_resolution;
      add(end, kind::time_out, -1, &t, t.sleeps + 1);
    } else {
      ++sleepers_for_ever_;
    }
    block();
  }

  void remove_sleeper(const thread& t) {
    auto& queue = sleeping_[t.sleeps_on];
    std::erase(queue, &t);
    if (queue.empty()) sleeping_.erase(t.sleeps_on);
  }

  /// By the calling thread, whose time it takes.
  void wake(thread& t) {
    const int target = choose_cpu(t);
    const bool was_idle = idle(target);
    const nanoseconds rest = was_idle ? now_ - cpus_[index(target)].idle_since : 0;
    const double cost = was_idle ? interpolate(rest, &wake_point::cost) : static_cast<double>(profile_.system_call);
    t.woken = true;
    wake_up(t, target, was_idle ? latency(target) : 0);
    advance(cost, 0);
  }

  void wake_up(thread& t, bool by_another) {
    t.woken = by_another;
    const int target = choose_cpu(t);
    wake_up(t, target, idle(target) ? latency(target) : 0);
  }
  void wake_up(thread& t, int target, nanoseconds delay) {
    if (!t.timed) --sleepers_for_ever_;
    t.timed = false;
    t.sleeps_on = nullptr;
    t.is = state::waiting;
    place(t, target, delay);
  }

  nanoseconds latency(int cpu) {
    if (!idle(cpu)) return 0;
    const double usual = interpolate(now_ - cpus_[index(cpu)].idle_since, &wake_point::latency);
    const double normal = std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform());
    return 1 + static_cast<nanoseconds>(usual * std::exp(profile_.wake_jitter * normal));
  }

  /// Straight lines over the logarithm of the rest.
  [[nodiscard]] double interpolate(nanoseconds rest, nanoseconds wake_point::*what) const {
    const auto& w = profile_.wake;
    if (rest <= w.front().idle) return static_cast<double>(w.front().*what);
    for (std::size_t i = 1; i < w.size(); ++i) {
      if (rest > w[i].idle) continue;
      const double part = std::log(static_cast<double>(rest) / static_cast<double>(w[i - 1].idle)) /
                          std::log(static_cast<double>(w[i].idle) / static_cast<double>(w[i - 1].idle));
      return static_cast<double>(w[i - 1].*what) * (1 - part) + static_cast<double>(w[i].*what) * part;
    }
    return static_cast<double>(w.back().*what);
  }

  void end(thread& t) {
    system_call();
    for (thread* waiting : t.joiners) wake(*waiting);
    t.is = state::ended;
    --living_;
    --existing_;
    cpu_state& c = cpus_[index(t.cpu)];
    ++t.version;
    c.running = nullptr;
    for (void*& slot : t.locals) {
      ::operator delete(slot);
      slot = nullptr;
    }
    current_ = nullptr;
    run_next(t.cpu);
    current_ = &t;
  }

  // --- cache lines ---

  [[nodiscard]] nanoseconds distance(int a, int b) const {
    if (a == b) return 0;
    if (profile_.core_of(a) == profile_.core_of(b)) return profile_.line_sibling;
    return profile_.node_of(a) == profile_.node_of(b) ? profile_.line_node : profile_.line_far;
  }

  /// Until no other CPU has the line any more.
  [[nodiscard]] nanoseconds invalidation(const cache_line& l, int cpu) const {
    if (l.owner < 0) return 0;
    nanoseconds farthest = distance(cpu, l.owner);
    if (l.sharers.count() > 1 || !l.sharers[index(cpu)]) {
      for (int i = 0; i < profile_.cpus() && farthest < profile_.line_far; ++i) {
        if (l.sharers[index(i)]) farthest = std::max(farthest, distance(cpu, i));
      }
    }
    return farthest;
  }

  /// Whether the CPU may write the line now.
  bool holds(cache_line& l, int cpu, nanoseconds when) {
    if (l.owner == cpu && l.exclusive && l.ready <= when) return true;
    while (!l.holdings.empty() && l.holdings.front().until <= when) l.holdings.pop_front();
    for (const holding& h : l.holdings) {
      if (h.cpu == cpu && h.from <= when && when < h.until) return true;
    }
    return false;
  }

  /// The CPU asks for the line, to write it, at `when`, and gets it in turn; returns when. Whoever gets it keeps it for
  /// a moment, long enough to try again when a compare-exchange failed.
  nanoseconds request(cache_line& l, int cpu, nanoseconds when) {
    if (l.owner >= 0 && l.owner != cpu) when = std::max(when, l.ready + profile_.line_kept);
    const nanoseconds from = std::max(when, l.ready) + invalidation(l, cpu);
    if (l.owner != cpu && l.exclusive) l.holdings.push_back({l.owner, l.ready, when});
    l.ready = from;
    l.owner = cpu;
    l.exclusive = true;
    l.sharers.reset();
    l.sharers.set(index(cpu));
    return from;
  }

  static void watch(thread& t, cache_line& l) {
    for (int i = 0; i < t.watching; ++i) {
      if (t.watched[index(i)] == &l) return;
    }
    if (t.watching == most_watched) return;
    t.watched[index(t.watching)] = &l;
    t.writes_seen[index(t.watching)] = l.writes;
    ++t.watching;
  }

  /// Those that have jumped ahead look again, within a pause.
  void tell_pollers(cache_line& l) {
    for (thread* t : l.pollers) {
      if (t == current_ || !t->jumped) continue;
      t->pause_length = profile_.pause;
      const double soon = uniform() * static_cast<double>(profile_.pause);
      if (t->is == state::running) {
        settle(*t);
        t->fixed = std::min(t->fixed, soon);
        schedule(*t);
      }
    }
    l.pollers.clear();
  }

  /// The kernel's lock for sleepers on this word.
  void bucket(const std::uint32_t* word) {
    const auto at = reinterpret_cast<std::uintptr_t>(word) / 64 + (std::uintptr_t{1} << 60);
    touch(reinterpret_cast<const void*>(at * 64), access::exchange);
  }

  [[nodiscard]] std::string report() const {
    std::string text;
    char line[160];
    for (const auto& t : threads_) {
      if (t->is == state::ended) continue;
      constexpr const char* names[] = {"runs", "waits for a CPU", "sleeps", "has ended"};
      std::snprintf(line, sizeof line, "\n  thread %d %s, CPU %d", t->id, names[static_cast<int>(t->is)], t->cpu);
      text += line;
      if (t->is == state::asleep) {
        if (t->sleeps_on != nullptr) {
          std::snprintf(line, sizeof line, ", on a word that is %#x", *t->sleeps_on);
          text += line;
        } else {
          text += t->timed ? ", for a time" : ", until another has ended";
        }
      }
    }
    return text;
  }

  const profile& profile_;
  std::mt19937_64 random_;
  std::vector<cpu_state> cpus_;
  std::vector<std::unique_ptr<thread>> threads_;
  std::priority_queue<event> events_;
  std::unordered_map<std::uintptr_t, cache_line> lines_;
  std::unordered_map<const std::uint32_t*, std::deque<thread*>> sleeping_;
  nanoseconds now_ = 0;
  std::uint64_t order_ = 0;
  std::uint64_t events_count_ = 0;
  int living_ = 0;
  int existing_ = 0;
  int sleepers_for_ever_ = 0;
  bool balance_armed_ = false;
  thread* last_prefetch_by_ = nullptr;
  nanoseconds last_prefetch_at_ = -1;
};

computer* the_computer = nullptr;
int local_slots = 0;

/// Whether a simulated thread is calling.
bool inside() { return the_computer != nullptr && the_computer->current_ != nullptr; }

}  // namespace

outcome run(const profile& p, std::uint64_t seed, const std::function<void()>& main, nanoseconds limit) {
  // Not destroyed after a failure: the fibres that are left may own what cannot be destroyed from outside.
  auto* const made = new computer(p, seed);
  the_computer = made;
  const outcome result = made->run(main, limit);
  the_computer = nullptr;
  if (result) delete made;
  return result;
}

void work(double length) {
  if (length > 0) the_computer->advance(0, length);
}
void sleep(nanoseconds length) { the_computer->sleep(length); }
thread* spawn(std::function<void()> function) { return the_computer->start(std::move(function), false); }
void join(thread* started) noexcept { the_computer->join(*started); }
nanoseconds now() { return the_computer->now(); }
nanoseconds burnt() { return the_computer->burnt(); }
std::uint64_t random() { return the_computer->random(); }
int threads() { return the_computer->living(); }
std::uint64_t events() { return the_computer->events(); }

const profile& here() {
  static const profile none{.name = "none", .source = {}, .nodes = 0};
  return the_computer != nullptr ? the_computer->machine() : none;
}

void touch(const volatile void* address, access what) noexcept {
  if (inside()) the_computer->touch(address, what);
}
void prefetch(const void* address) noexcept {
  if (inside()) the_computer->prefetch(address);
}
nanoseconds read_clock() noexcept { return inside() ? the_computer->read_clock() : 1; }
void pause() noexcept {
  if (inside()) the_computer->pause();
}
void yield() noexcept {
  if (inside()) the_computer->yield();
}
int current_cpu() noexcept { return inside() ? the_computer->current_cpu() : -1; }
int current_thread() noexcept { return inside() ? the_computer->current_thread() : 0; }
bool get_affinity(int id, cpu_set_t& cpus) noexcept { return inside() && the_computer->get_affinity(id, cpus); }
bool set_affinity(int id, const cpu_set_t& cpus) noexcept { return inside() && the_computer->set_affinity(id, cpus); }
void futex_wait(const std::uint32_t* word, std::uint32_t expected, nanoseconds timeout) noexcept {
  if (inside()) the_computer->futex_wait(word, expected, timeout);
}
void futex_wake(const std::uint32_t* word, int count) noexcept {
  if (inside()) the_computer->futex_wake(word, count);
}
thread* start(void (*function)(void*) noexcept, void* argument) noexcept {
  return inside() ? the_computer->start([=] { function(argument); }, true) : nullptr;
}
int number_of(const thread* t) noexcept { return t->id; }

void*& local_slot(int number) noexcept {
  static void* outside[most_locals] = {};
  return inside() ? the_computer->current_->locals[static_cast<std::size_t>(number)]
                  : outside[static_cast<std::size_t>(number)];
}
int new_local_slot() noexcept {
  if (local_slots == most_locals) std::abort();
  return local_slots++;
}

/// For memory.cpp: what is allocated begins without a history.
void forget_memory(const void* begin, std::size_t bytes) noexcept {
  if (inside()) the_computer->forget_lines(begin, bytes);
}

}  // namespace machines
