// Look-ups on threads: none waits for another, and none keeps a loop or a process alive.
#include "connector/http/name_threads.h"

#include <gmock/gmock.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <future>

namespace connector::http {
namespace {

namespace asio = boost::asio;

// What the threads ask. Shared with them: a thread may be the last one to use it.
struct names_of_test {
  std::atomic<int> asked{0};
  std::promise<void> go;  // when names with "silent" in them are answered
  std::shared_future<void> going = go.get_future().share();
};

int answer_of(names_of_test& names, const std::string& name, addrinfo** found) {
  ++names.asked;
  if (name.find("silent") != std::string::npos) names.going.wait_for(std::chrono::seconds(25));
  if (name.find("unknown") != std::string::npos) return EAI_NONAME;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  const char* literal = name.find("six") != std::string::npos ? "::1" : "127.0.0.1";
  return ::getaddrinfo(literal, nullptr, &hints, found);
}

using std::chrono::milliseconds;
using testing::HasSubstr;

class NameThreads : public testing::Test {
 public:
  ~NameThreads() override { answer(); }

 protected:
  using place = std::shared_ptr<std::optional<result<addresses>>>;

  NameThreads() { use({}); }

  void use(const name_threads::bounds& most) { threads_ = make(loop_, most); }

  std::shared_ptr<name_threads> make(asio::io_context& loop, const name_threads::bounds& most) {
    return std::make_shared<name_threads>(loop.get_executor(), most,
                                          [names = names_](const char* name, addrinfo** found) {
                                            return answer_of(*names, name, found);
                                          });
  }

  place ask(const std::string& name) {
    auto here = std::make_shared<std::optional<result<addresses>>>();
    asio::co_spawn(loop_, threads_->look_up(name),
                   [here](std::exception_ptr bug, result<addresses> got) {
                     if (bug != nullptr) std::rethrow_exception(bug);
                     *here = std::move(got);
                   });
    return here;
  }

  bool run_until(const std::function<bool()>& done) {
    const auto bound = std::chrono::steady_clock::now() + std::chrono::seconds(25);
    while (!done()) {
      if (std::chrono::steady_clock::now() > bound) return false;
      loop_.restart();
      loop_.run_one_for(milliseconds(20));
    }
    return true;
  }

  void answer() {
    if (answered_) return;
    answered_ = true;
    names_->go.set_value();
  }

  std::string words(const place& from) {
    if (!from->has_value()) return "nothing yet";
    return **from ? (**from)->front().to_string() : (**from).error().message;
  }

  std::shared_ptr<names_of_test> names_ = std::make_shared<names_of_test>();
  asio::io_context loop_;
  std::shared_ptr<name_threads> threads_;
  bool answered_ = false;
};

TEST_F(NameThreads, FindsWhatTheSystemFinds) {
  const place four = ask("four.test");
  const place six = ask("six.test");
  const place unknown = ask("unknown.test");
  ASSERT_TRUE(
      run_until([&] { return four->has_value() && six->has_value() && unknown->has_value(); }));
  EXPECT_EQ(words(four), "127.0.0.1");
  EXPECT_EQ(words(six), "::1");
  EXPECT_THAT(words(unknown), HasSubstr("unknown.test cannot be resolved"));
}

TEST_F(NameThreads, ASilentNameKeepsNoOtherWaiting) {
  std::vector<place> silent;
  for (int i = 0; i < 20; ++i) silent.push_back(ask("silent" + std::to_string(i) + ".test"));
  const place quick = ask("quick.test");
  ASSERT_TRUE(run_until([&] { return quick->has_value(); }));
  EXPECT_EQ(words(quick), "127.0.0.1");
  for (const place& one : silent) EXPECT_FALSE(one->has_value());
}

TEST_F(NameThreads, ANameHasOneThreadHoweverManyAsk) {
  use({48, 16, 1000, milliseconds(50)});
  for (int round = 0; round < 3; ++round) {
    const place first = ask("silent.test");
    const place second = ask("silent.test");
    ASSERT_TRUE(run_until([&] { return first->has_value() && second->has_value(); }));
    EXPECT_THAT(words(first), HasSubstr("its name servers are silent"));
  }
  EXPECT_EQ(names_->asked, 1);
  EXPECT_EQ(threads_->threads(), 1U);
}

TEST_F(NameThreads, ThreadsAreBoundedAndSomeAreKeptForNamesThatAnswer) {
  use({4, 2, 3, std::chrono::seconds(20)});
  const place before = ask("proven.test");
  ASSERT_TRUE(run_until([&] { return before->has_value(); }));
  std::vector<place> silent;
  for (int i = 0; i < 5; ++i) silent.push_back(ask("silent" + std::to_string(i) + ".test"));
  const place one_too_many = ask("silent5.test");
  const place proven = ask("proven.test");
  ASSERT_TRUE(run_until([&] { return proven->has_value() && one_too_many->has_value(); }));
  EXPECT_EQ(words(proven), "127.0.0.1");
  EXPECT_THAT(words(one_too_many), HasSubstr("too many other names"));
  EXPECT_EQ(threads_->threads(), 2U);
  answer();
  ASSERT_TRUE(run_until([&] {
    return std::all_of(silent.begin(), silent.end(),
                       [](const place& one) { return one->has_value(); });
  }));
  for (const place& one : silent) EXPECT_EQ(words(one), "127.0.0.1");
}

TEST_F(NameThreads, ANameThatFellSilentIsNoLongerPreferred) {
  use({2, 1, 1000, milliseconds(100)});
  const place known = ask("proven.test");
  ASSERT_TRUE(run_until([&] { return known->has_value(); }));
  const place stuck = ask("silent.test");
  const place waits = ask("new.test");
  ASSERT_TRUE(run_until([&] { return stuck->has_value() && waits->has_value(); }));
  EXPECT_THAT(words(waits), HasSubstr("the name servers of too many names are silent"));
  const place again = ask("proven.test");
  ASSERT_TRUE(run_until([&] { return again->has_value(); }));
  EXPECT_EQ(words(again), "127.0.0.1");
}

TEST_F(NameThreads, ALoopEndsWhenNothingWaitsAnyMore) {
  use({48, 16, 1000, milliseconds(50)});
  const place silent = ask("silent.test");
  loop_.restart();
  loop_.run_for(std::chrono::seconds(20));
  EXPECT_TRUE(loop_.stopped());  // it ran out of work, not out of time
  EXPECT_TRUE(silent->has_value());
  EXPECT_EQ(threads_->threads(), 1U);
}

TEST_F(NameThreads, WhatComesAfterTheLoopIsGoneIsDropped) {
  {
    asio::io_context loop;
    const auto threads = make(loop, {});
    asio::co_spawn(loop, threads->look_up("silent.test"), asio::detached);
    loop.poll();
    EXPECT_EQ(threads->threads(), 1U);
  }
  answer();
}

TEST_F(NameThreads, TheSystemsNamesAreFoundByThem) {
  const look_up system = system_look_up(loop_.get_executor());
  std::optional<result<addresses>> got;
  asio::co_spawn(
      loop_, system("localhost"),
      [&](const std::exception_ptr&, result<addresses> found) { got = std::move(found); });
  ASSERT_TRUE(run_until([&] { return got.has_value(); }));
  ASSERT_TRUE(*got) << got->error().message;
  EXPECT_TRUE((**got).front().is_loopback());
}

TEST_F(NameThreads, AProcessEndsWhileANameIsSilent) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EXIT(
      {
        use({48, 16, 1000, milliseconds(10)});
        static_cast<void>(ask("silent.test"));
        loop_.run();
        std::exit(threads_->threads() == 1 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
  // The name would have been silent for longer.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace connector::http
