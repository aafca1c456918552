// Informational answers (1xx): the request goes on behind them, and they are no beginning of the
// answer, however they are cut.
#include <gmock/gmock.h>

#include "tests/unit/connector/http/quiet_fixture.h"

namespace connector::http {
namespace {

using std::chrono::milliseconds;

// More than the buffers of both systems hold, so that it is not out before the server reads it.
constexpr std::size_t large = 32UL * 1024 * 1024;

class HttpInformationalTest : public HttpQuietTest {
 protected:
  // Of a server that sends `pieces` when it has the first byte of a large request, and answers when
  // it has all of it.
  std::string answer_behind(const std::vector<std::string>& pieces) {
    script::server server(
        [&](script::peer& here) {
          if (!ready(here) || here.some_bytes(1).empty()) return;
          for (const auto& piece : pieces) {
            here.send(piece);
            here.settle();
          }
          if (here.request()) here.answer("late");
          if (here.request()) here.answer("again");
        },
        options());
    const destination to = reach(server);
    const auto got = send(post(to, std::string(large, 'x')));
    if (!got) return got.error().message;
    EXPECT_TRUE(got->request_complete);
    // The connection is as good as any other.
    EXPECT_EQ(body_of(send(post(to))), "again");
    EXPECT_EQ(server.connections(), 1U);
    return got->body;
  }
};

TEST_P(HttpInformationalTest, TheRequestGoesOnBehindOne) {
  EXPECT_EQ(answer_behind({"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"}), "late");
}

TEST_P(HttpInformationalTest, TheRequestGoesOnBehindSeveralInPieces) {
  EXPECT_EQ(answer_behind({"HTTP/1.1 100 Con", "tinue\r\n\r\n",
                           "HTTP/1.1 102 Processing\r\n\r\nHTTP", "/1.1 102 Processing\r\n\r\n"}),
            "late");
}

TEST_P(HttpInformationalTest, AnEarlyAnswerBehindOneIsTaken) {
  script::server server(
      [](script::peer& here) {
        if (!ready(here)) return;
        here.some_bytes(1);
        here.send("HTTP/1.1 100 Continue\r\n\r\n");
        here.settle();
        here.some_bytes(100);
        here.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
        here.settle();
        here.stay();
      },
      options());
  const auto got = send(post(reach(server), std::string(large, 'x')));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 413);
  EXPECT_FALSE(got->request_complete);
  EXPECT_EQ(http().count().open, 0U);
}

TEST_P(HttpInformationalTest, AServerThatGoesBehindOneLeftTheRequestIncomplete) {
  script::server server(
      [](script::peer& here) {
        if (!ready(here)) return;
        here.some_bytes(1);
        here.send("HTTP/1.1 100 Continue\r\n\r\n");
        here.settle();
        here.cut();
      },
      options());
  const auto got = send(post(reach(server), std::string(large, 'x')));
  ASSERT_FALSE(got);
  EXPECT_EQ(static_cast<int>(got.error().progress), static_cast<int>(request_progress::incomplete));
}

INSTANTIATE_TEST_SUITE_P(EveryWay, HttpInformationalTest,
                         testing::Values(way::plain, way::tls, way::tunnel), [](const auto& one) {
                           return one.param == way::plain ? "Plain"
                                  : one.param == way::tls ? "Tls"
                                                          : "Tunnel";
                         });

TEST_F(HttpTest, AnInformationalAnswerInTwoPiecesDoesNotBeginTheAnswer) {
  script::server server([](script::peer& here) {
    here.request();
    here.send("HTTP/1.1 102 Proc");
    here.settle();
    if (here.gone_within(milliseconds(20))) return;
    here.send("essing\r\n\r\n");
    here.settle();
    if (here.gone_within(milliseconds(400))) return;
    here.answer("late");
  });
  limits bounds = patient();
  bounds.silence = milliseconds(150);
  EXPECT_EQ(body_of(send(post(server.address()), bounds)), "late");
}

TEST_F(HttpTest, HalfAnInformationalAnswerThatFallsSilentIsEnded) {
  script::server server([](script::peer& here) {
    here.request();
    here.send("HTTP/1.1 102 Proc");
    here.wait_for_end();
  });
  limits bounds = patient();
  bounds.silence = milliseconds(50);
  const auto got = send(post(server.address()), bounds);
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, testing::HasSubstr("sent nothing for 50 ms"));
}

}  // namespace
}  // namespace connector::http
