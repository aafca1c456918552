// The log where stdout does not take its lines: no caller waits, and what was lost is counted and
// told. Each test is a process of its own, so it may replace its stdout.
#include "connector/base/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>

namespace connector::log {
namespace {

using std::chrono::steady_clock;
using testing::HasSubstr;

constexpr std::chrono::seconds patience{30};

// Puts a pipe, or nothing at all, in the place of stdout.
class replaced_stdout {
 public:
  explicit replaced_stdout(bool closed = false) : saved_(dup(STDOUT_FILENO)) {
    if (closed) {
      close(STDOUT_FILENO);
      return;
    }
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    reader_ = ends[0];
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
  }
  ~replaced_stdout() {
    shut_down();
    dup2(saved_, STDOUT_FILENO);
    close(saved_);
    close_reader();
  }
  replaced_stdout(const replaced_stdout&) = delete;
  replaced_stdout& operator=(const replaced_stdout&) = delete;

  void close_reader() {
    if (reader_ >= 0) close(reader_);
    reader_ = -1;
  }
  // What arrives until this text does. A line is written before each look.
  [[nodiscard]] std::string read_until(const std::string& text, const std::string& line) const {
    std::string out;
    std::array<char, 65536> piece{};
    const auto end = steady_clock::now() + patience;
    while (out.find(text) == std::string::npos && steady_clock::now() < end) {
      info(line);
      pollfd wanted{reader_, POLLIN, 0};
      if (poll(&wanted, 1, 100) <= 0) continue;
      const auto size = read(reader_, piece.data(), piece.size());
      if (size > 0) out.append(piece.data(), static_cast<std::size_t>(size));
    }
    return out;
  }

 private:
  int saved_;
  int reader_ = -1;
};

bool dropped_at_least(std::uint64_t count) {
  const auto end = steady_clock::now() + patience;
  while (dropped_lines() < count && steady_clock::now() < end) poll(nullptr, 0, 5);
  return dropped_lines() >= count;
}

// More than a pipe holds.
void fill_pipe() {
  for (int i = 0; i < 3000; ++i) info("a line", {{"text", std::string(100, 'x')}});
}

TEST(Log, LinesThatABlockedStdoutDoesNotTakeAreDroppedCountedAndTold) {
  // given
  const replaced_stdout pipe;
  set_up(level::info, format::json);

  // when
  const auto begin = steady_clock::now();
  for (int i = 0; i < 10; ++i) fill_pipe();
  const auto took = steady_clock::now() - begin;

  // then: no call waited for the reader, although the writing thread did
  EXPECT_LT(took, patience);
  EXPECT_TRUE(dropped_at_least(1000));
  // The rest of a torn line comes first, and the next line begins a line of its own.
  auto told = pipe.read_until("\"lines\":\"", "read again");
  told += pipe.read_until("the last one", "the last one");
  EXPECT_THAT(told, HasSubstr(R"("level":"warning","message":"log lines were dropped)"));
  EXPECT_THAT(told, HasSubstr("\n{\"time\":\""));
  EXPECT_EQ(told.find("x{\"time\""), std::string::npos);
}

TEST(Log, LinesToAClosedReaderAreDroppedAndCounted) {
  std::signal(SIGPIPE, SIG_IGN);
  replaced_stdout pipe;
  set_up(level::info, format::text);
  pipe.close_reader();
  for (int i = 0; i < 50; ++i) info("to nobody");
  EXPECT_TRUE(dropped_at_least(50));
}

TEST(Log, LinesToAClosedStdoutAreDroppedAndCounted) {
  const replaced_stdout closed(true);
  set_up(level::info, format::json);
  for (int i = 0; i < 50; ++i) info("to nothing");
  EXPECT_TRUE(dropped_at_least(50));
}

TEST(Log, NothingIsDroppedWhileTheLinesAreRead) {
  const replaced_stdout pipe;
  set_up(level::info, format::text);
  for (int i = 0; i < 100; ++i) info("a line");
  const auto told = pipe.read_until("the last one", "the last one");
  EXPECT_EQ(dropped_lines(), 0U);
  EXPECT_EQ(told.find("dropped"), std::string::npos);
}

// A terminal takes U+009B for the beginning of a command, and U+202E turns the rest of a line
// round.
TEST(Log, CharactersThatAViewerObeysAreEscaped) {
  for (const auto how : {format::json, format::text}) {
    const replaced_stdout pipe;
    set_up(level::info, how);
    info("begin", {{"process", "a\u009b31m\u202eb\u2028c\u0085d\x7f\ufeff\u00e9"}});
    const auto told = pipe.read_until("the last one", "the last one");
    EXPECT_THAT(told, HasSubstr(R"(a\u009b31m\u202eb\u2028c\u0085d)"));
    EXPECT_THAT(told, HasSubstr("\u00e9"));
    for (const char* raw : {"\u009b", "\u202e", "\u2028", "\u0085", "\x7f", "\ufeff"}) {
      EXPECT_EQ(told.find(raw), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace connector::log
