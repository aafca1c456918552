// Secrets in memory must not complete_fetch in a core file, and connections need descriptors: what
// the kernel says of the running program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/sandbox/process/child_process.h"
#include "tests/unit/worker/temporary_folder.h"

namespace worker::program {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

constexpr uid_t nobody = 65534;

const char* other_program() { return std::getenv("LAMBDA_CONNECTOR_PROGRAM"); }

// The program that ships leaves the leak check of a sanitized one its own process.
bool is_sanitized() {
#if __has_feature(address_sanitizer)
  return other_program() == nullptr;
#else
  return false;
#endif
}

std::string text_of(const std::string& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

// Without a gateway, which it asks for in vain. Never as root, whose processes look alike whether
// they may be dumped or not.
sandbox::program worker_program(const std::string& log) {
  const std::string path = other_program() != nullptr ? other_program() : LAMBDA_CONNECTOR_PROGRAM;
  sandbox::program out;
  out.name = "the worker";
  out.path = path;
  if (!is_sanitized() && ::geteuid() == 0) {
    out.path = "/usr/bin/setpriv";
    const auto id = std::to_string(nobody);
    out.arguments = {"--reuid", id, "--regid", id, "--clear-groups", path};
  }
  out.arguments.emplace_back("run");
  out.environment = {"ZEEBE_ADDRESS=http://127.0.0.1:1", "AWS_REGION=eu-central-1",
                     "AWS_ACCESS_KEY_ID=AKIDNOBODY",
                     "AWS_SECRET_ACCESS_KEY=some-secret-key-of-nobody",
                     "LAMBDA_CONNECTOR_ADMIN_ADDRESS=127.0.0.1:0"};
  out.log = log;
  out.piped = true;
  return out;
}

TEST(CoreDumps, AreOffInTheProgramThatRuns) {
  // As on a machine where they are on.
  rlimit cores{};
  ASSERT_EQ(::getrlimit(RLIMIT_CORE, &cores), 0);
  cores.rlim_cur = cores.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &cores), 0);

  const tests::temporary_folder folder;
  sandbox::child_process worker(worker_program(folder.at("log")));
  // Its first line, before it asks for a job.
  EXPECT_THAT(worker.hear(std::chrono::seconds(30)), HasSubstr(" started"));

  const auto process = "/proc/" + std::to_string(worker.pid());
  EXPECT_THAT(text_of(process + "/limits"), ContainsRegex("Max core file size +0 +0 +bytes"));
  if (!is_sanitized()) {
    // The kernel gives the files of a process that may not be dumped to root.
    struct stat about {};
    ASSERT_EQ(::stat((process + "/environ").c_str(), &about), 0);
    EXPECT_EQ(about.st_uid, 0U);
    EXPECT_THAT(text_of(process + "/status"), HasSubstr("Uid:\t"));
    EXPECT_EQ(text_of(process + "/status").find("Uid:\t0\t"), std::string::npos);
  }
  EXPECT_EQ(worker.end(std::chrono::seconds(20)), 0);
}

TEST(Descriptors, TheProgramRaisesItsSoftLimitToTheHardOne) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  // As many a system starts its programs.
  const rlimit low{std::min<rlim_t>(512, before.rlim_max / 2), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  const tests::temporary_folder folder;
  sandbox::child_process worker(worker_program(folder.at("log")));
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_THAT(worker.hear(std::chrono::seconds(30)), HasSubstr(" started"));
  const auto hard = std::to_string(before.rlim_max);
  EXPECT_THAT(text_of("/proc/" + std::to_string(worker.pid()) + "/limits"),
              ContainsRegex("Max open files +" + hard + " +" + hard + " +files"));
  EXPECT_EQ(worker.end(std::chrono::seconds(20)), 0);
}

}  // namespace
}  // namespace worker::program
