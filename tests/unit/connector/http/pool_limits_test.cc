// The bounds of the pool: idle connections, all connections, descriptors.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/unit/connector/http/pool_fixture.h"

namespace connector::http {
namespace {

TEST_F(HttpPoolTest, IdleConnectionsAreLimited) {
  settings_.idle_per_destination = 3;
  meeting_point all_here(10);
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

}  // namespace
}  // namespace connector::http
