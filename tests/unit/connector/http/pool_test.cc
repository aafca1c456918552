// Who gets which connection, how many are opened, and what waiting requests see.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>

#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

using place = std::shared_ptr<std::optional<result<response>>>;

// Holds the answers back until all that are expected have come.
class gate {
 public:
  explicit gate(int expected) : missing_(expected) {}
  void pass() {
    std::unique_lock lock(guard_);
    --missing_;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds(20), [this] { return missing_ <= 0; });
  }
  int missing() {
    const std::lock_guard lock(guard_);
    return missing_;
  }

 private:
  std::mutex guard_;
  std::condition_variable changed_;
  int missing_;
};

void echo(script::peer& here) {
  while (auto got = here.request()) here.answer(got->substr(got->find("\r\n\r\n") + 4));
}

class HttpPoolTest : public HttpTest {
 protected:
  std::vector<place> start_many(const destination& to, int count) {
    std::vector<place> all;
    for (int i = 0; i < count; ++i) all.push_back(start(post(to, std::to_string(i))));
    return all;
  }

  bool wait_for(const std::vector<place>& all) {
    return run_until([&] {
      return std::all_of(all.begin(), all.end(), [](const place& one) { return one->has_value(); });
    });
  }
};

TEST_F(HttpPoolTest, ASlowServerGetsAsManyConnectionsAsRequests) {
  constexpr int count = 100;
  gate all_here(count);
  script::server server([&](script::peer& here) {
    while (auto got = here.request()) {
      all_here.pass();
      here.answer("x");
    }
  });
  // Nobody is answered before all have arrived: this ends only with `count` connections.
  const auto all = start_many(server.address(), count);
  ASSERT_TRUE(wait_for(all));
  for (const place& one : all) EXPECT_EQ(body_of(**one), "x");
  EXPECT_EQ(http().count().connections_opened, static_cast<std::uint64_t>(count));
}

TEST_F(HttpPoolTest, ALoopEndsAtOnceWhenIdleConnectionsAreClosed) {
  settings_.idle_close = std::chrono::hours(1);
  script::server server(echo);
  ASSERT_EQ(body_of(send(post(server.address(), "x"))), "x");
  EXPECT_EQ(http().count().open, 1U);
  http().close_idle();
  EXPECT_EQ(http().count().open, 0U);
  work_.reset();
  loop_.run_for(std::chrono::seconds(20));
  EXPECT_TRUE(loop_.stopped());  // it ran out of work, not out of time
  // The client is as good as before.
  loop_.restart();
  EXPECT_EQ(body_of(send(post(server.address(), "y"))), "y");
}

TEST_F(HttpPoolTest, ARequestTakesAConnectionThatIsGivenBackRatherThanWaitForANewOne) {
  settings_.connections_per_destination = 2;
  script::server server(echo);
  const auto all = start_many(server.address(), 40);
  ASSERT_TRUE(wait_for(all));
  for (int i = 0; i < 40; ++i)
    EXPECT_EQ(body_of(**all[static_cast<std::size_t>(i)]), std::to_string(i));
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(http().count().reused, 38U);
}

TEST_F(HttpPoolTest, ARequestThatFindsNoRoomIsServedByTheConnectionGivenBack) {
  script::event first_asked;
  script::event answer_first;
  script::server server([&](script::peer& here) {
    if (here.number == 0) {
      here.request();
      first_asked.set();
      answer_first.wait();
      here.answer("first");
      if (here.request()) here.answer("second");
    }
    here.wait_for_end();
  });
  settings_.connections_per_destination = 1;
  const place first = start(post(server.address()));
  ASSERT_TRUE(run_until([&] { return first_asked.is_set(); }));
  const place second = start(post(server.address()));
  ASSERT_TRUE(run_until([&] { return http().count().requests == 2; }));
  answer_first.set();
  ASSERT_TRUE(wait_for({first, second}));
  EXPECT_EQ(body_of(**first), "first");
  EXPECT_EQ(body_of(**second), "second");
}

TEST_F(HttpPoolTest, TheConnectionUsedLastIsTakenFirst) {
  gate both(2);
  std::mutex guard;
  std::vector<std::size_t> used;
  script::server server([&](script::peer& here) {
    bool first = true;
    while (auto got = here.request()) {
      if (first) both.pass();
      first = false;
      {
        const std::lock_guard lock(guard);
        used.push_back(here.number);
      }
      here.answer(std::to_string(here.number));
    }
  });
  const auto two = start_many(server.address(), 2);
  ASSERT_TRUE(wait_for(two));
  const std::string favourite = body_of(send(post(server.address())));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(body_of(send(post(server.address()))), favourite);
}

TEST_F(HttpPoolTest, WhenNobodyAnswersAllWhoWaitAreToldOnce) {
  destination nobody;
  {
    script::server gone([](script::peer&) {});
    nobody = gone.address();
  }
  const auto all = start_many(nobody, 200);
  ASSERT_TRUE(wait_for(all));
  for (const place& one : all) {
    ASSERT_FALSE(**one);
    EXPECT_EQ((*one)->error().kind, failure_kind::connect);
  }
  // Sixteen were on the way; nobody knocked 200 times.
  EXPECT_LE(http().count().connections_failed, 16U);
  EXPECT_EQ(http().count().open, 0U);
}

TEST_F(HttpPoolTest, IdentitiesShareNoConnection) {
  script::server server(echo);
  request of_a_task = post(server.address(), "task");
  of_a_task.identity = "task";
  EXPECT_EQ(body_of(send(post(server.address(), "worker"))), "worker");
  EXPECT_EQ(body_of(send(of_a_task)), "task");
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(body_of(send(post(server.address(), "worker"))), "worker");
  EXPECT_EQ(body_of(send(of_a_task)), "task");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(HttpPoolTest, OneIdentityCannotTakeTheConnectionsOfAnother) {
  settings_.connections_per_destination = 2;
  script::event go_on;
  script::server server([&](script::peer& here) {
    while (auto got = here.request()) {
      if (got->ends_with("wait")) go_on.wait();
      here.answer("done");
    }
  });
  std::vector<place> greedy;
  for (int i = 0; i < 5; ++i) {
    request one = post(server.address(), "wait");
    one.identity = "greedy";
    greedy.push_back(start(one));
  }
  EXPECT_EQ(body_of(send(post(server.address(), "x"))), "done");
  EXPECT_LE(server.connections(), 3U);
  go_on.set();
  EXPECT_TRUE(wait_for(greedy));
}

TEST_F(HttpPoolTest, IdleConnectionsAreLimited) {
  settings_.idle_per_destination = 3;
  gate all_here(10);
  script::server server([&](script::peer& here) {
    while (here.request()) {
      all_here.pass();
      here.answer("x");
    }
  });
  const auto all = start_many(server.address(), 10);
  ASSERT_TRUE(wait_for(all));
  EXPECT_EQ(http().count().open, 3U);
}

TEST_F(HttpPoolTest, AllDestinationsTogetherAreLimited) {
  settings_.connections = 2;
  script::server one(echo);
  script::server two(echo);
  script::server three(echo);
  // Idle connections elsewhere make room.
  EXPECT_EQ(body_of(send(post(one.address(), "1"))), "1");
  EXPECT_EQ(body_of(send(post(two.address(), "2"))), "2");
  EXPECT_EQ(body_of(send(post(three.address(), "3"))), "3");
  EXPECT_EQ(http().count().open, 2U);
}

TEST_F(HttpPoolTest, OfAllIdleConnectionsTheOldestIsClosed) {
  settings_.idle = 2;
  settings_.idle_close = std::chrono::hours(1);
  script::server server(echo);
  for (const char* identity : {"a", "b", "a", "c"}) {
    request one = post(server.address(), identity);
    one.identity = identity;
    EXPECT_EQ(body_of(send(one)), identity);
  }
  // "b" was used least lately.
  EXPECT_EQ(http().count().open, 2U);
  EXPECT_EQ(server.connections(), 3U);
  request again = post(server.address(), "a");
  again.identity = "a";
  EXPECT_EQ(body_of(send(again)), "a");
  EXPECT_EQ(server.connections(), 3U);
}

TEST_F(HttpPoolTest, EverNewIdentitiesKeepNoMoreThanIsAllowed) {
  settings_.idle = 10;
  settings_.idle_close = std::chrono::hours(1);
  script::server server(echo);
  for (int i = 0; i < 100; ++i) {
    request one = post(server.address(), "x");
    one.identity = std::to_string(i);
    EXPECT_EQ(body_of(send(one)), "x");
  }
  EXPECT_EQ(http().count().open, 10U);
}

// While it lives, this process gets no descriptor but those that are given back.
class no_more_descriptors {
 public:
  no_more_descriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    int highest = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      highest = std::max(highest, std::stoi(entry.path().filename()));
    }
    const rlimit few{static_cast<rlim_t>(highest) + 1, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (;;) {
      const int one = ::dup(0);
      if (one < 0) break;
      fillers_.push_back(one);
    }
  }
  ~no_more_descriptors() {
    for (const int one : fillers_) ::close(one);
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  no_more_descriptors(const no_more_descriptors&) = delete;
  no_more_descriptors& operator=(const no_more_descriptors&) = delete;

 private:
  rlimit before_{};
  std::vector<int> fillers_;
};

TEST_F(HttpPoolTest, IdleConnectionsAreClosedBeforeADescriptorIsRefused) {
  settings_.idle_close = std::chrono::hours(1);
  script::server server(echo);
  for (int i = 0; i < 10; ++i) {
    request one = post(server.address(), "x");
    one.identity = std::to_string(i);
    EXPECT_EQ(body_of(send(one)), "x");
  }
  const no_more_descriptors from_now_on;
  request wanted = post(server.address(), "wanted");
  wanted.identity = "another";
  EXPECT_EQ(body_of(send(wanted)), "wanted");
  EXPECT_LT(http().count().open, 10U);
}

TEST_F(HttpPoolTest, WithoutAnyDescriptorTheFailureSaysWhatToRaise) {
  script::server server(echo);
  // The undefined behaviour sanitizer needs a descriptor to look at an object of a type that it has
  // not seen; so it sees all types of a failed connection before there is none.
  const auto nobody_there = std::make_unique<script::server>(echo)->address();
  EXPECT_FALSE(send(post(nobody_there)));
  std::optional<result<response>> got;
  {
    const no_more_descriptors meanwhile;
    got = send(post(server.address()));
  }
  ASSERT_FALSE(*got);
  EXPECT_EQ(got->error().kind, failure_kind::connect);
  EXPECT_THAT(got->error().message, testing::HasSubstr("ulimit -n"));
}

TEST_F(HttpPoolTest, ARequestWaitsForRoomThatAnotherDestinationHolds) {
  settings_.connections = 1;
  script::event asked;
  script::event go;
  script::server busy([&](script::peer& here) {
    here.request();
    asked.set();
    go.wait();
    here.answer("busy");
    here.wait_for_end();
  });
  script::server other(echo);
  const place first = start(post(busy.address()));
  ASSERT_TRUE(run_until([&] { return asked.is_set(); }));
  const place second = start(post(other.address(), "other"));
  ASSERT_TRUE(run_until([&] { return http().count().requests == 2; }));
  EXPECT_EQ(other.connections(), 0U);
  go.set();
  ASSERT_TRUE(wait_for({first, second}));
  EXPECT_EQ(body_of(**first), "busy");
  EXPECT_EQ(body_of(**second), "other");
}

TEST_F(HttpPoolTest, DestroyingTheClientClosesWhatIsIdle) {
  script::event closed;
  script::server server([&](script::peer& here) {
    if (here.request()) here.answer("x");
    here.wait_for_end();
    closed.set();
  });
  EXPECT_EQ(body_of(send(post(server.address()))), "x");
  drop_client();
  EXPECT_TRUE(closed.wait());
}

}  // namespace
}  // namespace connector::http
