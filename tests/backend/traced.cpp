// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Traces: valid JSON by the judgement of a real parser (Python's), the chunks that ran, when threads slept and who
/// woke them, files handled with care.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <parloop/backend/traced.hpp>
#include <parloop/parloop.hpp>
#include <sstream>
#include <string>
#include <thread>

#include "../conformance.hpp"
#include "../temporary_folder.hpp"
#include "catch.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

class folder : public test::temporary_folder {
 public:
  [[nodiscard]] std::string file(const std::string& name) const { return path() + "/" + name; }
};

std::string content(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// bars(name): those of a name. within(a, b): as pictures; a is in b's time, give or take rounding, on its thread.
/// nested(): bars of a thread lie in each other or apart. arrows(): (from, to), the bars that each pair of ends is in.
constexpr const char* helpers = R"(
def bars(name): return [x for x in e if x['name'] == name]
def end(x): return x['ts'] + x.get('dur', 0)
def within(a, b): return a['tid'] == b['tid'] and b['ts'] - 0.002 <= a['ts'] and end(a) <= end(b) + 0.002
def apart(a, b): return end(a) <= b['ts'] + 0.002 or end(b) <= a['ts'] + 0.002
def nested(): return all(a['tid'] != b['tid'] or within(a, b) or within(b, a) or apart(a, b) for a in e for b in e)
def only(bars): assert len(bars) == 1, bars; return bars[0]
def arrows():
    flows = {p: {x['id']: x for x in t['traceEvents'] if x['ph'] == p} for p in 'sf'}
    assert flows['s'].keys() == flows['f'].keys() and all(x['bp'] == 'e' for x in flows['f'].values())
    return [(only([b for b in bars('wakes') if within(s, b)]),
             only([b for b in bars('asleep') + bars('waits asleep') if within(flows['f'][i], b)]))
            for i, s in flows['s'].items()]
)";

/// What Python prints for an expression over `t`, the parsed trace, and `e`, its complete events.
std::string python(const std::string& path, const std::string& expression, const folder& in) {
  const std::string script = in.file("script.py");
  std::ofstream(script) << "import json, sys\nt = json.load(open(sys.argv[1]))\n"
                        << "e = [x for x in t['traceEvents'] if x['ph'] == 'X']\n"
                        << helpers << "print(" << expression << ")\n";
  const std::string out = in.file("out");
  if (std::system(("python3 '" + script + "' '" + path + "' > '" + out + "' 2>&1").c_str()) != 0) {
    return "failed: " + content(out);
  }
  std::string text = content(out);
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// Makes every loop worth sharing, so that it is traced.
void run_loops(pl::backend& b, int loops, index_t n) {
  for (int k = 0; k < loops; ++k) {
    pl::loop work;
    work.n = n;
    work.grain = 8;
    work.chunk = {[](void*, index_t, index_t) noexcept { test::busy_for(std::chrono::microseconds(5)); }, nullptr};
    b.run(work);
  }
}

/// A loop of two chunks, each of which waits for the other to begin, so that a worker comes.
struct meeting {
  std::atomic<int> begun{0};
  std::atomic<int> sleeper{0};  ///< whom who runs the second chunk waits for, until it sleeps; 0: nobody

  void run_on(pl::backend& b) {
    begun = 0;
    pl::loop work;
    work.n = 2;
    work.chunk = {[](void* self, index_t begin, index_t end) noexcept {
                    meeting& m = *static_cast<meeting*>(self);
                    m.begun += static_cast<int>(end - begin);
                    while (m.begun < 2) std::this_thread::yield();
                    if (begin == 1 && m.sleeper != 0) (void)test::becomes_true([&] { return sleeps(m.sleeper); });
                  },
                  this};
    b.run(work);
  }
  static bool sleeps(int id) { return test::status_of(id, "State").starts_with('S'); }
};

/// Whether the one worker of this process sleeps, or does within ten seconds.
bool worker_falls_asleep() {
  return test::becomes_true([] {
    const std::vector<int> workers = test::worker_ids();
    return workers.size() == 1 && meeting::sleeps(workers[0]);
  });
}

}  // namespace

TEST_CASE("the seam's contract holds behind a tracer") {
  pl::thread_pool pool({.threads = 3});
  pl::traced watching(pool, 1000);
  CHECK(conformance::seam_contract(watching, 1, 300) == "");
  CHECK(conformance::exactly_once(watching, 2, 300) == "");
  CHECK(conformance::exceptions(watching, 3, 100) == "");
  CHECK(conformance::concurrent_callers(watching, 4, 30, 4) == "");
  CHECK(watching.kept() == 1000);
  CHECK(watching.dropped() > 0);
  CHECK(watching.name() == "thread_pool");
  CHECK(watching.width() == 3);
}

TEST_CASE("a real parser reads the trace, and finds every iteration in it once") {
  const folder dir;
  pl::thread_pool pool({.threads = 2});
  pl::traced watching(pool);
  run_loops(watching, 3, 100);
  const std::string path = dir.file("trace.json");
  REQUIRE_FALSE(watching.write(path.c_str()));
  CHECK(python(path, "sum(x['name'] == 'loop' for x in e)", dir) == "3");
  CHECK(python(path, "{x['args']['iterations'] for x in e if x['name'] == 'loop'}", dir) == "{100}");
  CHECK(python(path, "sum(x['args']['end'] - x['args']['begin'] for x in e if x['name'] == 'chunk')", dir) == "300");
  CHECK(python(path, "all(x['dur'] >= 0 and x['ts'] >= 0 for x in e)", dir) == "True");
  CHECK(python(path, "all(x['dur'] >= 5 for x in e if x['name'] == 'chunk')", dir) == "True");
  // Chunks lie within the loop that they belong to.
  CHECK(
      python(path,
             "all(any(l['ts'] - 1 <= c['ts'] and c['ts'] + c['dur'] <= l['ts'] + l['dur'] + 1 for l in e if l['name'] "
             "== 'loop') for c in e if c['name'] == 'chunk')",
             dir) == "True");
  CHECK(python(path, "t['otherData']['backend'], t['otherData']['dropped']", dir) == "thread_pool 0");
  CHECK(python(path, "{x['tid'] for x in e} == {x['tid'] for x in t['traceEvents'] if x['name'] == 'thread_name'}",
               dir) == "True");
}

TEST_CASE("a trace shows each sleep of a worker, and who woke it") {
  const test::watchdog guard(110, "sleeps");
  const folder dir;
  const std::string name = GENERATE("thread_pool", "work_stealing");
  CAPTURE(name);
  const auto pool = pl::make_backend(name, {2, pl::idle::park()});
  constexpr int wakes = 7;
  pl::traced watching(*pool);
  meeting both;
  for (int k = 0; k <= wakes; ++k) {  // the first starts the worker
    both.run_on(watching);
    REQUIRE(worker_falls_asleep());
  }
  const std::string path = dir.file("sleeps.json");
  REQUIRE_FALSE(watching.write(path.c_str()));
  CHECK(python(path, "len(bars('worker')), len(bars('asleep')), len(bars('loop'))", dir) == "1 8 8");
  CHECK(python(path, "all(within(x, bars('worker')[0]) for x in bars('asleep'))", dir) == "True");
  CHECK(python(path, "nested()", dir) == "True");
  const std::string by_caller = "[x for x in bars('wakes') if x['tid'] == bars('loop')[0]['tid']]";
  CHECK(python(path, "[x['args']['threads'] for x in " + by_caller + "]", dir) == "[1, 1, 1, 1, 1, 1, 1]");
  CHECK(python(path, "all(any(within(x, l) for l in bars('loop')) for x in " + by_caller + ")", dir) == "True");
  // Each wake-up ends one sleep; the last sleep lasts.
  CHECK(python(path, "[s['ts'] for s in bars('asleep')][:7] == [s['ts'] for w, s in arrows() if s['name'] == 'asleep']",
               dir) == "True");
  CHECK(python(path, "all(w['ts'] <= end(s) and s['ts'] <= end(w) for w, s in arrows())", dir) == "True");
  CHECK(python(path, "[n['args']['name'].split()[0] for n in t['traceEvents'] if n['name'] == 'thread_name']", dir) ==
        "['caller', 'worker']");
}

TEST_CASE("a trace shows that a caller sleeps at the end of its loop, and who woke it") {
  const test::watchdog guard(110, "waits");
  const folder dir;
  pl::thread_pool pool({2, pl::idle::park()});
  pl::traced watching(pool);
  meeting both;
  both.sleeper = static_cast<int>(::getpid());  // the main thread
  both.run_on(watching);
  const std::string path = dir.file("waits.json");
  REQUIRE_FALSE(watching.write(path.c_str()));
  CHECK(python(path, "within(bars('waits asleep')[0], bars('loop')[0])", dir) == "True");
  CHECK(python(path, "[(w['tid'] == bars('worker')[0]['tid'], s['name']) for w, s in arrows()]", dir) ==
        "[(True, 'waits asleep')]");
  CHECK(python(path, "nested()", dir) == "True");
}

TEST_CASE("a trace shows threads that are made for a loop and end with it") {
  const test::watchdog guard(110, "threads");
  const folder dir;
  pl::workqueue queue({.threads = 2});
  pl::traced watching(queue);
  meeting both;
  for (int k = 0; k < 5; ++k) both.run_on(watching);
  const std::string path = dir.file("threads.json");
  REQUIRE_FALSE(watching.write(path.c_str()));
  CHECK(python(path, "len(bars('worker')), len({x['tid'] for x in bars('worker')})", dir) == "5 5");
  CHECK(python(path,
               "all(l['ts'] <= w['ts'] and end(w) <= end(l) for l, w in zip(bars('loop'), sorted(bars('worker'), "
               "key=end)))",
               dir) == "True");
  CHECK(python(path, "nested(), all(w['tid'] != s['tid'] for w, s in arrows())", dir) == "True True");
}

TEST_CASE("of several tracers at a time, the first shows threads; the next when that one is gone") {
  const folder dir;
  pl::thread_pool pool({2, pl::idle::park()});
  auto first = std::make_unique<pl::traced>(pool);
  pl::traced second(pool);
  meeting both;
  both.run_on(second);
  REQUIRE(worker_falls_asleep());
  REQUIRE_FALSE(first->write(dir.file("first.json").c_str()));
  REQUIRE_FALSE(second.write(dir.file("second.json").c_str()));
  CHECK(python(dir.file("first.json"), "len(bars('asleep')), len(bars('loop'))", dir) == "1 0");
  CHECK(python(dir.file("second.json"), "len(bars('asleep')), len(bars('loop'))", dir) == "0 1");
  first.reset();
  pl::traced third(pool);
  both.run_on(third);
  REQUIRE(worker_falls_asleep());
  REQUIRE_FALSE(third.write(dir.file("third.json").c_str()));
  CHECK(python(dir.file("third.json"), "len(bars('asleep')), len(bars('wakes')) >= 1", dir) == "1 True");
}

TEST_CASE("tracers come and go, and are written, while workers sleep and wake") {
  const test::watchdog guard(110, "tracers");
  const folder dir;
  pl::thread_pool pool({3, pl::idle::park()});
  std::atomic<bool> stop{false};
  std::thread other([&] {
    while (!stop) run_loops(pool, 1, 64);
  });
  for (std::int64_t round = 0; round < test::rounds(300); ++round) {
    pl::traced watching(pool, 100);
    run_loops(watching, 1, 64);
    if (round % 10 == 0) CHECK_FALSE(watching.write(dir.file(std::to_string(round)).c_str()));
  }
  stop = true;
  other.join();
  CHECK(python(dir.file("0"), "sum(x['name'] == 'loop' for x in e)", dir) == "1");
}

TEST_CASE("names of sections are escaped") {
  const folder dir;
  pl::serial alone;
  pl::traced watching(alone);
  const std::string_view names[] = {"plain",
                                    "quote \" and \\ backslash",
                                    "line\nfeed\ttab\x01",
                                    "</script>",
                                    "f\xc3\xbcnf",
                                    "\xff\xfe broken",
                                    "%s%n%d",
                                    ""};
  for (const std::string_view name : names) {
    const pl::traced::section s(watching, name);
    run_loops(watching, 1, 8);
  }
  const std::string long_name(5000, '"');
  {
    const pl::traced::section s(watching, long_name);
    run_loops(watching, 1, 8);
  }
  const std::string path = dir.file("names.json");
  REQUIRE_FALSE(watching.write(path.c_str()));
  CHECK(python(path, "sum(x['name'] == 'quote \" and \\\\ backslash' for x in e)", dir) == "2");  // section, loop
  CHECK(python(path, "sum(x['name'] == 'line\\nfeed\\ttab\\x01' for x in e)", dir) == "2");
  CHECK(python(path, "sum(x['name'] == '%s%n%d' for x in e)", dir) == "2");
  CHECK(python(path, "max(len(x['name']) for x in e)", dir) == "200");
}

TEST_CASE("the file is new, private, and nobody else's") {
  const folder dir;
  pl::serial alone;
  pl::traced watching(alone);
  run_loops(watching, 1, 8);
  const std::string path = dir.file("trace.json");
  REQUIRE_FALSE(watching.write(path.c_str()));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);

  CHECK(watching.write(path.c_str()) == std::errc::file_exists);  // never overwritten
  const std::string victim = dir.file("victim");
  std::ofstream(victim) << "precious";
  const std::string link = dir.file("link");
  REQUIRE(::symlink(victim.c_str(), link.c_str()) == 0);
  CHECK(watching.write(link.c_str()));
  CHECK(content(victim) == "precious");
  const std::string dangling = dir.file("dangling");
  REQUIRE(::symlink(dir.file("nowhere").c_str(), dangling.c_str()) == 0);
  CHECK(watching.write(dangling.c_str()));
  CHECK(::access(dir.file("nowhere").c_str(), F_OK) != 0);
  CHECK(watching.write(dir.file("no/such/folder").c_str()) == std::errc::no_such_file_or_directory);
}

TEST_CASE("no room for records changes no result") {
  pl::thread_pool pool({.threads = 2});
  pl::traced watching(pool, 0);
  CHECK(conformance::exactly_once(watching, 5, 100) == "");
  CHECK(watching.kept() == 0);
  CHECK(std::string(watching.details().c_str()).find("traced: 0 records") != std::string::npos);
}
