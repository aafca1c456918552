// Every step has its time limit, and the failure says which it was and with whom.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tuple>

#include "connector/http/response_pace.h"
#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

// A server whose queue of connections is full: the system answers no further SYN.
class full_queue {
 public:
  full_queue() : server_([](script::peer&) {}, options()) {
    // The queue of length 0 takes one or two; these are never accepted.
    for (int& socket : fillers_) {
      socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      sockaddr_in where{};
      where.sin_family = AF_INET;
      where.sin_port = htons(server_.port());
      where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      // In progress for ever, or taken: both fill the queue.
      std::ignore = ::connect(socket, reinterpret_cast<sockaddr*>(&where), sizeof where);
    }
  }
  ~full_queue() {
    for (int socket : fillers_) ::close(socket);
  }
  [[nodiscard]] destination address() const { return server_.address(); }

 private:
  static script::options options() {
    script::options how;
    how.accept = false;
    how.backlog = 0;
    return how;
  }
  script::server server_;
  int fillers_[8] = {};
};

TEST_F(HttpTest, ConnectingHasALimit) {
  const full_queue server;
  limits bounds = patient();
  bounds.connect = milliseconds(50);
  const auto got = send(post(server.address()), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::connect);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
  EXPECT_THAT(got.error().message, HasSubstr("127.0.0.1: no connection within 50 ms"));
}

TEST_F(HttpTest, TheTlsHandshakeHasALimit) {
  script::server server([](script::peer& here) { here.wait_for_end(); });
  destination to = server.address();
  to.tls = true;
  limits bounds = patient();
  bounds.handshake = milliseconds(50);
  const auto got = send(post(to), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
  EXPECT_THAT(got.error().message, HasSubstr("TLS handshake with 127.0.0.1"));
  EXPECT_THAT(got.error().message, HasSubstr("50 ms"));
}

TEST_F(HttpTest, TheFirstByteHasALimit) {
  script::server server([](script::peer& here) {
    here.request();
    here.wait_for_end();
  });
  limits bounds = patient();
  bounds.first_byte = milliseconds(50);
  const auto got = send(post(server.address()), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::sent);
  EXPECT_THAT(got.error().message, HasSubstr("first byte"));
  EXPECT_THAT(got.error().message, HasSubstr("127.0.0.1"));
  EXPECT_EQ(http().count().open, 0U);
}

TEST_F(HttpTest, AnAnswerThatDripsIsEndedByTheWholeLimit) {
  script::server server([](script::peer& here) {
    here.request();
    here.answer("connected");
    here.request();
    here.send("HTTP/1.1 200 OK\r\nX: ");
    while (here.send("a")) {
      here.settle();
      if (here.gone_within(milliseconds(10))) return;
    }
  });
  // On a connection that is there already, so that the short limit is spent on the answer.
  EXPECT_EQ(body_of(send(post(server.address()))), "connected");
  limits bounds = patient();
  bounds.end = boot_clock::now() + milliseconds(100);
  const auto got = send(post(server.address()), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::sent);
  EXPECT_THAT(got.error().message, HasSubstr("the whole call"));
}

TEST_F(HttpTest, AnAnswerThatFallsSilentIsEnded) {
  // After an informational answer it has not begun yet; it does in the middle of a header.
  script::server server([](script::peer& here) {
    while (here.request()) {
      here.send("HTTP/1.1 100 Continue\r\n\r\n");
      here.settle();
      if (here.gone_within(milliseconds(300))) return;
      here.send("HTTP/1.1 200 OK\r\nContent-");
      here.wait_for_end();
    }
  });
  limits bounds = patient();
  bounds.silence = milliseconds(50);
  const auto got = send(post(server.address()), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::sent);
  EXPECT_THAT(got.error().message, HasSubstr("sent nothing for 50 ms"));
}

TEST_F(HttpTest, AFailureHasTheStatusThatArrivedBeforeIt) {
  const std::string_view ends[] = {
      "Content-Length: 9000000\r\n\r\n",  // over the limit
      "Content-Length: 5\r\n\r\nhel",     // cut off
  };
  script::server server([&ends](script::peer& here) {
    here.request();
    here.send("HTTP/1.1 429 Too Many Requests\r\nX-Why: load\r\n" + std::string(ends[here.number]));
    here.cut();
  });
  for (const auto& end : ends) {
    const auto got = send(post(server.address()), patient());
    ASSERT_FALSE(got) << end;
    ASSERT_NE(got.error().head, nullptr) << got.error().message;
    EXPECT_EQ(got.error().head->status, 429);
    EXPECT_EQ(find_header(got.error().head->fields, "x-why"), "load");
    EXPECT_TRUE(got.error().head->request_complete);
  }
}

TEST_F(HttpTest, AnAnswerThatDripsIsEndedByTheLeastRate) {
  script::server server([](script::peer& here) {
    here.request();
    here.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (here.send("a")) {
      here.settle();
      if (here.gone_within(milliseconds(1))) return;
    }
  });
  limits bounds = patient();
  bounds.silence = milliseconds(200);
  bounds.least_rate = 1'000'000;
  const auto got = send(post(server.address()), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::sent);
  EXPECT_THAT(got.error().message, HasSubstr("fewer than 1000000 bytes a second"));
}

TEST(ResponsePace, SilenceCountsFromTheLastByteAndTheRateFromTheFirst) {
  const boot_clock::time_point start{std::chrono::hours(1)};
  const auto at = [&](double seconds) {
    return start + milliseconds(static_cast<long>(seconds * 1000));
  };
  response_pace pace(std::chrono::seconds(60), 100);
  EXPECT_FALSE(pace.begun());
  EXPECT_EQ(pace.arrived(1000, at(0)), at(60));
  EXPECT_EQ(pace.arrived(1000, at(50)), at(80));  // 2000 bytes earn 20 s
  EXPECT_THAT(pace.error(), HasSubstr("100 bytes a second"));
  EXPECT_EQ(pace.arrived(1'000'000, at(70)), at(130));
  EXPECT_THAT(pace.error(), HasSubstr("60000 ms"));
  EXPECT_EQ(pace.held_up(std::chrono::seconds(10)), at(140));
  response_pace any(std::chrono::seconds(60), 0);
  EXPECT_EQ(any.arrived(1, at(0)), at(60));
  EXPECT_EQ(any.arrived(1, at(1000)), at(1060));
}

TEST_F(HttpTest, WaitingForAConnectionIsEndedByTheWholeLimit) {
  settings_.connections_per_destination = 1;
  script::server server([](script::peer& here) {
    here.request();
    here.wait_for_end();
  });
  const auto first = start(post(server.address()));
  ASSERT_TRUE(run_until([&] { return http().count().open == 1; }));
  limits bounds = patient();
  bounds.end = boot_clock::now() + milliseconds(50);
  const auto got = send(post(server.address()), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
  server.close_all();
  EXPECT_TRUE(run_until([&] { return first->has_value(); }));
}

TEST_F(HttpTest, WaitingThatEndsSaysWhatWasTriedBefore) {
  script::options how;
  how.tls = true;
  how.handshake = false;
  const auto certificate = sandbox::certificate_authority().issue();
  how.chain = certificate.chain;
  how.key = certificate.key;
  script::server server([](script::peer& here) { here.stay(); }, how);
  limits bounds = patient();
  bounds.handshake = std::chrono::milliseconds(300);
  const destination to{true, "localhost", server.port()};
  const auto first = send(post(to), bounds);
  ASSERT_FALSE(first);
  EXPECT_THAT(first.error().message, HasSubstr("handshake"));
  bounds.handshake = std::chrono::seconds(20);
  bounds.end = boot_clock::now() + std::chrono::milliseconds(300);
  const auto second = send(post(to), bounds);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, failure_kind::timeout);
  EXPECT_THAT(second.error().message, HasSubstr("(before that: the TLS handshake"));
}

TEST_F(HttpTest, AnEndThatIsOverAlreadySendsNothing) {
  script::server server([](script::peer& here) {
    while (here.request()) here.answer("x");
  });
  limits bounds = patient();
  bounds.end = boot_clock::now() - milliseconds(1);
  const auto got = send(post(server.address()), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
}

TEST_F(HttpTest, WritingIsEndedByTheWholeLimit) {
  script::event over;
  script::server server([&](script::peer& here) {
    here.request();
    here.answer("connected");
    over.wait();
  });
  EXPECT_EQ(body_of(send(post(server.address()))), "connected");
  request large = post(server.address(), std::string(64 * 1024 * 1024, 'x'));
  limits bounds = patient();
  bounds.end = boot_clock::now() + milliseconds(50);
  const auto got = send(std::move(large), bounds);
  over.set();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::incomplete);
  EXPECT_THAT(got.error().message, HasSubstr("went out"));
}

}  // namespace
}  // namespace connector::http
