// A connection is handed on only when nothing came in that was not asked for: a server that sends
// more than its answer gives no call the answer of another one.
#include <gmock/gmock.h>

#include <algorithm>
#include <mutex>

#include "tests/unit/connector/http/quiet_fixture.h"

namespace connector::http {
namespace {

using testing::HasSubstr;

TEST_P(HttpQuietTest, AWaiterGetsNoConnectionWithASurplusInTheSameSegment) {
  waiter_gets_its_own([](script::peer& here) { here.send_together(answer_of("first"), surplus); });
}

TEST_P(HttpQuietTest, AWaiterGetsNoConnectionWithASurplusThatIsStillUnread) {
  waiter_gets_its_own([](script::peer& here) { here.send_together(one_read("first"), surplus); });
}

TEST_P(HttpQuietTest, AWaiterGetsNoConnectionWithASurplusThatCameInPieces) {
  waiter_gets_its_own([](script::peer& here) {
    here.send_together(one_read("first"), surplus.substr(0, 5));
    here.send(surplus.substr(5));
  });
}

TEST_P(HttpQuietTest, AWaiterGetsNoConnectionThatTheServerClosed) {
  waiter_gets_its_own([](script::peer& here) {
    here.send(one_read("first"));
    here.close();
  });
}

// The announced body comes when the next request is out, and would pass for its answer.
TEST_P(HttpQuietTest, AWaiterGetsNoConnectionOfAnAnswerWithoutBodyThatAnnouncedOne) {
  script::event first_asked;
  script::event second_waits;
  script::server server(
      [&](script::peer& here) {
        if (!ready(here)) return;
        if (here.number == 0) {
          here.request();
          first_asked.set();
          second_waits.wait();
          here.send("HTTP/1.1 204 No Content\r\nContent-Length: " + std::to_string(surplus.size()) +
                    "\r\n\r\n");
          here.settle();
          if (here.request()) here.send(surplus);
          return;
        }
        while (auto got = here.request()) here.answer(body_in(*got));
      },
      options());
  const auto [first, second] = ask_twice(server, first_asked, second_waits);
  ASSERT_TRUE(wait_for({first, second}));
  EXPECT_EQ(body_of(**first), "");
  EXPECT_EQ(body_of(**second), "second");
}

TEST_P(HttpQuietTest, OfAServerThatAnswersAKeptConnectionWithStrayBytesNothingIsKept) {
  script::server server(
      [&](script::peer& here) {
        if (!ready(here)) return;
        here.request();
        here.answer(std::to_string(here.number));
        if (here.request()) here.send("{\"the rest\": \"of an earlier answer\"}");
        here.wait_for_end();
      },
      options());
  const destination to = reach(server);
  EXPECT_EQ(body_of(send(post(to))), "0");
  const auto got = send(post(to));
  ASSERT_FALSE(got) << got->body;
  EXPECT_EQ(static_cast<int>(got.error().kind), static_cast<int>(failure_kind::malformed));
  EXPECT_EQ(http().count().given_up, 1U);
  EXPECT_EQ(body_of(send(post(to))), "1");
  EXPECT_EQ(body_of(send(post(to))), "2");
}

TEST_P(HttpQuietTest, AConnectionIsLookedAtOnceMoreBeforeTheFirstByte) {
  script::event first_asked;
  script::event go;
  script::event sent;
  script::server server(
      [&](script::peer& here) {
        if (!ready(here)) return;
        if (here.number > 0) {
          while (auto got = here.request()) here.answer(body_in(*got));
          return;
        }
        here.request();
        first_asked.set();
        here.answer("first");
        go.wait();
        here.send(surplus);
        here.settle();
        sent.set();
        here.wait_for_end();
      },
      options());
  settings_.connections_per_destination = 1;
  const destination to = reach(server);
  const place first = start(post(to, "first"));
  const place second = start(post(to, "second"));
  // The first call is over, and the second, which got its connection, had no turn yet.
  ASSERT_TRUE(run_until([&] { return first->has_value(); }));
  go.set();
  ASSERT_TRUE(sent.wait());
  ASSERT_TRUE(wait_for({first, second}));
  EXPECT_EQ(body_of(**first), "first");
  EXPECT_EQ(body_of(**second), "second");
}

TEST_P(HttpQuietTest, NoAnswerIsBelievedBeforeTheRequestOfAKeptConnectionIsComplete) {
  std::vector<std::string> complete;
  std::mutex guard;
  script::server server(
      [&](script::peer& here) {
        if (!ready(here)) return;
        if (here.number == 0) {
          here.request();
          here.answer("first");
          here.some_bytes(100);
          here.send(surplus);
          here.settle();
          here.stay();
          return;
        }
        while (auto got = here.request()) {
          const std::lock_guard lock(guard);
          complete.push_back(body_in(*got));
          here.answer(std::to_string(complete.back().size()));
        }
      },
      options());
  const destination to = reach(server);
  EXPECT_EQ(body_of(send(post(to, "first"))), "first");
  // More than both systems' buffers hold, so that it cannot be complete.
  const std::size_t large = 32UL * 1024 * 1024;
  EXPECT_EQ(body_of(send(post(to, std::string(large, 'x')))), std::to_string(large));
  EXPECT_EQ(complete.size(), 1U);
  EXPECT_EQ(server.connections(), 2U);
}

TEST_P(HttpQuietTest, OfAServerThatSentASurplusNothingIsKept) {
  script::event both_here;
  script::event go;
  script::server server(
      [&](script::peer& here) {
        if (!ready(here)) return;
        while (auto got = here.request()) {
          if (body_in(*got) == "surplus") {
            here.send_together(answer_of("surplus"), surplus);
          } else {
            here.answer(body_in(*got));
          }
        }
      },
      options());
  const destination to = reach(server);
  request of_a_task = post(to, "task");
  of_a_task.identity = "task";
  EXPECT_EQ(body_of(send(of_a_task)), "task");
  EXPECT_EQ(body_of(send(post(to, "one"))), "one");
  EXPECT_EQ(http().count().open, 2U);
  EXPECT_EQ(body_of(send(post(to, "surplus"))), "surplus");
  EXPECT_EQ(http().count().open, 0U);
  EXPECT_EQ(http().count().given_up, 1U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(body_of(send(post(to, "again"))), "again");
  EXPECT_EQ(body_of(send(of_a_task)), "task");
  EXPECT_EQ(server.connections(), 6U);
  EXPECT_EQ(http().count().open, 0U);
  EXPECT_EQ(http().count().given_up, 1U);
}

TEST_P(HttpQuietTest, UnderLoadEachCallGetsItsOwnAnswer) {
  script::server server(
      [&](script::peer& here) {
        if (!ready(here)) return;
        while (auto got = here.request()) {
          const std::string body = body_in(*got);
          here.send_together(one_read(body + "|"), surplus);
        }
      },
      options());
  settings_.connections_per_destination = 6;
  const destination to = reach(server);
  std::vector<place> all;
  for (int i = 0; i < 120; ++i) all.push_back(start(post(to, "job " + std::to_string(i))));
  ASSERT_TRUE(wait_for(all));
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_THAT(body_of(**all[i]), testing::StartsWith("job " + std::to_string(i) + "|"));
  }
}

TEST_P(HttpQuietTest, AWaiterWhoWantsAFreshConnectionGetsOneWhenAllAreTaken) {
  // The kept connection is not believed for the second call, and there is no room beside it.
  script::server server(
      [&](script::peer& here) {
        if (!ready(here)) return;
        if (here.number == 0) {
          here.request();
          here.answer("first");
          here.some_bytes(100);
          here.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
          here.settle();
          here.stay();
          return;
        }
        here.some_bytes(100);
        here.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
        here.settle();
        here.stay();
      },
      options());
  settings_.connections_per_destination = 1;
  const destination to = reach(server);
  EXPECT_EQ(body_of(send(post(to, "first"))), "first");
  const auto got = send(post(to, std::string(32UL * 1024 * 1024, 'x')));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 413);
  EXPECT_EQ(got->body, "big");
  EXPECT_EQ(http().count().given_up, 0U);
}

INSTANTIATE_TEST_SUITE_P(EveryWay, HttpQuietTest,
                         testing::Values(way::plain, way::tls, way::tunnel), [](const auto& one) {
                           return one.param == way::plain ? "Plain"
                                  : one.param == way::tls ? "Tls"
                                                          : "Tunnel";
                         });

class HttpQuietTlsTest : public HttpQuietTest {};

TEST_P(HttpQuietTlsTest, HalfARecordBehindTheAnswerIsNotQuiet) {
  waiter_gets_its_own([](script::peer& here) {
    here.send(one_read("first"));
    here.send_raw(std::string("\x17\x03\x03\x00", 4));
  });
}

INSTANTIATE_TEST_SUITE_P(EveryWay, HttpQuietTlsTest, testing::Values(way::tls, way::tunnel),
                         [](const auto& one) { return one.param == way::tls ? "Tls" : "Tunnel"; });

class HttpTunnelTest : public HttpQuietTest {};

TEST_P(HttpTunnelTest, AProxyThatSendsMoreThanItsAnswerIsRefused) {
  script::server server([](script::peer& here) { here.open_tunnel(0, surplus); }, options());
  const auto got = send(post(reach(server), "x"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::proxy);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
  EXPECT_THAT(got.error().message, HasSubstr("more than its answer"));
}

INSTANTIATE_TEST_SUITE_P(EveryWay, HttpTunnelTest, testing::Values(way::tunnel));

// A destination without TLS behind a proxy: what comes before the request is seen by no handshake.
TEST_F(HttpTest, AnAnswerThatIsThereBeforeTheRequestIsRefused) {
  script::server by([](script::peer& here) {
    here.open_tunnel(1024, surplus);  // the client reads 1 KiB at a time
    here.settle();
    here.wait_for_end();
  });
  go_through(by.port());
  const auto got = send(post({false, "lambda.example", 80}));
  ASSERT_FALSE(got) << got->body;
  EXPECT_EQ(got.error().kind, failure_kind::malformed);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
  EXPECT_THAT(got.error().message, HasSubstr("before it was asked"));
}

}  // namespace
}  // namespace connector::http
