// What a function URL's answer may do to the clock of later signatures: it is the function's own
// word, and other jobs call there too.
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {
namespace {

using std::chrono::minutes;

class FunctionUrlClock : public service_fixture {
 protected:
  static http::result<http::response> refused(const std::string& name, const std::string& date) {
    return answer_with(403, "{}", {{"x-amzn-ErrorType", name}, {"Date", date}});
  }

  FunctionUrlClock() {
    how.wall_time = [this] { return wall; };
    allowed->hosts.push_back(std::make_shared<allow_list>(std::get<allow_list>(
        allow_list::make(allow_list::about::hosts, "ALLOWED_HOSTS",
                         {"*.lambda-url.*.on.aws", "http://127.0.0.1:4566"}))));
  }

  // A task that calls `to`. The service is one for all calls, and keeps what it learned.
  call of(const std::string& to) const {
    auto out = with({{"functionName", "\"" + to + "\""}});
    out.allowed = allowed;
    return out;
  }
  void begin(const std::string& to) {
    if (!tested) tested = make_service(how, client, credentials);
    boost::asio::co_spawn(loop, tested->run(of(to)),
                          boost::asio::bind_cancellation_slot(
                              cancels.emplace_back().slot(),
                              [](std::exception_ptr failed, outcome) { EXPECT_FALSE(failed); }));
    go_on();
  }
  void go_on() {
    loop.restart();
    loop.poll();
  }
  // The time that the call's request was dated with.
  std::string date_of_call(const std::string& to, http::result<http::response> answer) {
    client.answers = {std::move(answer)};
    begin(to);
    return last_date();
  }
  [[nodiscard]] std::string last_date() const {
    return header(client.sent.back().request, "X-Amz-Date");
  }

  std::shared_ptr<guard> allowed = std::make_shared<guard>();
  std::unique_ptr<service> tested;
  std::deque<boost::asio::cancellation_signal> cancels;  // of each call

  const std::string url = "https://abc1.lambda-url.us-east-1.on.aws/";
  const std::string own_time = "20260102T030404Z";
  const std::string in_20_minutes = "20260102T032404Z";
  const std::string in_two_hours = "20260102T050404Z";
  const http::result<http::response> ok = answer_with(200, "1");
  // What a function may say at any time.
  const http::result<http::response> forged =
      refused("AccessDeniedException", "Fri, 02 Jan 2026 05:04:04 GMT");
  // The front end's word to a clock that is twenty minutes late, and to one that is ahead.
  const http::result<http::response> late =
      refused("InvalidSignatureException", "Fri, 02 Jan 2026 03:24:04 GMT");
  const http::result<http::response> ahead =
      refused("InvalidSignatureException", "Fri, 02 Jan 2026 03:04:04 GMT");
};

TEST_F(FunctionUrlClock, IsOursWhereTheSameUrlTookItAMomentAgo) {
  EXPECT_EQ(date_of_call(url, ok), own_time);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(date_of_call(url, forged), own_time);
    EXPECT_EQ(date_of_call(url, ok), own_time);
  }
  EXPECT_EQ(date_of_call(url, forged), own_time);
  EXPECT_EQ(date_of_call(url, forged), own_time);
}

TEST_F(FunctionUrlClock, IsOursWhereLambdasApiTookItAMomentAgo) {
  EXPECT_EQ(date_of_call("orders", ok), own_time);
  EXPECT_EQ(date_of_call(url, forged), own_time);
  EXPECT_EQ(date_of_call(url, ok), own_time);
  // Nor does it matter which came first.
  const auto other = "https://abc2.lambda-url.us-east-1.on.aws/";
  now += minutes(6);
  EXPECT_EQ(date_of_call(other, forged), own_time);
  EXPECT_EQ(date_of_call("orders", ok), own_time);
  EXPECT_EQ(date_of_call(other, ok), own_time);
}

TEST_F(FunctionUrlClock, IsTheOneThatLambdasApiTook) {
  client.answers = {late, ok};
  begin("orders");
  ASSERT_EQ(last_date(), in_20_minutes);
  EXPECT_EQ(date_of_call(url, ok), in_20_minutes);
  EXPECT_EQ(date_of_call(url, forged), in_20_minutes);
  EXPECT_EQ(date_of_call(url, ok), in_20_minutes);
}

// No answer has shown that ours is right: one other call tries what the refusal says.
TEST_F(FunctionUrlClock, IsTriedOnceWhenItMayBeALie) {
  EXPECT_EQ(date_of_call(url, forged), own_time);
  client.hang = true;
  client.answers.clear();
  begin(url);
  EXPECT_EQ(last_date(), in_two_hours);
  for (int i = 0; i < 3; ++i) {
    begin(url);
    EXPECT_EQ(last_date(), own_time);
  }
  for (auto& one : cancels) one.emit(boost::asio::cancellation_type::terminal);
  go_on();
}

TEST_F(FunctionUrlClock, OfALieIsDroppedWithTheRefusalOfTheOneTry) {
  EXPECT_EQ(date_of_call(url, forged), own_time);
  EXPECT_EQ(date_of_call(url, ahead), in_two_hours);
  EXPECT_EQ(date_of_call(url, ok), own_time);
  EXPECT_EQ(date_of_call(url, forged), own_time);
  EXPECT_EQ(date_of_call(url, ok), own_time);
}

// It calls nothing but URLs.
TEST_F(FunctionUrlClock, OfAMachineThatIsWrongIsLearnedFromTheUrlItself) {
  EXPECT_EQ(date_of_call(url, late), own_time);
  EXPECT_EQ(date_of_call(url, ok), in_20_minutes);
  EXPECT_EQ(date_of_call(url, ok), in_20_minutes);
  // Then it is set right: what was accepted long ago proves nothing.
  wall += minutes(20);
  now += minutes(6);
  EXPECT_EQ(date_of_call(url, refused("RequestExpired", "Fri, 02 Jan 2026 03:24:04 GMT")),
            "20260102T034404Z");
  EXPECT_EQ(date_of_call(url, ok), in_20_minutes);
}

// Whose request may go again at once.
TEST_F(FunctionUrlClock, OfAnEndpointThatTheTaskNamesIsTriedForTheCallItself) {
  const auto elsewhere = "http://127.0.0.1:4566/";
  client.answers = {answer_with(403, R"({"message":"Signature expired: it is late"})",
                                {{"x-amzn-ErrorType", "InvalidSignatureException"},
                                 {"Date", "Fri, 02 Jan 2026 03:24:04 GMT"}}),
                    ok};
  if (!tested) tested = make_service(how, client, credentials);
  auto asked = of("orders");
  asked.inputs.push_back({"endpoint", std::string("\"") + elsewhere + "\""});
  std::optional<outcome> out;
  boost::asio::co_spawn(loop, tested->run(std::move(asked)),
                        [&](std::exception_ptr, outcome value) { out = std::move(value); });
  go_on();
  ASSERT_TRUE(out && out->answered());
  EXPECT_EQ(client.sent.size(), 2U);
  EXPECT_EQ(last_date(), in_20_minutes);
}

}  // namespace
}  // namespace connector::lambda
