// Who gets which connection, how many are opened, and what waiting requests see.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/unit/connector/http/pool_fixture.h"

namespace connector::http {
namespace {

TEST_F(HttpPoolTest, ASlowServerGetsAsManyConnectionsAsRequests) {
  constexpr int count = 100;
  meeting_point all_here(count);
  script::server server([&](script::peer& here) {
    while (auto got = here.request()) {
      all_here.pass();
      here.answer("x");
    }
  });
  // The server answers no request before all have arrived: this ends only with `count` connections.
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
  meeting_point both(2);
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

TEST_F(HttpPoolTest, WhenNoServerAnswersEachWaitingRequestFailsOnce) {
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
  // Sixteen attempts were under way, not 200.
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

TEST_F(HttpPoolTest, DestroyingTheClientClosesIdleConnections) {
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
