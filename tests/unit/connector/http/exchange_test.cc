// Requests and answers over plain TCP: what goes out, and when a connection is used again.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "tests/unit/connector/http/client_socket.h"
#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

using testing::HasSubstr;

int option_of(int socket, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  return getsockopt(socket, level, name, &value, &size) == 0 ? value : -1;
}

void echo(script::peer& here) {
  while (auto got = here.request()) {
    here.answer(got->substr(got->find("\r\n\r\n") + 4));
  }
}

TEST_F(HttpTest, SendsTheRequestAsWrittenAndReturnsTheAnswer) {
  std::string seen;
  script::server server([&](script::peer& here) {
    seen = here.request().value_or("");
    here.answer("{\"a\":1}", "X-Amzn-RequestId: 7\r\n");
  });
  const auto got =
      send(post(server.address(), "[1.10]", "/2015-03-31/functions/f/invocations?Q=1"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "{\"a\":1}");
  EXPECT_EQ(find_header(got->fields, "x-amzn-requestid"), "7");
  EXPECT_EQ(seen, "POST /2015-03-31/functions/f/invocations?Q=1 HTTP/1.1\r\nHost: 127.0.0.1:" +
                      std::to_string(server.port()) +
                      "\r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\n[1.10]");
}

TEST_F(HttpTest, RequestsOneAfterTheOtherShareAConnection) {
  script::server server(echo);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(body_of(send(post(server.address(), std::to_string(i)))), std::to_string(i));
  }
  EXPECT_EQ(server.connections(), 1U);
  const counters seen = http().count();
  EXPECT_EQ(seen.requests, 5U);
  EXPECT_EQ(seen.connections_opened, 1U);
  EXPECT_EQ(seen.reused, 4U);
  EXPECT_EQ(seen.open, 1U);
}

TEST_F(HttpTest, AKeptConnectionThatTheServerClosedIsReplacedSilently) {
  script::event closed;
  script::server server([&](script::peer& here) {
    if (auto got = here.request()) here.answer(std::to_string(here.number));
    if (here.number == 0) {
      here.close();
      closed.set();
    }
    here.wait_for_end();
  });
  EXPECT_EQ(body_of(send(post(server.address()))), "0");
  ASSERT_TRUE(closed.wait());
  EXPECT_EQ(body_of(send(post(server.address()))), "1");
  EXPECT_EQ(http().count().found_dead, 1U);
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(HttpTest, AKeptConnectionWithStrayBytesIsNotUsed) {
  script::event sent;
  script::server server([&](script::peer& here) {
    if (auto got = here.request()) here.answer(std::to_string(here.number));
    if (here.number == 0) {
      // Only when the client has the answer, so that this comes on an idle connection.
      here.settle();
      here.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nWRONG");
      here.settle();
      sent.set();
    }
    here.wait_for_end();
  });
  EXPECT_EQ(body_of(send(post(server.address()))), "0");
  ASSERT_TRUE(sent.wait());
  EXPECT_EQ(body_of(send(post(server.address()))), "1");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(HttpTest, ConnectionCloseIsRespected) {
  script::server server([](script::peer& here) {
    while (here.request()) here.answer("x", "Connection: close\r\n");
  });
  EXPECT_EQ(body_of(send(post(server.address()))), "x");
  EXPECT_EQ(http().count().open, 0U);
  EXPECT_EQ(body_of(send(post(server.address()))), "x");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(HttpTest, AnswersOfHttp10EndTheConnection) {
  script::server server([](script::peer& here) {
    here.request();
    here.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
    here.close();
  });
  EXPECT_EQ(body_of(send(post(server.address()))), "until the end");
  EXPECT_EQ(body_of(send(post(server.address()))), "until the end");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(HttpTest, AServersShorterKeepAliveIsBelieved) {
  script::server server([](script::peer& here) {
    while (here.request()) here.answer("x", "Keep-Alive: timeout=0\r\n");
  });
  EXPECT_EQ(body_of(send(post(server.address()))), "x");
  EXPECT_EQ(http().count().open, 0U);
}

TEST_F(HttpTest, IdleConnectionsAreClosed) {
  settings_.idle_close = std::chrono::milliseconds(1);
  script::server server(echo);
  EXPECT_EQ(body_of(send(post(server.address(), "x"))), "x");
  EXPECT_TRUE(run_until([&] { return http().count().open == 0; }));
  EXPECT_EQ(http().count().found_dead, 0U);
}

TEST_F(HttpTest, LargeBodiesGoBothWays) {
  script::server server(echo);
  std::string body(6 * 1024 * 1024, 'x');
  for (std::size_t i = 0; i < body.size(); i += 97) body[i] = static_cast<char>('a' + i % 26);
  const auto got = send(post(server.address(), body));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->body == body);
  EXPECT_EQ(body_of(send(post(server.address(), "small"))), "small");
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpTest, InformationalAnswersAreSkipped) {
  script::server server([](script::peer& here) {
    while (here.request()) {
      here.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
      here.answer("real");
    }
  });
  const auto got = send(post(server.address()));
  EXPECT_EQ(body_of(got), "real");
  EXPECT_EQ(find_header(got->fields, "Link"), std::nullopt);
  EXPECT_EQ(body_of(send(post(server.address()))), "real");
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpTest, NoBodyIsExpectedAfterHeadAnd204) {
  script::server server([](script::peer& here) {
    while (auto got = here.request()) {
      if (got->starts_with("HEAD")) {
        here.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
      } else {
        here.send("HTTP/1.1 204 No Content\r\n\r\n");
      }
    }
  });
  request head = post(server.address(), "");
  head.method = "HEAD";
  EXPECT_EQ(body_of(send(head)), "");
  const auto got = send(post(server.address()));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 204);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpTest, BytesBehindAnAnswerEndTheConnection) {
  script::server server([](script::peer& here) {
    here.request();
    here.send("HTTP/1.1 204 No Content\r\n\r\nbody that must not be");
    here.wait_for_end();
  });
  const auto got = send(post(server.address()));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 204);
  EXPECT_EQ(http().count().open, 0U);
}

TEST_F(HttpTest, RedirectsAreAnswers) {
  script::server server([](script::peer& here) {
    here.request();
    here.send("HTTP/1.1 307 Temporary\r\nLocation: http://other/\r\nContent-Length: 0\r\n\r\n");
    here.wait_for_end();
  });
  const auto got = send(post(server.address()));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 307);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpTest, AnEarlyAnswerIsTakenBeforeTheWholeRequestIsOut) {
  script::server server([](script::peer& here) {
    here.some_bytes(100);
    here.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
    here.wait_for_end();
  });
  const auto got = send(post(server.address(), std::string(64 * 1024 * 1024, 'x')));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 413);
  EXPECT_FALSE(got->request_complete);
  EXPECT_EQ(got->body, "big");
  EXPECT_EQ(http().count().open, 0U);
}

TEST_F(HttpTest, ASilentConnectionShowsSignsOfLifeBeforeGatewaysForgetIt) {
  script::server server(echo);
  EXPECT_EQ(body_of(send(post(server.address(), "x"))), "x");
  const int socket = socket_to(server.port());
  ASSERT_NE(socket, -1);
  EXPECT_EQ(option_of(socket, SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_GT(option_of(socket, IPPROTO_TCP, TCP_KEEPIDLE), 0);
  EXPECT_LE(option_of(socket, IPPROTO_TCP, TCP_KEEPIDLE), 45);
  EXPECT_LE(option_of(socket, IPPROTO_TCP, TCP_KEEPINTVL), 45);
  EXPECT_GT(option_of(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
  EXPECT_LE(option_of(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 120'000);
  EXPECT_EQ(option_of(socket, IPPROTO_TCP, TCP_NODELAY), 1);
}

TEST_F(HttpTest, NothingIsAskedBeforeTheBodyGoesOut) {
  // A server that would wait for "Expect: 100-continue" to be settled is never made to.
  std::string seen;
  script::server server([&](script::peer& here) {
    seen = here.request().value_or("");
    here.send("HTTP/1.1 100 Continue\r\n\r\n");
    here.answer("late");
  });
  EXPECT_EQ(body_of(send(post(server.address(), std::string(100'000, 'x')))), "late");
  EXPECT_THAT(seen, testing::Not(HasSubstr("Expect")));
}

TEST_F(HttpTest, WhatIsNoRequestIsRefusedBeforeAnyConnection) {
  script::server server(echo);
  request smuggling = post(server.address());
  smuggling.fields.emplace_back("X-A", "1\r\nX-B: 2");
  const auto got = send(smuggling);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::invalid_request);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
  EXPECT_THAT(got.error().message, HasSubstr("X-A"));
  EXPECT_THAT(got.error().message, testing::Not(HasSubstr("X-B")));
  EXPECT_EQ(server.connections(), 0U);
}

}  // namespace
}  // namespace connector::http
