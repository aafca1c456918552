#include "tests/attack/rows/stage.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace attack {
namespace {

journey::test_environment_options without_worker(const sandbox::engine::options& engine) {
  journey::test_environment_options out;
  out.start_worker = false;
  out.engine = engine;
  return out;
}

// As one word of a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

stage::stage(const environment_variables& extra, const sandbox::engine::options& engine)
    : environment_(without_worker(engine)), worker_(environment_, extra) {}

void stage::restart_gateway() {
  engine().stop();
  for (int tries = 0;; ++tries) {
    try {
      engine().start();
      return;
    } catch (const std::runtime_error&) {
      if (tries == 100) throw;
      static_cast<void>(engine().wait_until([] { return false; }, std::chrono::milliseconds(50)));
    }
  }
}

bool stage::works() {
  const auto job = run(call_of("echo", R"({"still":"there"})"));
  return job.state == job_state::completed;
}

stage::megabytes stage::memory() {
  std::ifstream in("/proc/" + std::to_string(worker_.process().pid()) + "/status");
  megabytes out;
  for (std::string word; in >> word;) {
    constexpr std::size_t kilobytes = 1024;
    if (word == "VmRSS:" && in >> out.now) out.now /= kilobytes;
    if (word == "VmHWM:" && in >> out.peak) out.peak /= kilobytes;
  }
  return out;
}

void stage::end() {
  expect_all_ended(environment_);
  const int code = worker_.process().end(std::chrono::seconds(60));
  EXPECT_EQ(code, 0) << "the worker ended " << worker_.process().how_it_ended();
  EXPECT_EQ(worker_.lines_with("ERROR: AddressSanitizer"), 0U);
  EXPECT_EQ(worker_.lines_with("runtime error:"), 0U);
}

outcome run_program(const std::vector<std::string>& arguments,
                    const environment_variables& variables) {
  std::string line = "exec timeout 60 env -i";
  for (const char* const name : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* const value = std::getenv(name))
      line += " " + quoted(std::string(name) + "=" + value);
  }
  for (const auto& [name, value] : variables) line += " " + quoted(name + "=" + value);
  const char* const other = std::getenv("LAMBDA_CONNECTOR_PROGRAM");
  line += " " + quoted(other != nullptr ? other : LAMBDA_CONNECTOR_PROGRAM);
  for (const auto& each : arguments) line += " " + quoted(each);
  line += " 2>&1 </dev/null";
  outcome out;
  FILE* const from = ::popen(line.c_str(), "r");  // the shell's line is all quoted words
  if (from == nullptr) return out;
  char block[4096];
  for (std::size_t count = 0; (count = std::fread(block, 1, sizeof block, from)) > 0;) {
    out.told.append(block, count);
  }
  const int status = ::pclose(from);
  out.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

}  // namespace attack
