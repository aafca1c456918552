// The caller gives up: the send comes back with `cancelled`, throws nothing, and says what is true.
#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

namespace asio = boost::asio;

class HttpCancelTest : public HttpTest {
 protected:
  // Starts a send that `stop` can cancel.
  std::shared_ptr<std::optional<result<response>>> start_stoppable(http::request request) {
    auto place = std::make_shared<std::optional<result<response>>>();
    auto sending = http().send(std::move(request), patient());
    asio::co_spawn(loop_, std::move(sending),
                   asio::bind_cancellation_slot(
                       stop_.slot(), [place](std::exception_ptr bug, result<response> got) {
                         if (bug != nullptr) std::rethrow_exception(bug);
                         *place = std::move(got);
                       }));
    return place;
  }

  failure stopped(const std::shared_ptr<std::optional<result<response>>>& place) {
    stop_.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(run_until([&] { return place->has_value(); }));
    if (!place->has_value() || (*place)->has_value()) return {};
    return (*place)->error();
  }

  asio::cancellation_signal stop_;
};

TEST_F(HttpCancelTest, WhileWaitingForTheAnswer) {
  script::event arrived;
  script::event closed;
  script::server server([&](script::peer& here) {
    here.request();
    arrived.set();
    here.wait_for_end();
    closed.set();
  });
  const auto place = start_stoppable(post(server.address()));
  ASSERT_TRUE(run_until([&] { return http().count().open == 1; }));
  ASSERT_TRUE(run_until([&] { return arrived.is_set(); }));
  const failure why = stopped(place);
  EXPECT_EQ(why.kind, failure_kind::cancelled) << why.message;
  EXPECT_EQ(why.progress, request_progress::sent);
  EXPECT_EQ(http().count().open, 0U);
  EXPECT_TRUE(closed.wait());
}

TEST_F(HttpCancelTest, WhileWaitingForAConnection) {
  settings_.connections_per_destination = 1;
  script::server server([](script::peer& here) {
    here.request();
    here.wait_for_end();
  });
  const auto holder = start(post(server.address()));
  ASSERT_TRUE(run_until([&] { return http().count().open == 1; }));
  const auto place = start_stoppable(post(server.address()));
  ASSERT_TRUE(run_until([&] { return http().count().requests == 2; }));
  const failure why = stopped(place);
  EXPECT_EQ(why.kind, failure_kind::cancelled) << why.message;
  EXPECT_EQ(why.progress, request_progress::nothing_sent);
  EXPECT_FALSE(holder->has_value());
  server.close_all();
  EXPECT_TRUE(run_until([&] { return holder->has_value(); }));
}

TEST_F(HttpCancelTest, WhileTheRequestGoesOut) {
  script::event arrived;
  script::event over;
  script::server server([&](script::peer& here) {
    here.some_bytes(1);
    arrived.set();
    over.wait();
  });
  const auto place = start_stoppable(post(server.address(), std::string(64 * 1024 * 1024, 'x')));
  ASSERT_TRUE(run_until([&] { return arrived.is_set(); }));
  const failure why = stopped(place);
  over.set();
  EXPECT_EQ(why.kind, failure_kind::cancelled) << why.message;
  EXPECT_EQ(why.progress, request_progress::incomplete);
}

TEST_F(HttpCancelTest, AConnectionThatCameTooLateServesTheNext) {
  script::server server([&](script::peer& here) {
    while (here.request()) here.answer("x");
  });
  const auto place = start_stoppable(post(server.address()));
  ASSERT_TRUE(run_until([&] { return http().count().requests == 1; }));
  const failure why = stopped(place);
  EXPECT_EQ(why.kind, failure_kind::cancelled) << why.message;
  ASSERT_TRUE(run_until([&] { return http().count().open == 1; }));
  EXPECT_EQ(body_of(send(post(server.address()))), "x");
  EXPECT_EQ(server.connections(), 1U);
}

asio::awaitable<int> race(client& http, destination to) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(std::chrono::milliseconds(20));
  request posted = post(to);
  auto sending = http.send(std::move(posted), patient());
  boost::system::error_code ignored;
  auto waiting = timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  const auto winner = co_await (std::move(sending) || std::move(waiting));
  // The loser's cancellation is over; this coroutine itself was not cancelled and may wait again.
  timer.expires_after(std::chrono::milliseconds(1));
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return static_cast<int>(winner.index());
}

TEST_F(HttpCancelTest, ByAnotherOperationThatIsFaster) {
  script::server server([](script::peer& here) {
    here.request();
    here.wait_for_end();
  });
  std::optional<int> winner;
  auto racing = race(http(), server.address());
  asio::co_spawn(loop_, std::move(racing), [&](std::exception_ptr bug, int which) {
    EXPECT_EQ(bug, nullptr);
    winner = which;
  });
  ASSERT_TRUE(run_until([&] { return winner.has_value(); }));
  EXPECT_EQ(*winner, 1);
  EXPECT_TRUE(run_until([&] { return http().count().open == 0; }));
}

asio::awaitable<bool> setting_after(client& http, destination to) {
  request posted = post(to);
  auto ignored = co_await http.send(std::move(posted), patient());
  (void)ignored;
  co_return co_await asio::this_coro::throw_if_cancelled();
}

TEST_F(HttpCancelTest, TheCallersOwnSettingComesBack) {
  script::server server([](script::peer& here) {
    while (here.request()) here.answer("x");
  });
  std::optional<bool> throws;
  auto asking = setting_after(http(), server.address());
  asio::co_spawn(loop_, std::move(asking),
                 [&](std::exception_ptr, bool setting) { throws = setting; });
  ASSERT_TRUE(run_until([&] { return throws.has_value(); }));
  EXPECT_TRUE(*throws);
}

}  // namespace
}  // namespace connector::http
