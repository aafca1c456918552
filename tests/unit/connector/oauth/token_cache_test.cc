// One request for all, renewal in time, an absent server, refusals. Time in the test's hand.
#include "connector/oauth/token_cache.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "connector/base/cancellation.h"
#include "connector/base/let_out.h"
#include "connector/base/wait.h"
#include "tests/unit/connector/base/held_clock.h"

namespace connector::oauth {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using kind = token_failure::kind;

class TokenCache : public testing::Test {
 protected:
  TokenCache() {
    how.random = [] { return 0.0; };
    how.fetch = [this](deadline) { return fetch(); };
  }
  ~TokenCache() override {
    if (tested) tested->stop();
    clock.run();
  }

  asio::awaitable<result<access_token>> fetch() {
    ++asked;
    boot_timer answer(loop);
    const bool over = co_await connector::wait_for(answer, takes);
    if (!over) co_return token_failure{kind::unavailable, "given up"};
    if (answers.empty()) co_return token_failure{kind::unavailable, "the server is away"};
    const auto life = answers.front();
    answers.pop_front();
    access_token out;
    out.value = secret_string("token-" + std::to_string(asked));
    out.since = boot_clock::now() - 1s;
    out.expires = out.since + life;
    co_return out;
  }

  token_cache& make() {
    tested = std::make_shared<token_cache>(loop.get_executor(), how);
    return *tested;
  }

  using answer = std::shared_ptr<std::string>;

  // The token, or "!" and the message; empty while it waits.
  answer get(boot_clock::duration within = 20s, asio::cancellation_signal* stop = nullptr) {
    auto place = std::make_shared<std::string>();
    auto work = [](std::shared_ptr<token_cache> from, deadline end,
                   answer into) -> asio::awaitable<void> {
      co_await quiet_cancellation();
      const auto got = co_await from->get(end);
      *into = got ? std::string(got->value.reveal()) : "!" + got.error().message;
    };
    auto run = work(tested, boot_clock::now() + within, place);
    if (stop == nullptr) {
      asio::co_spawn(loop, std::move(run), let_out);
    } else {
      asio::co_spawn(loop, std::move(run), asio::bind_cancellation_slot(stop->slot(), let_out));
    }
    clock.run();
    return place;
  }

  std::string get_now() {
    const auto place = get();
    clock.pass(2s, 100ms);
    return *place;
  }

  asio::io_context loop;
  held_clock clock{loop};
  token_cache_settings how;
  std::deque<boot_clock::duration> answers;  // the lives of the tokens that are given
  boot_clock::duration takes = 1s;           // an answer
  int asked = 0;
  std::shared_ptr<token_cache> tested;
};

TEST_F(TokenCache, AllWhoWaitShareOneRequest) {
  make();
  answers = {100s};
  std::vector<answer> all;
  for (int i = 0; i < 50; ++i) all.push_back(get());
  EXPECT_EQ(asked, 1);
  clock.pass(1s, 100ms);
  for (const auto& one : all) EXPECT_EQ(*one, "token-1");
  EXPECT_EQ(get_now(), "token-1");
  EXPECT_EQ(asked, 1);
}

TEST_F(TokenCache, IsRenewedInTimeWithoutACaller) {
  make().keep_fresh();
  answers = {100s, 100s, 100s};
  clock.pass(2s, 100ms);
  EXPECT_EQ(asked, 1);
  clock.pass(76s, 1s);
  EXPECT_EQ(asked, 1) << "at 78 s of 100";
  clock.pass(3s, 100ms);
  EXPECT_EQ(asked, 2) << "at 81 s of 100";
  EXPECT_EQ(*get(), "token-2");
  clock.pass(82s, 1s);
  EXPECT_EQ(asked, 3);
}

TEST_F(TokenCache, OldTokenIsUsedUntilItEndsWhileTheServerIsAway) {
  make().keep_fresh();
  answers = {100s};
  clock.pass(2s, 100ms);
  // 80 s: renewing it fails, again and again, with growing pauses.
  clock.pass(86s, 100ms);
  EXPECT_EQ(*get(), "token-1") << "at 88 s";
  EXPECT_GE(asked, 3);
  EXPECT_LE(asked, 6);
  clock.pass(4s, 100ms);
  EXPECT_EQ(get_now(), "!the server is away") << "at 92 s";
  // When it is back, the next attempt comes by itself, after half of 30 s at most.
  const auto before = asked;
  answers = {100s};
  clock.pass(35s, 100ms);
  EXPECT_EQ(asked, before + 1);
  EXPECT_EQ(*get(), "token-" + std::to_string(asked));
  EXPECT_EQ(tested->figures().fetched, 2U);
  EXPECT_EQ(tested->figures().failed, static_cast<std::uint64_t>(before - 1));
}

TEST_F(TokenCache, CallsDoNotWaitForAServerThatJustFailed) {
  make();
  EXPECT_EQ(get_now(), "!the server is away");
  const auto soon = get();
  // The pause of 0.5 s is over by now, so this call asks; during the pause of 1 s the next does
  // not.
  clock.pass(1s, 100ms);
  EXPECT_EQ(*soon, "!the server is away");
  EXPECT_EQ(*get(), "!the server is away");
  EXPECT_EQ(asked, 2);
}

TEST_F(TokenCache, RefusedTokenIsRenewedAtOnceButNotAtEachRefusal) {
  make();
  answers = {100s, 100s, 100s};
  ASSERT_EQ(get_now(), "token-1");
  EXPECT_TRUE(tested->refused(secret_string("token-1")));
  EXPECT_TRUE(tested->refused(secret_string("token-1"))) << "another call, the same refusal";
  EXPECT_EQ(get_now(), "token-2");
  EXPECT_TRUE(tested->refused(secret_string("token-1"))) << "it was renewed meanwhile";
  EXPECT_EQ(get_now(), "token-2");
  EXPECT_FALSE(tested->refused(secret_string("token-2"))) << "a fresh one: the fault is elsewhere";
  EXPECT_EQ(asked, 2);
  clock.pass(30s, 1s);
  EXPECT_TRUE(tested->refused(secret_string("token-2")));
  EXPECT_EQ(get_now(), "token-3");
}

TEST_F(TokenCache, RefusedTokenIsBetterThanNone) {
  make();
  answers = {100s};
  ASSERT_EQ(get_now(), "token-1");
  EXPECT_TRUE(tested->refused(secret_string("token-1")));
  EXPECT_EQ(get_now(), "token-1") << "the server is away";
  EXPECT_EQ(asked, 2);
}

TEST_F(TokenCache, RefusedTokenIsGivenSoonWhenTheServerIsSilent) {
  make();
  answers = {100s, 100s};
  ASSERT_EQ(get_now(), "token-1");
  takes = 20s;
  EXPECT_TRUE(tested->refused(secret_string("token-1")));
  const auto patient = get(10s);
  const auto in_a_hurry = get(1s);
  clock.pass(500ms, 100ms);
  EXPECT_EQ(*in_a_hurry, "token-1") << "it needs time for its call";
  clock.pass(1600ms, 100ms);
  EXPECT_EQ(*patient, "token-1");
  clock.pass(20s, 100ms);
  EXPECT_EQ(get_now(), "token-2");
}

TEST_F(TokenCache, CallerGivesUpAndTheRequestGoesOn) {
  make();
  answers = {100s};
  asio::cancellation_signal stop;
  const auto cancelled = get(20s, &stop);
  const auto in_a_hurry = get(300ms);
  const auto patient = get();
  stop.emit(asio::cancellation_type::terminal);
  clock.run();
  EXPECT_EQ(*cancelled, "!the token server gave no token in time");
  clock.pass(400ms, 100ms);
  EXPECT_EQ(*in_a_hurry, "!the token server gave no token in time");
  EXPECT_EQ(*patient, "");
  clock.pass(700ms, 100ms);
  EXPECT_EQ(*patient, "token-1");
}

TEST_F(TokenCache, StopEndsARequestUnderWay) {
  make();
  const auto waiting = get();
  tested->stop();
  clock.run();
  EXPECT_EQ(*waiting, "!there is no token: the worker stops");
  EXPECT_EQ(*get(), "!there is no token: the worker stops");
  EXPECT_EQ(asked, 1);
}

TEST_F(TokenCache, TakesOverWhatAnotherProcessStored) {
  // given
  std::optional<access_token> there;
  std::vector<std::string> saved;
  how.store.load = [&] { return there; };
  how.store.save = [&](const access_token& one) { saved.emplace_back(one.value.reveal()); };
  const auto store = [&](const char* value, boot_clock::duration life) {
    there = access_token{secret_string(value), boot_clock::now(), boot_clock::now() + life};
  };
  make();

  // then: a good one is used, and the server is not asked
  store("of-another", 100s);
  EXPECT_EQ(get_now(), "of-another");
  EXPECT_EQ(asked, 0);
  EXPECT_TRUE(saved.empty());
  // one that was refused, or is about to end, is not
  answers = {100s, 100s};
  EXPECT_TRUE(tested->refused(secret_string("of-another")));
  EXPECT_EQ(get_now(), "token-1");
  EXPECT_EQ(saved, std::vector<std::string>{"token-1"});
  store("about-to-end", 29s);
  clock.pass(80s, 1s);
  EXPECT_EQ(get_now(), "token-1") << "it is good, and renewed meanwhile";
  EXPECT_EQ(get_now(), "token-2");
  EXPECT_EQ(tested->figures().taken_over, 1U);
}

TEST_F(TokenCache, StoredTokenIsNotTakenOverWhenItIsNoBetter) {
  // given
  std::optional<access_token> there;
  how.store.load = [&] { return there; };
  const auto store = [&](const char* value, boot_clock::duration life) {
    there = access_token{secret_string(value), boot_clock::now(), boot_clock::now() + life};
  };
  make();
  answers = {1000s, 1000s, 1000s};
  ASSERT_EQ(get_now(), "token-1");

  // when: renewing is due at 800 s, and the other token ends before ours
  clock.pass(803s, 1s);
  store("ends-sooner", 100s);
  EXPECT_EQ(get_now(), "token-1") << "used while it is renewed";

  // then
  EXPECT_EQ(get_now(), "token-2");
  // when: the token is refused, and another client stored one before the refusal
  store("refused-as-well", 5000s);
  EXPECT_TRUE(tested->refused(secret_string("token-2")));

  // then
  EXPECT_EQ(get_now(), "token-3");
  EXPECT_EQ(tested->figures().taken_over, 0U);
}

TEST_F(TokenCache, TokenIsMaskedAsLongAsItIsKept) {
  std::vector<std::string> masked;
  std::weak_ptr<const void> last;
  how.watch = [&](const secret_string& token) {
    masked.emplace_back(token.reveal());
    auto handle = std::make_shared<int>(0);
    last = handle;
    return handle;
  };
  make();
  answers = {100s, 100s};
  get_now();
  const auto first = last;
  EXPECT_FALSE(first.expired());
  tested->refused(secret_string("token-1"));
  get_now();
  EXPECT_TRUE(first.expired());
  EXPECT_EQ(masked, (std::vector<std::string>{"token-1", "token-2"}));
}

}  // namespace
}  // namespace connector::oauth
