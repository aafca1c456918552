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

// A server that accepts and says nothing, spoken to over TLS.
class silent_server {
 public:
  [[nodiscard]] destination address() const {
    destination to = server_.address();
    to.tls = true;
    return to;
  }
  [[nodiscard]] std::size_t connections() const { return server_.connections(); }
  void close_all() { server_.close_all(); }

 private:
  script::server server_{[](script::peer& here) { here.stay(); }};
};

limits short_call() {
  limits bounds;
  bounds.handshake = std::chrono::seconds(20);
  bounds.end = boot_clock::now() + std::chrono::milliseconds(50);
  return bounds;
}

TEST_F(HttpPoolTest, AConnectionThatNobodyWaitsForMakesRoomForAnotherDestination) {
  settings_.connections = 3;
  silent_server silent;
  script::server other(echo);
  for (int i = 0; i < 3; ++i) {
    request one = post(silent.address());
    one.identity = std::to_string(i);
    EXPECT_FALSE(send(one, short_call()));
  }
  EXPECT_EQ(silent.connections(), 3U);
  limits bounds = patient();
  bounds.end = boot_clock::now() + std::chrono::seconds(5);
  EXPECT_EQ(body_of(send(post(other.address(), "other"), bounds)), "other");
  // A request waits for this one.
  const place waiting = start(post(silent.address()));
  ASSERT_TRUE(run_until([&] { return silent.connections() == 4; }));
  EXPECT_EQ(body_of(send(post(other.address(), "again"), bounds)), "again");
  EXPECT_FALSE(waiting->has_value());
  silent.close_all();
  EXPECT_TRUE(wait_for({waiting}));
}

TEST_F(HttpPoolTest, WhoComesForAConnectionThatWasBrokenOffGetsTheNext) {
  settings_.connections = 1;
  silent_server silent;
  script::server other(echo);
  request early = post(silent.address());
  EXPECT_FALSE(send(early, short_call()));
  // The first asks for the place of the connection that is being opened, the second for that
  // connection itself.
  const place first = start(post(other.address(), "first"));
  const place second = start(early);
  ASSERT_TRUE(wait_for({first}));
  EXPECT_EQ(body_of(**first), "first");
  ASSERT_TRUE(run_until([&] { return silent.connections() == 2; }));
  EXPECT_FALSE(second->has_value());
  silent.close_all();
  ASSERT_TRUE(wait_for({second}));
  EXPECT_THAT(body_of(**second), testing::HasSubstr("127.0.0.1 closed the connection"));
}

// What the pool knows of a destination is forgotten when nothing waits there; a request whose time
// was over then must not read it any more.
TEST_F(HttpPoolTest, ARequestWhoseTimeIsOverReadsNothingOfAForgottenDestination) {
  settings_.connections = 1;
  silent_server silent;
  const place holds_the_place = start(post(silent.address()));
  ASSERT_TRUE(run_until([&] { return silent.connections() == 1; }));
  std::vector<place> all;
  const auto one_more = [&] {
    request one = post(silent.address());
    one.identity = std::to_string(all.size());
    limits bounds = patient();
    bounds.end = boot_clock::now() + std::chrono::milliseconds(10);
    all.push_back(start(one, bounds));
  };
  // So many that a new one comes between the end of another one's time and its next turn.
  while (all.size() < 500 || !all[300]->has_value()) {
    one_more();
    loop_.poll_one();
  }
  ASSERT_TRUE(wait_for(all));
  for (const auto& one : all) {
    EXPECT_THAT(body_of(**one), testing::HasSubstr("no connection to 127.0.0.1 before the time"));
  }
  silent.close_all();
  EXPECT_TRUE(wait_for({holds_the_place}));
}

}  // namespace
}  // namespace connector::http
