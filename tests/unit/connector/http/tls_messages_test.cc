// TLS's own messages after the handshake: session tickets, changes of keys, wishes for another
// handshake. A few are usual; a server that sends nothing else does not hold the loop.
#include <gmock/gmock.h>
#include <openssl/ssl.h>
#include <sys/ioctl.h>

#include "tests/unit/connector/http/client_socket.h"
#include "tests/unit/connector/http/tls_fixture.h"

namespace connector::http {
namespace {

using sandbox::certificate_kind;
using std::chrono::milliseconds;
using testing::HasSubstr;

class HttpTlsMessagesTest : public HttpTlsTest {
 protected:
  // The failure of a call to a server that sends one message after the other in place of an answer.
  failure of_flood(const std::function<bool(script::peer&)>& message, int newest = 0) {
    script::options how = with(certificate_kind::good);
    how.newest_version = newest;
    script::server server(
        [&](script::peer& here) {
          here.request();
          // OpenSSL takes a ticket to a client that is gone for sent.
          while (!here.gone_within(milliseconds(0)) && message(here)) {
          }
        },
        how);
    limits bounds = patient();
    bounds.first_byte = std::chrono::seconds(5);
    auto got = send(post(server.named("localhost")), bounds);
    EXPECT_FALSE(got);
    return got ? failure() : got.error();
  }

  // How often the loop looks up before there is an answer or a failure.
  std::size_t turns_until(const std::shared_ptr<std::optional<result<response>>>& got) {
    std::size_t turns = 0;
    EXPECT_TRUE(run_until([&] {
      ++turns;
      return got->has_value();
    }));
    return turns;
  }

  // How often the loop has something to do within `time`.
  std::size_t turns_within(milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    std::size_t turns = 0;
    while (std::chrono::steady_clock::now() < end) {
      turns += loop_.run_one_for(milliseconds(10));
    }
    return turns;
  }
};

// The client's system keeps little of what is written, and not much of what is not read.
void keep_little(std::uint16_t port) {
  const int least = 1;
  const int little = 64 * 1024;
  const int socket = socket_to(port);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
  ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
}

// Until the client, which has to answer each and whose answers are not read, takes no more.
void send_key_updates(script::peer& here) {
  for (int i = 0; i % 16 != 0 || here.send("x"); ++i) {
    if (!here.send_key_update()) return;
  }
}

void expect_too_many(const failure& why) {
  EXPECT_EQ(static_cast<int>(why.kind), static_cast<int>(failure_kind::read)) << why.message;
  EXPECT_EQ(static_cast<int>(why.progress), static_cast<int>(request_progress::sent));
  EXPECT_THAT(why.message, HasSubstr("messages of TLS"));
}

TEST_F(HttpTlsMessagesTest, TicketsWithoutEndAreNoAnswer) {
  expect_too_many(of_flood([](script::peer& here) { return here.send_ticket(); }));
}

TEST_F(HttpTlsMessagesTest, KeyUpdatesWithoutEndAreNoAnswer) {
  expect_too_many(of_flood([](script::peer& here) { return here.send_key_update(); }));
}

TEST_F(HttpTlsMessagesTest, WishesForAHandshakeWithoutEndAreNoAnswer) {
  expect_too_many(
      of_flood([](script::peer& here) { return here.send_hello_request(); }, TLS1_2_VERSION));
}

TEST_F(HttpTlsMessagesTest, ManyTicketsBeforeAnAnswerEndTheConnection) {
  script::server server(
      [](script::peer& here) {
        here.request();
        for (int i = 0; i < 1000; ++i) here.send_ticket();
        here.answer("late");
      },
      with(certificate_kind::good));
  const auto got = send(post(server.named("localhost")));
  ASSERT_FALSE(got) << got->body;
  expect_too_many(got.error());
}

// The handshake itself sends two.
TEST_F(HttpTlsMessagesTest, AConnectionThatGotTicketsIsUsedAgain) {
  script::server server(
      [](script::peer& here) {
        while (here.request()) {
          here.send_ticket();
          here.answer("x");
          here.send_ticket();
          here.send_key_update();
          here.settle();
        }
      },
      with(certificate_kind::good));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(http().count().reused, 49U);
}

// A waiter gets the connection at once, when the tickets behind the answer may be unread.
TEST_F(HttpTlsMessagesTest, AWaiterGetsAConnectionWithTicketsBehindTheAnswer) {
  settings_.connections_per_destination = 1;
  script::server server(
      [](script::peer& here) {
        while (here.request()) {
          here.answer("x");
          for (int i = 0; i < 10; ++i) here.send_ticket();
        }
      },
      with(certificate_kind::good));
  std::vector<std::shared_ptr<std::optional<result<response>>>> all;
  for (int i = 0; i < 20; ++i) all.push_back(start(post(server.named("localhost"))));
  for (const auto& one : all) {
    ASSERT_TRUE(run_until([&] { return one->has_value(); }));
    EXPECT_EQ(body_of(**one), "x");
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpTlsMessagesTest, AnAnswerInTinyRecordsLetsOthersHaveTheirTurn) {
  const std::string body(60'000, 'x');
  script::server server(
      [&](script::peer& here) {
        here.request();
        here.send("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
        here.send_byte_by_byte(body);
        here.wait_for_end();
      },
      with(certificate_kind::good));
  const auto got = start(post(server.named("localhost")));
  const auto turns = turns_until(got);
  ASSERT_TRUE(got->has_value());
  EXPECT_TRUE(body_of(**got) == body);
  EXPECT_GT(turns, 200U);
}

// One message of TLS in records of one byte, all of them here: OpenSSL would read them in one call.
TEST_F(HttpTlsMessagesTest, AMessageInTinyRecordsLetsOthersHaveTheirTurn) {
  std::string hello("\x02\x00\x9c\x40", 4);  // ServerHello of 40,000 bytes
  hello.resize(40'000);
  std::string records;
  for (const char byte : hello) records += std::string("\x16\x03\x03\x00\x01", 5) + byte;
  script::event asked;
  script::event go;
  script::event sent;
  script::event over;
  script::server server([&](script::peer& here) {
    here.some_bytes(1);
    asked.set();
    go.wait();
    here.send_raw(records);
    here.settle();
    sent.set();
    over.wait();
  });
  auto to = server.named("localhost");
  to.tls = true;
  const auto got = start(post(to));
  ASSERT_TRUE(run_until([&] { return asked.is_set(); }));
  const int socket = socket_to(server.port());
  const int room = 1 << 20;
  ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  const auto unread = [&] {
    int bytes = 0;
    return ::ioctl(socket, FIONREAD, &bytes) == 0 ? bytes : 0;
  };
  go.set();
  EXPECT_TRUE(sent.wait());
  ASSERT_GE(unread(), 200'000);
  while (unread() >= 200'000 && loop_.run_one_for(std::chrono::seconds(1)) > 0) continue;
  EXPECT_GT(unread(), 20'000);
  over.set();
  ASSERT_TRUE(run_until([&] { return got->has_value(); }));
  EXPECT_FALSE(**got);
}

// As fast as it is read: no wait is due before the time is over.
TEST_F(HttpTlsMessagesTest, AnAnswerInTinyRecordsWithoutEndIsEndedByTheLimit) {
  const std::string piece(100, 'x');
  script::server server(
      [&](script::peer& here) {
        here.request();
        here.send("HTTP/1.1 200 OK\r\nContent-Length: 6000000\r\n\r\n");
        while (!here.gone_within(milliseconds(0)) && here.send_key_update()) {
          here.send_byte_by_byte(piece);
        }
      },
      with(certificate_kind::good));
  limits bounds = patient();
  bounds.end = boot_clock::now() + std::chrono::seconds(2);
  const auto got = send(post(server.named("localhost")), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(static_cast<int>(got.error().kind), static_cast<int>(failure_kind::timeout));
  EXPECT_THAT(got.error().message, HasSubstr("the time for the whole call was over"));
}

TEST_F(HttpTlsMessagesTest, AProxysAnswerInTinyRecordsLetsOthersHaveTheirTurn) {
  script::server by(
      [&](script::peer& here) {
        here.request();
        here.send("HTTP/1.1 200 Yes\r\nX: ");
        here.send_byte_by_byte(std::string(16'000, 'x'));
        here.wait_for_end();
      },
      with(certificate_kind::good));
  go_through(by.port(), over_tls);
  limits bounds = patient();
  bounds.handshake = std::chrono::seconds(3);
  const auto got = start(post({true, "lambda.example", 443}), bounds);
  const auto turns = turns_until(got);
  ASSERT_TRUE(got->has_value());
  EXPECT_FALSE(**got);
  EXPECT_GT(turns, 2'000U);
}

TEST_F(HttpTlsMessagesTest, AnAnswerThatWaitsForOurKeyUpdateDoesNotKeepTheLoopBusy) {
  script::options how = with(certificate_kind::good);
  how.send_buffer = 32 * 1024;
  script::event blocked;
  script::event over;
  script::server server(
      [&](script::peer& here) {
        here.request();
        here.wait_to_send(std::chrono::seconds(1));
        here.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        send_key_updates(here);
        blocked.set();
        over.wait();
      },
      how);
  const auto got = start(post(server.named("localhost")));
  ASSERT_TRUE(run_until([&] { return server.connections() == 1 && http().count().open == 1; }));
  keep_little(server.port());
  ASSERT_TRUE(run_until([&] { return blocked.is_set(); }));
  EXPECT_LT(turns_within(milliseconds(200)), 50U);
  over.set();
  ASSERT_TRUE(run_until([&] { return got->has_value(); }));
}

TEST_F(HttpTlsMessagesTest, AProxyThatWaitsForOurKeyUpdateIsEndedByTheLimit) {
  script::options how = with(certificate_kind::good);
  how.send_buffer = 32 * 1024;
  script::event over;
  script::server by(
      [&](script::peer& here) {
        here.request();
        here.wait_to_send(std::chrono::seconds(1));
        here.send("HTTP/1.1 200 Yes\r\nX: ");
        send_key_updates(here);
        over.wait();
      },
      how);
  go_through(by.port(), over_tls);
  limits bounds = patient();
  bounds.handshake = std::chrono::seconds(3);
  const auto got = start(post({true, "lambda.example", 443}), bounds);
  ASSERT_TRUE(run_until([&] { return by.connections() == 1; }));
  keep_little(by.port());
  ASSERT_TRUE(run_until([&] { return got->has_value(); }));
  over.set();
  ASSERT_FALSE(**got);
  EXPECT_THAT((*got)->error().message, HasSubstr("no answer in time"));
}

}  // namespace
}  // namespace connector::http
