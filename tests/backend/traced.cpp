// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Traces: valid JSON by the judgement of a real parser (Python's), the chunks that ran, files handled with care.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <parloop/backend/traced.hpp>
#include <parloop/parloop.hpp>
#include <sstream>
#include <string>

#include "../conformance.hpp"
#include "catch.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// A folder of this test's own, removed at its end.
class folder {
 public:
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "parloop_traced_XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() { (void)!std::system(("rm -rf '" + path_ + "'").c_str()); }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string content(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What Python prints for an expression over `t`, the parsed trace, and `e`, its complete events.
std::string python(const std::string& path, const std::string& expression, const folder& in) {
  const std::string script = in.file("script.py");
  std::ofstream(script) << "import json, sys\nt = json.load(open(sys.argv[1]))\n"
                        << "e = [x for x in t['traceEvents'] if x['ph'] == 'X']\n"
                        << "print(" << expression << ")\n";
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
  CHECK(watching.details().find("traced: 0 records") != std::string::npos);
}
