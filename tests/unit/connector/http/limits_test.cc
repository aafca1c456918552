// Every step has its time limit, and the failure says which it was and with whom.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tuple>

#include "connector/http/deadlines.h"
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
  request what = post(server.address(), std::string(64 * 1024 * 1024, 'x'));
  limits bounds = patient();
  bounds.end = boot_clock::now() + milliseconds(50);
  const auto got = send(std::move(what), bounds);
  over.set();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::incomplete);
  EXPECT_THAT(got.error().message, HasSubstr("went out"));
}

struct noted final : timed {
  explicit noted(std::vector<int>& where, int which) : places(where), number(which) {}
  ~noted() override = default;
  void time_over() override { places.push_back(number); }
  std::vector<int>& places;
  int number;
};

TEST(Deadlines, AreSeenInTheirOrderAndOnlyWhileArmed) {
  boost::asio::io_context loop;
  const auto all = std::make_shared<deadlines>(loop.get_executor());
  std::vector<int> seen;
  noted first(seen, 1);
  noted second(seen, 2);
  noted moved(seen, 3);
  noted disarmed(seen, 4);
  const auto now = boot_clock::now();
  all->arm(disarmed, now + milliseconds(1));
  all->arm(moved, now + milliseconds(2));
  all->arm(second, now + milliseconds(20));
  all->arm(first, now + milliseconds(10));
  all->arm(moved, now + milliseconds(30));
  disarmed.disarm();
  loop.run_for(std::chrono::seconds(20));
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 3}));
}

TEST(Deadlines, WhatIsDestroyedIsDisarmed) {
  boost::asio::io_context loop;
  const auto all = std::make_shared<deadlines>(loop.get_executor());
  std::vector<int> seen;
  noted stays(seen, 1);
  {
    noted goes(seen, 2);
    all->arm(goes, boot_clock::now());
  }
  all->arm(stays, boot_clock::now() + milliseconds(1));
  loop.run_for(std::chrono::seconds(20));
  EXPECT_EQ(seen, std::vector<int>{1});
}

TEST_F(HttpTest, ALargeAnswerWaitsUntilThereIsRoomForIt) {
  script::server server([](script::peer& here) {
    for (int i = 0; i < 2; ++i) {
      here.request();
      here.answer(std::string(80'000, 'x'));
    }
    here.wait_for_end();
  });
  const auto room = std::make_shared<memory_budget>(100'000);
  settings_.response_budget = room;
  const auto first = start(post(server.address()));
  ASSERT_TRUE(run_until([&] { return first->has_value(); }));
  EXPECT_EQ(room->held(), 80'000U);
  const auto second = start(post(server.address()));
  ASSERT_TRUE(run_until([&] { return room->waiting() == 1; }));
  EXPECT_FALSE(second->has_value());
  first->reset();
  ASSERT_TRUE(run_until([&] { return second->has_value(); }));
  EXPECT_EQ(body_of(**second).size(), 80'000U);
}

TEST_F(HttpTest, AnAnswerThatGetsNoRoomInTimeFailsAsSent) {
  script::server server([](script::peer& here) {
    here.request();
    here.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12000\r\n" +
              std::string(0x12000, 'x'));
    here.wait_for_end();
  });
  settings_.response_budget = std::make_shared<memory_budget>(1);
  const auto holder = start(post(server.address()));
  ASSERT_TRUE(run_until([&] { return settings_.response_budget->held() > 0; }));
  limits bounds = patient();
  bounds.end = boot_clock::now() + milliseconds(300);
  const auto got = send(post(server.address()), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  EXPECT_EQ(got.error().progress, request_progress::sent);
  EXPECT_THAT(got.error().message, HasSubstr("waited for memory"));
  server.close_all();
  EXPECT_TRUE(run_until([&] { return holder->has_value(); }));
}

// Sends so much of 8 MB, and no more.
std::string start_of_large(std::size_t bytes) {
  return "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n" + std::string(bytes, 'x');
}

TEST_F(HttpTest, WhatIsOnlyAnnouncedTakesNoRoom) {
  script::server silent([](script::peer& here) {
    here.request();
    here.send(start_of_large(1));
    here.wait_for_end();
  });
  script::server honest([](script::peer& here) {
    while (here.request()) here.answer(std::string(80'000, 'x'));
  });
  const auto room = std::make_shared<memory_budget>(100'000, std::chrono::hours(1));
  settings_.response_budget = room;
  const auto hog = start(post(silent.address()));
  ASSERT_TRUE(run_until([&] { return silent.connections() == 1; }));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(body_of(send(post(honest.address()))).size(), 80'000U);
  EXPECT_FALSE(hog->has_value());
  silent.close_all();
  EXPECT_TRUE(run_until([&] { return hog->has_value(); }));
  EXPECT_EQ(room->held(), 0U);
}

TEST_F(HttpTest, AnAnswerThatIsHeldUpByASilentOneGoesOn) {
  script::server silent([](script::peer& here) {
    here.request();
    here.send(start_of_large(90'000));
    here.wait_for_end();
  });
  script::server honest([](script::peer& here) {
    while (here.request()) here.answer(std::string(150'000, 'x'));
  });
  const auto room = std::make_shared<memory_budget>(100'000, std::chrono::hours(1));
  settings_.response_budget = room;
  const auto hog = start(post(silent.address()));
  ASSERT_TRUE(run_until([&] { return room->held() > 90'000; }));
  // It never fits, but what has arrived halfway does not wait for each other.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(body_of(send(post(honest.address()))).size(), 150'000U);
  EXPECT_FALSE(hog->has_value());
  silent.close_all();
  EXPECT_TRUE(run_until([&] { return hog->has_value(); }));
}

TEST_F(HttpTest, SilentAnswersAreEndedWhenOthersWantTheirMemory) {
  script::server silent([](script::peer& here) {
    here.request();
    here.send(start_of_large(90'000));
    here.wait_for_end();
  });
  script::server honest([](script::peer& here) {
    while (here.request()) here.answer(std::string(90'000, 'x'));
  });
  const auto room = std::make_shared<memory_budget>(100'000, milliseconds(50));
  settings_.response_budget = room;
  const auto one = start(post(silent.address()));
  const auto two = start(post(silent.address()));
  ASSERT_TRUE(run_until([&] { return room->held() > 180'000; }));
  EXPECT_EQ(body_of(send(post(honest.address()))).size(), 90'000U);
  // One of them or both: once the honest answer has its memory, no other wants any.
  ASSERT_TRUE(run_until([&] { return one->has_value() || two->has_value(); }));
  for (const auto& hog : {one, two}) {
    if (!hog->has_value()) continue;
    ASSERT_FALSE(**hog);
    EXPECT_EQ((*hog)->error().kind, failure_kind::timeout);
    EXPECT_EQ((*hog)->error().progress, request_progress::sent);
    EXPECT_THAT((*hog)->error().message, HasSubstr("while others waited for the memory"));
  }
  silent.close_all();
  ASSERT_TRUE(run_until([&] { return one->has_value() && two->has_value(); }));
  EXPECT_EQ(room->held(), 0U);
}

TEST_F(HttpTest, SmallAnswersNeedNoRoom) {
  script::server server([](script::peer& here) {
    here.request();
    here.answer(std::string(60'000, 'x'));
  });
  settings_.response_budget = std::make_shared<memory_budget>(1);
  EXPECT_EQ(body_of(send(post(server.address()))).size(), 60'000U);
  EXPECT_EQ(settings_.response_budget->held(), 0U);
}

}  // namespace
}  // namespace connector::http
