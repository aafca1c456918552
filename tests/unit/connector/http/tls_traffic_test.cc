// Exchanges over TLS: resumed sessions, ends of answers, kept connections and handshakes.
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <future>

#include "tests/unit/connector/http/tls_fixture.h"

namespace connector::http {
namespace {

using sandbox::certificate_kind;
using testing::HasSubstr;

// Each call needs a handshake.
void answer_once(script::peer& here) {
  if (here.request()) here.answer("x", "Connection: close\r\n");
  here.wait_for_end();
}

TEST_F(HttpTlsTest, SessionsAreResumed) {
  for (const int newest : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    script::options how = with(certificate_kind::good);
    how.newest_version = newest;
    std::vector<bool> resumed;
    script::server server(
        [&](script::peer& here) {
          resumed.push_back(here.resumed());
          answer_once(here);
        },
        how);
    const std::uint64_t before = http().count().tls_resumed;
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
    EXPECT_THAT(resumed, testing::ElementsAre(false, true, true)) << newest;
    EXPECT_EQ(http().count().tls_resumed - before, 2U);
  }
}

TEST_F(HttpTlsTest, SessionIsNotResumedWithOtherCertificates) {
  const auto material = [this](const std::string& name) {
    sandbox::leaf_options how;
    how.common_name = name;
    const auto own = authority_.issue(how);
    auto made = std::make_shared<tls_material>();
    made->chain = read_certificates(own.chain, 1).certificates;
    made->key = read_private_key(own.key, {}).key;
    return made;
  };
  std::shared_ptr<const tls_material> now = material("first");
  settings_.material = [&now] { return now; };
  std::vector<bool> resumed;
  script::server server(
      [&](script::peer& here) {
        resumed.push_back(here.resumed());
        answer_once(here);
      },
      with(certificate_kind::good));
  EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
  EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
  now = material("second");
  EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
  EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
  EXPECT_THAT(resumed, testing::ElementsAre(false, true, false, true));
}

// The client remembers hundreds of destinations.
TEST_F(HttpTlsTest, AHugeSessionIsNotKept) {
  for (const int newest : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const std::size_t size : {8'000U, 40'000U}) {
      script::options how = with(certificate_kind::good);
      how.newest_version = newest;
      how.ticket = size;
      script::server server(answer_once, how);
      const std::uint64_t before = http().count().tls_resumed;
      EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
      EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
      EXPECT_EQ(http().count().tls_resumed - before, size < 32'768 ? 1U : 0U)
          << newest << ' ' << size;
    }
  }
}

TEST_F(HttpTlsTest, AServerThatForgotTheSessionGetsAFullHandshake) {
  const auto certificate = sandbox::make_certificate(authority_, certificate_kind::good);
  // The same port, served by another process with ticket keys of its own.
  auto first = std::make_unique<script::server>(answer_once, with(certificate));
  const destination to = first->named("localhost");
  EXPECT_EQ(body_of(send(post(to))), "x");
  first.reset();
  script::options how = with(certificate);
  how.port = to.port;
  script::server second(answer_once, how);
  EXPECT_EQ(body_of(send(post(to))), "x");
  EXPECT_EQ(body_of(send(post(to))), "x");
  EXPECT_EQ(http().count().tls_resumed, 1U);
}

TEST_F(HttpTlsTest, AnEndWithoutTlsGoodbyeIsNoEndOfAnAnswer) {
  script::server server(
      [](script::peer& here) {
        here.request();
        here.send("HTTP/1.1 200 OK\r\n\r\nperhaps not all");
        here.cut();
      },
      with(certificate_kind::good));
  const auto got = send(post(server.named("localhost")));
  ASSERT_FALSE(got) << got->body;
  EXPECT_EQ(got.error().kind, failure_kind::read);
  EXPECT_EQ(got.error().progress, request_progress::sent);
  EXPECT_THAT(got.error().message, HasSubstr("without ending TLS"));
}

TEST_F(HttpTlsTest, AnAnswerThatEndsWithTheGoodbyeIsComplete) {
  script::server server(
      [](script::peer& here) {
        here.request();
        here.send("HTTP/1.1 200 OK\r\n\r\nall");
        here.close();
      },
      with(certificate_kind::good));
  EXPECT_EQ(body_of(send(post(server.named("localhost")))), "all");
}

TEST_F(HttpTlsTest, LargeBodiesGoBothWays) {
  script::server server(echo, with(certificate_kind::good));
  const std::string body(6 * 1024 * 1024, 'x');
  const auto got = send(post(server.named("localhost"), body));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->body == body);
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "small"))), "small");
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpTlsTest, AKeptConnectionThatTheServerClosedIsReplacedSilently) {
  for (const bool orderly : {true, false}) {
    script::event closed;
    script::server server(
        [&](script::peer& here) {
          if (here.request()) here.answer(std::to_string(here.number));
          if (here.number == 0) {
            orderly ? here.close() : here.cut();
            closed.set();
          }
          here.wait_for_end();
        },
        with(certificate_kind::good));
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "0");
    ASSERT_TRUE(closed.wait());
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "1");
  }
  EXPECT_EQ(http().count().found_dead, 2U);
}

TEST_F(HttpTlsTest, AnEarlyAnswerIsTakenBeforeTheWholeRequestIsOut) {
  script::server server(
      [](script::peer& here) {
        here.some_bytes(100);
        here.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
        here.settle();
        here.stay();
      },
      with(certificate_kind::good));
  const auto got = send(post(server.named("localhost"), std::string(64 * 1024 * 1024, 'x')));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 413);
}

TEST_F(HttpTlsTest, ARequestTakesWhicheverConnectionComesFirst) {
  script::event first_asked;
  script::event second_connected;
  script::event over;
  script::options how = with(certificate_kind::good);
  how.handshake = false;
  script::server server(
      [&](script::peer& here) {
        if (here.number > 0) {  // never gets as far as TLS
          second_connected.set();
          over.wait();
          return;
        }
        here.shake_hands();
        here.request();
        first_asked.set();
        second_connected.wait();
        here.answer("first");
        if (here.request()) here.answer("second");
        here.wait_for_end();
      },
      how);
  const auto first = start(post(server.named("localhost")));
  ASSERT_TRUE(run_until([&] { return first_asked.is_set(); }));
  const auto second = start(post(server.named("localhost")));
  ASSERT_TRUE(run_until([&] { return first->has_value() && second->has_value(); }));
  EXPECT_EQ(body_of(**first), "first");
  EXPECT_EQ(body_of(**second), "second");
  EXPECT_EQ(http().count().connections_opened, 1U);
  over.set();
}

TEST_F(HttpTlsTest, NoMoreHandshakesRunAtATimeThanAllowed) {
  settings_.parallel_handshakes = 4;
  std::promise<void> go;
  const std::shared_future<void> going = go.get_future().share();
  script::options how = with(certificate_kind::good);
  how.handshake = false;
  script::server server(
      [going](script::peer& here) {
        going.wait_for(std::chrono::seconds(20));
        if (here.shake_hands()) echo(here);
      },
      how);
  std::vector<std::shared_ptr<std::optional<result<response>>>> all;
  for (int i = 0; i < 40; ++i) all.push_back(start(post(server.named("localhost"), "x")));
  ASSERT_TRUE(run_until([&] { return server.connections() >= 4; }));
  while (loop_.poll() > 0) {
  }
  EXPECT_EQ(server.connections(), 4U);
  go.set_value();
  ASSERT_TRUE(run_until([&] {
    return std::all_of(all.begin(), all.end(), [](const auto& one) { return one->has_value(); });
  }));
  for (const auto& one : all) EXPECT_EQ(body_of(**one), "x");
}

}  // namespace
}  // namespace connector::http
