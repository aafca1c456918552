// The credentials file on the disk: shared, replaced as a whole, and left alone when it is odd.
#include "worker/program/token_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "connector/base/clock.h"
#include "connector/base/log.h"
#include "connector/base/small_file.h"
#include "tests/unit/worker/temporary_folder.h"
#include "worker/program/credentials_file.h"

namespace worker::program {
namespace {

using connector::boot_clock;
using connector::secret_string;
using connector::oauth::access_token;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

access_token token(std::string value, boot_clock::duration life = 300s) {
  const auto now = boot_clock::now();
  return {secret_string(std::move(value)), now, now + life};
}

mode_t mode_of(const std::string& path) {
  struct stat about {};
  EXPECT_EQ(::lstat(path.c_str(), &about), 0) << path;
  return about.st_mode & 07777U;
}

class TokenFile : public testing::Test {
 protected:
  std::string text() const { return connector::read_small_file(path, 2'000'000).text; }
  void write(const std::string& content, mode_t mode = 0600) {
    std::ofstream(path) << content;
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }
  std::string loaded(const std::string& client = "worker") {
    const auto found = token_file(path, client).load();
    return found ? std::string(found->value.reveal()) : "";
  }
  void save(const std::string& value, const std::string& client = "worker") {
    token_file(path, client).save(token(value));
  }

  const tests::temporary_folder folder;
  std::string path = folder.at("credentials");
};

TEST_F(TokenFile, KeepsATokenForTheNextProcess) {
  save("one");
  const auto found = token_file(path, "worker").load();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->value.reveal(), "one");
  const auto life = found->expires - boot_clock::now();
  EXPECT_LE(life, 300s);
  EXPECT_GT(life, 290s);
  EXPECT_EQ(mode_of(path), 0600U);
  save("two");
  EXPECT_EQ(loaded(), "two");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.at("")), {}), 1)
      << "nothing is left beside it";
}

TEST_F(TokenFile, IsSharedWithOtherClients) {
  save("mine");
  save("theirs", "other");
  EXPECT_EQ(loaded(), "mine");
  EXPECT_EQ(loaded("other"), "theirs");
  EXPECT_EQ(loaded("third"), "");
}

TEST_F(TokenFile, ItsFolderIsMade) {
  path = folder.at(".camunda/credentials");
  save("one");
  EXPECT_EQ(loaded(), "one");
  EXPECT_EQ(mode_of(folder.at(".camunda")), 0700U);
  path = folder.at("a/b/credentials");
  save("one");
  EXPECT_FALSE(std::filesystem::exists(folder.at("a"))) << "not a whole path";
}

TEST_F(TokenFile, ExpiredTokenIsNotTaken) {
  token_file(path, "worker").save(token("old", 0s));
  EXPECT_THAT(text(), HasSubstr("old"));
  EXPECT_EQ(loaded(), "");
}

TEST_F(TokenFile, LifeIsBounded) {
  write("worker: {auth: {credentials: {accesstoken: x, expiry: 2199-01-01T00:00:00Z}}}\n");
  const auto found = token_file(path, "worker").load();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->expires - found->since, connector::oauth::longest_life);
}

TEST_F(TokenFile, OddFilesAreLeftAlone) {
  const std::string good =
      "worker: {auth: {credentials: {accesstoken: x, expiry: 2199-01-01T00:00:00Z}}}\n";
  const auto expect_untouched = [&](const char* change) {
    const auto before = text();
    EXPECT_EQ(loaded(), "") << change;
    save("new");
    EXPECT_EQ(text(), before) << change;
  };
  write(good, 0604);
  expect_untouched("others may read it");
  write(good, 0602);
  expect_untouched("others may write it");
  write(good, 0660);
  EXPECT_EQ(loaded(), "x") << "as the Go client makes it";
  write("just a note\n");
  expect_untouched("something else");
  write("worker: [\n");
  expect_untouched("damaged");
  write("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n");
  expect_untouched("a bomb");
  write(std::string(credentials_file::max_bytes + 1, '\n'));
  expect_untouched("huge");
}

TEST_F(TokenFile, OnlyARegularFileCounts) {
  const auto target = folder.at("target");
  path = target;
  write("worker: {auth: {credentials: {accesstoken: x, expiry: 2199-01-01T00:00:00Z}}}\n");
  path = folder.at("link");
  ASSERT_EQ(::symlink(target.c_str(), path.c_str()), 0);
  EXPECT_EQ(loaded(), "");
  save("new");
  EXPECT_TRUE(std::filesystem::is_symlink(path));
  path = folder.at("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(loaded(), "");
  save("new");
  EXPECT_TRUE(std::filesystem::is_fifo(path));
  path = folder.at("folder");
  ASSERT_EQ(::mkdir(path.c_str(), 0700), 0);
  EXPECT_EQ(loaded(), "");
  save("new");
  EXPECT_TRUE(std::filesystem::is_empty(path));
  path = "/proc/credentials";
  save("new");
  EXPECT_EQ(loaded(), "");
}

TEST_F(TokenFile, OddEntryIsReplaced) {
  write("worker: x\nother: [1]\n");
  EXPECT_EQ(loaded(), "");
  save("new");
  EXPECT_EQ(loaded(), "new");
  EXPECT_THAT(text(), HasSubstr("other:"));
}

TEST_F(TokenFile, EachReasonIsOneLineWithoutAToken) {
  // given
  testing::internal::CaptureStdout();
  connector::log::set_up(connector::log::level::debug, connector::log::format::text);
  write("worker: {auth: {credentials: {accesstoken: hunter2, expiry: never}}}\n");
  token_file file(path, "worker");

  // when
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(file.load());
  write("hunter2\n");
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(file.load());
  file.save(token("hunter3"));
  connector::log::shut_down();

  // then
  const auto lines = testing::internal::GetCapturedStdout();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2) << lines;
  EXPECT_THAT(lines, AllOf(HasSubstr(path), HasSubstr("no expiry"), HasSubstr("no mapping"),
                           Not(HasSubstr("hunter"))));
}

TEST_F(TokenFile, WithoutAPathThereIsNone) {
  token_file file("", "worker");
  file.save(token("one"));
  EXPECT_FALSE(file.load());
}

}  // namespace
}  // namespace worker::program
