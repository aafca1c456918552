// The memory that large answers share: who waits for it, and who has to give it up.
#include <gmock/gmock.h>

#include <tuple>

#include "connector/base/memory_budget.h"
#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

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

TEST_F(HttpTest, AnAnnouncedBodyTakesNoMemoryYet) {
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
