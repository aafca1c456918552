// Calls of several functions under the operator's limits: who begins, who waits here, who is
// postponed, and what a change of the limits does to them. Time stands still until a test moves it.
#include "connector/lambda/call_limiter.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connector/base/cancellation.h"
#include "tests/unit/connector/base/held_clock.h"

namespace connector::lambda {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct caller {
  std::optional<call_limiter::admittance> let;
  call_limiter::permit permit;
  asio::cancellation_signal cancel;
  bool asked_to_wait = false;

  [[nodiscard]] bool runs() const { return let && let->how == call_limiter::admission::granted; }
  [[nodiscard]] bool waits() const { return !let; }
  [[nodiscard]] bool postponed() const {
    return let && let->how == call_limiter::admission::postponed;
  }
};
using caller_ptr = std::shared_ptr<caller>;

class CallLimiter : public testing::Test {
 protected:
  // What waits still would refer to a limiter that is gone.
  void TearDown() override {
    for (const auto& each : callers) each->cancel.emit(asio::cancellation_type::terminal);
    clock.run();
    EXPECT_EQ(limiter.waiting(), 0U);
    callers.clear();
  }

  static guarded_function named(const std::string& name, const std::string& account = "") {
    guarded_function made;
    made.name = name;
    made.partition = "aws";
    made.region = "us-east-1";
    made.account = account;
    return made;
  }

  void limit(const std::vector<std::pair<std::string, call_bounds>>& all) {
    call_limits made;
    for (const auto& [pattern, bounds] : all) {
      made.push_back(std::get<call_limit>(call_limit::make(pattern, bounds)));
    }
    limiter.replace(std::move(made));
    clock.run();
  }

  static asio::awaitable<void> enter(call_limiter& at, limited_target target, turn_hooks turn,
                                     caller_ptr who) {
    co_await quiet_cancellation();
    const auto let = co_await at.enter(std::move(target), turn, who->permit);
    who->let = let;
  }

  caller_ptr call(const limited_target& target, bool may_wait = true) {
    auto who = std::make_shared<caller>();
    if (may_wait) callers.push_back(who);
    turn_hooks turn;
    turn.may_wait = [who = who.get(), may_wait] {
      who->asked_to_wait = true;
      return may_wait;
    };
    asio::co_spawn(loop, enter(limiter, target, std::move(turn), who),
                   asio::bind_cancellation_slot(who->cancel.slot(),
                                                [](std::exception_ptr bug) { EXPECT_FALSE(bug); }));
    clock.run();
    return who;
  }

  static void end(caller& one) { one.permit = {}; }

  limit_figures figures(std::size_t at = 0) const { return limiter.figures().at(at); }

  asio::io_context loop{1};
  held_clock clock{loop};
  std::vector<caller_ptr> callers;  // that may wait
  call_limiter limiter{{4, [] { return 0.5; }}};
};

TEST_F(CallLimiter, WithoutALimitEveryCallBegins) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(call(named("orders"))->runs());
  EXPECT_EQ(limiter.size(), 0U);
}

TEST_F(CallLimiter, ACallOverTheLimitBeginsWhenAnotherEndsInTheOrderOfArrival) {
  limit({{"orders", {2, std::nullopt, false}}});
  const auto a = call(named("orders"));
  const auto b = call(named("orders", "111111111111"));
  const auto c = call(named("orders"));
  const auto d = call(named("orders", "111111111111"));
  EXPECT_TRUE(a->runs() && b->runs());
  EXPECT_FALSE(a->asked_to_wait);
  EXPECT_TRUE(c->waits() && d->waits());
  EXPECT_EQ(figures().under_way, 2U);
  EXPECT_EQ(figures().waiting, 2U);
  end(*b);
  clock.run();
  EXPECT_TRUE(c->runs());
  EXPECT_TRUE(d->waits());
  end(*a);
  clock.run();
  EXPECT_TRUE(d->runs());
  EXPECT_EQ(figures().let_through, 4U);
}

TEST_F(CallLimiter, EachFunctionOfAPatternHasTheLimitForItself) {
  limit({{"orders-*", {1, std::nullopt, false}}});
  const auto a = call(named("orders-a"));
  const auto b = call(named("orders-b"));
  const auto c = call(named("orders-b"));
  EXPECT_TRUE(a->runs() && b->runs());
  EXPECT_TRUE(c->waits());
}

TEST_F(CallLimiter, TheFirstLimitThatFitsCounts) {
  limit({{"orders-big", {2, std::nullopt, false}}, {"orders-*", {1, std::nullopt, false}}});
  const auto a = call(named("orders-big"));
  const auto b = call(named("orders-big"));
  EXPECT_TRUE(a->runs() && b->runs());
  EXPECT_EQ(figures(0).under_way, 2U);
  EXPECT_EQ(figures(1).under_way, 0U);
}

TEST_F(CallLimiter, CallsBeginAsTheRateSays) {
  limit({{"orders", {std::nullopt, 10.0, false}}});
  std::vector<caller_ptr> all;
  for (int i = 0; i < 3; ++i) all.push_back(call(named("orders")));
  EXPECT_TRUE(all[0]->runs());
  EXPECT_TRUE(all[1]->waits());
  clock.pass(100ms);
  EXPECT_TRUE(all[1]->runs());
  EXPECT_TRUE(all[2]->waits());
  clock.pass(100ms);
  EXPECT_TRUE(all[2]->runs());
}

TEST_F(CallLimiter, AWaitIsShortAndThenTheCallIsPostponed) {
  limit({{"orders", {1, std::nullopt, false}}});
  const auto a = call(named("orders"));
  const auto b = call(named("orders"));
  clock.pass(4900ms, 100ms);
  EXPECT_TRUE(b->waits());
  clock.pass(200ms, 100ms);
  ASSERT_TRUE(b->postponed());
  EXPECT_EQ(b->let->back, 1000ms);
  EXPECT_EQ(b->let->bounds, (call_bounds{1, std::nullopt, false}));
  EXPECT_EQ(figures().postponed, 1U);
  EXPECT_EQ(limiter.waiting(), 0U);
}

TEST_F(CallLimiter, ACallThatTheWorkerDoesNotLetWaitIsPostponed) {
  limit({{"orders", {1, std::nullopt, false}}});
  const auto a = call(named("orders"));
  const auto b = call(named("orders"), false);
  EXPECT_TRUE(b->asked_to_wait);
  EXPECT_TRUE(b->postponed());
}

TEST_F(CallLimiter, OneFunctionTakesHalfOfThePlacesThatAreFree) {
  limit({{"*", {1, std::nullopt, false}}});
  std::vector<caller_ptr> hot;
  for (int i = 0; i < 10; ++i) hot.push_back(call(named("hot")));
  EXPECT_EQ(limiter.waiting(), 2U);
  EXPECT_TRUE(hot.back()->postponed());
  EXPECT_FALSE(hot.back()->asked_to_wait);
  const auto other = call(named("other"));
  EXPECT_TRUE(other->runs());
  const auto next = call(named("other"));
  EXPECT_TRUE(next->waits());
}

TEST_F(CallLimiter, APausedFunctionHasItsCallsPostponedAtOnce) {
  limit({{"orders", {std::nullopt, std::nullopt, true}}});
  const auto a = call(named("orders"));
  ASSERT_TRUE(a->postponed());
  EXPECT_FALSE(a->asked_to_wait);
  EXPECT_EQ(a->let->back, 10'000ms);
  EXPECT_TRUE(call(named("billing"))->runs());
}

TEST_F(CallLimiter, ACancelledCallLeavesItsPlaceToTheNext) {
  limit({{"orders", {1, std::nullopt, false}}});
  const auto a = call(named("orders"));
  const auto b = call(named("orders"));
  const auto c = call(named("orders"));
  b->cancel.emit(asio::cancellation_type::terminal);
  clock.run();
  ASSERT_TRUE(b->let);
  EXPECT_EQ(b->let->how, call_limiter::admission::cancelled);
  end(*a);
  clock.run();
  EXPECT_TRUE(c->runs());
}

// --- changes while calls run and wait

TEST_F(CallLimiter, AHigherLimitLetsWaitingCallsBeginAtOnce) {
  limit({{"orders", {1, std::nullopt, false}}});
  const auto a = call(named("orders"));
  const auto b = call(named("orders"));
  const auto c = call(named("orders"));
  limit({{"orders", {2, std::nullopt, false}}});
  EXPECT_TRUE(b->runs());
  EXPECT_TRUE(c->waits());
}

TEST_F(CallLimiter, ALimitThatIsTakenAwayLetsAllBegin) {
  limit({{"orders", {1, std::nullopt, false}}});
  const auto a = call(named("orders"));
  const auto b = call(named("orders"));
  const auto c = call(named("orders"));
  limit({});
  EXPECT_TRUE(b->runs() && c->runs());
  EXPECT_EQ(limiter.size(), 0U);
}

TEST_F(CallLimiter, ANewLimitCountsTheCallsThatAreUnderWayAlready) {
  const auto a = call(named("orders"));
  const auto b = call(named("orders"));
  limit({{"orders", {2, std::nullopt, false}}});
  EXPECT_EQ(figures().under_way, 2U);
  const auto c = call(named("orders"));
  EXPECT_TRUE(c->waits());
  end(*a);
  clock.run();
  EXPECT_TRUE(c->runs());
}

TEST_F(CallLimiter, CallsMoveToTheLimitThatFitsThemNow) {
  limit({{"*", {1, std::nullopt, false}}});
  const auto a = call(named("orders"));
  const auto b = call(named("orders"));
  const auto c = call(named("orders"));
  limit({{"orders", {2, std::nullopt, false}}, {"*", {1, std::nullopt, false}}});
  EXPECT_TRUE(b->runs());
  EXPECT_TRUE(c->waits());
  EXPECT_EQ(figures(0).under_way, 2U);
  EXPECT_EQ(figures(0).waiting, 1U);
  EXPECT_EQ(figures(1).under_way, 0U);
  EXPECT_EQ(figures(1).waiting, 0U);
  end(*a);
  clock.run();
  EXPECT_TRUE(c->runs());
}

TEST_F(CallLimiter, APauseSendsTheWaitingCallsAwayAndItsEndLetsNewOnesBegin) {
  limit({{"orders", {1, std::nullopt, false}}});
  const auto a = call(named("orders"));
  const auto b = call(named("orders"));
  limit({{"orders", {1, std::nullopt, true}}});
  EXPECT_TRUE(b->postponed());
  EXPECT_TRUE(a->runs());
  end(*a);
  EXPECT_TRUE(call(named("orders"))->postponed());
  limit({{"orders", {1, std::nullopt, false}}});
  EXPECT_TRUE(call(named("orders"))->runs());
}

TEST_F(CallLimiter, NamesWithoutEndShareOneCount) {
  limit({{"*", {1, 0.001, false}}});
  std::vector<caller_ptr> all;
  for (int i = 0; i < 1000; ++i) {
    all.push_back(call(named("f" + std::to_string(i)), false));
    EXPECT_TRUE(all.back()->runs());
  }
  EXPECT_TRUE(call(named("g"), false)->runs());
  EXPECT_TRUE(call(named("h"), false)->postponed());
  EXPECT_EQ(limiter.size(), 1001U);
  all.clear();
  clock.skip(2000s);
  EXPECT_TRUE(call(named("i"), false)->runs());
  EXPECT_LE(limiter.size(), 3U);
}

}  // namespace
}  // namespace connector::lambda
