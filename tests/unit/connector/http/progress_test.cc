// What a failure says about the request: whether the server can have had any of it.
#include <gmock/gmock.h>

#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

using testing::HasSubstr;
using testing::Not;

void expect_failure(const result<response>& got, failure_kind kind, request_progress request,
                    const std::string& words) {
  ASSERT_FALSE(got) << got->status;
  const failure& why = got.error();
  EXPECT_EQ(static_cast<int>(why.kind), static_cast<int>(kind)) << why.message;
  EXPECT_EQ(static_cast<int>(why.progress), static_cast<int>(request)) << why.message;
  EXPECT_THAT(why.message, HasSubstr(words));
}

TEST_F(HttpTest, ARefusedConnectionSentNothing) {
  destination nobody;
  {
    script::server gone([](script::peer&) {});
    nobody = gone.address();
  }
  const auto got = send(post(nobody));
  expect_failure(got, failure_kind::connect, request_progress::nothing_sent, "127.0.0.1");
  EXPECT_THAT(got.error().message, HasSubstr("Connection refused"));
  EXPECT_THAT(got.error().message, HasSubstr("port " + std::to_string(nobody.port)));
  EXPECT_EQ(http().count().connections_failed, 1U);
}

TEST_F(HttpTest, AConnectionClosedAfterTheRequestSentTheRequest) {
  script::server server([](script::peer& here) {
    here.request();
    here.close();
  });
  const auto got = send(post(server.address()));
  expect_failure(got, failure_kind::read, request_progress::sent, "without an answer");
  EXPECT_THAT(got.error().message, HasSubstr("write https:// in the address"));
  EXPECT_EQ(http().count().open, 0U);
}

TEST_F(HttpTest, AnAlertOfTlsInPlaceOfAnAnswerIsToldAsThat) {
  script::server server([](script::peer& here) {
    here.request();
    here.send(std::string("\x15\x03\x01\x00\x02\x02\x46", 7));
    here.close();
  });
  const auto got = send(post(server.address()));
  ASSERT_TRUE(got.has_error());
  EXPECT_THAT(got.error().message, HasSubstr("if that port speaks TLS"));
}

TEST_F(HttpTest, AConnectionResetAfterTheRequestSentTheRequest) {
  script::server server([](script::peer& here) {
    here.request();
    here.reset();
  });
  expect_failure(send(post(server.address())), failure_kind::read, request_progress::sent,
                 "Connection reset");
}

TEST_F(HttpTest, AnAnswerThatIsCutOffFails) {
  for (const char* start : {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 2",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"}) {
    script::server server([&](script::peer& here) {
      here.request();
      here.send(start);
      here.close();
    });
    expect_failure(send(post(server.address())), failure_kind::read, request_progress::sent,
                   "in the middle of its answer");
  }
}

TEST_F(HttpTest, ARequestBrokenOffInTheMiddleWasNeverComplete) {
  script::server server([](script::peer& here) {
    here.some_bytes(1000);
    here.reset();
  });
  // More than both systems' buffers hold, so that not all of it can be on its way.
  expect_failure(send(post(server.address(), std::string(64 * 1024 * 1024, 'x'))),
                 failure_kind::write, request_progress::incomplete, "went out: Connection reset");
}

TEST_F(HttpTest, NonsenseAfterTheRequestIsMalformed) {
  script::server server([](script::peer& here) {
    here.request();
    here.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    here.wait_for_end();
  });
  expect_failure(send(post(server.address())), failure_kind::malformed, request_progress::sent,
                 "not HTTP/1.1");
}

TEST_F(HttpTest, AnswersOverTheLimitsAreTooLargeAndNotRead) {
  script::server server([](script::peer& here) {
    if (!here.request()) return;
    here.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
    // Ends when the client closes; a client that read on would keep this going to its limit.
    while (here.send(std::string(16 * 1024, 'x'))) {
    }
  });
  limits bounds = patient();
  bounds.body_bytes = 1024;
  expect_failure(send(post(server.address()), bounds), failure_kind::too_large,
                 request_progress::sent, "1024 bytes");
  EXPECT_EQ(http().count().open, 0U);
}

TEST_F(HttpTest, HeadersWithoutEndAreSaidToBe) {
  script::server server([](script::peer& here) {
    here.request();
    here.send("HTTP/1.1 200 OK\r\n");
    while (here.send("X-Header: and another one\r\n")) {
    }
  });
  expect_failure(send(post(server.address())), failure_kind::header_limit, request_progress::sent,
                 "headers");
}

TEST_F(HttpTest, ARequestIsNeverSentTwiceOnceItsBytesWentOut) {
  std::atomic<int> requests{0};
  script::server server([&](script::peer& here) {
    while (here.request()) {
      ++requests;
      if (here.number == 0 && requests == 1) {
        here.answer("first");
      } else {
        here.close();
        return;
      }
    }
  });
  EXPECT_EQ(body_of(send(post(server.address()))), "first");
  // A kept connection that dies on the request: the classic reason of blind repetition.
  const auto got = send(post(server.address()));
  expect_failure(got, failure_kind::read, request_progress::sent, "without an answer");
  // It answered once, so it speaks plain HTTP.
  EXPECT_THAT(got.error().message, Not(HasSubstr("TLS")));
  EXPECT_EQ(requests, 2);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpTest, AnAnswerAlreadyThereIsTakenFromAConnectionThatBreaks) {
  script::server server([](script::peer& here) {
    here.some_bytes(1000);
    here.send("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
    here.settle();
    here.cut();
  });
  const auto got = send(post(server.address(), std::string(64 * 1024 * 1024, 'x')));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 503);
}

}  // namespace
}  // namespace connector::http
