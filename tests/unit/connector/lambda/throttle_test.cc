// A function that takes only so much and one that takes everything, called together: the first is
// slowed by itself alone, and every call of both runs once.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "connector/base/json.h"
#include "connector/http/pooled_client.h"
#include "connector/lambda/service.h"
#include "tests/sandbox/lambda/certificates.h"
#include "tests/sandbox/lambda/lambda.h"
#include "tests/unit/connector/given_credentials.h"

namespace connector::lambda {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Takes nothing until it is opened, then `rate` calls a second and `burst` at once. Refuses the
// others as the service does.
class throttled_function {
 public:
  throttled_function(double rate, double burst) : rate_(rate), burst_(burst), tokens_(burst) {}

  sandbox::answer operator()(const sandbox::invocation&) {
    const std::lock_guard lock(guard_);
    const auto now = boot_clock::now();
    const std::chrono::duration<double> passed = now - filled_at_;
    tokens_ = std::min(burst_, tokens_ + passed.count() * rate_);
    filled_at_ = now;
    if (!open || tokens_ < 1) {
      ++refused;
      return sandbox::service_error(429, "TooManyRequestsException", "Rate Exceeded.");
    }
    tokens_ -= 1;
    return sandbox::json_answer("{}");
  }

  std::atomic<bool> open{false};
  std::atomic<int> refused{0};

 private:
  std::mutex guard_;
  const double rate_;
  const double burst_;
  double tokens_;
  boot_clock::time_point filled_at_ = boot_clock::now();
};

TEST(Throttling, SlowsTheFunctionThatIsThrottledAndNoOther) {
  constexpr int count = 500;
  sandbox::lambda server;
  // Ten a second, in a world that runs twenty times as fast: so do all pauses below.
  const auto slow = std::make_shared<throttled_function>(200, 10);
  server.register_function("slow",
                           [slow](const sandbox::invocation& call) { return (*slow)(call); });

  asio::io_context loop;
  const auto ca_file = std::filesystem::temp_directory_path() /
                       ("throttle_test." + std::to_string(::getpid()) + ".pem");
  sandbox::write_file(ca_file, server.ca_pem());
  http::client_settings client_settings;
  client_settings.ca_bundle = ca_file;
  const auto client = http::make_client(loop.get_executor(), client_settings);
  std::filesystem::remove(ca_file);
  const sandbox::access_key key;
  aws::given_credentials credentials(key.id, key.secret);
  settings how;
  how.region = "us-east-1";
  how.endpoint_of = [&server](std::string_view) { return aws::parse_endpoint(server.endpoint()); };
  how.retries.throttled = {50ms, 1000ms};
  how.retries.attempts = 8;
  how.concurrency.rest = {5ms, 250ms};
  const auto tested = make_service(how, *client, credentials);

  const auto begin = boot_clock::now();
  std::map<std::string, int> answered;
  int left = 2 * count;
  for (int i = 0; i < 2 * count; ++i) {
    const std::string function = i % 2 == 0 ? "slow" : "echo";
    call asked;
    asked.inputs = {{"functionName", json::quote(function)}};
    asked.job.job_key = std::to_string(i);
    asked.end = begin + 50s;
    auto running = tested->run(std::move(asked));
    asio::co_spawn(loop, std::move(running), [&, function](std::exception_ptr bug, outcome out) {
      EXPECT_FALSE(bug);
      EXPECT_TRUE(out.answered()) << function << ": " << out.failed()->message;
      if (out.answered()) ++answered[function];
      // Were the free ones held up by the others, all would wait for ever.
      if (answered["echo"] == count) slow->open = true;
      if (--left == 0) loop.stop();
    });
  }
  loop.run_for(55s);
  EXPECT_EQ(left, 0);
  EXPECT_EQ(answered["slow"], count);
  EXPECT_EQ(answered["echo"], count);
  EXPECT_EQ(server.account().function("echo").requests, static_cast<unsigned>(count));
  EXPECT_EQ(server.account().function("slow").executions, static_cast<unsigned>(count));
  // Without a limit each would have been refused many times while it was closed.
  EXPECT_GE(slow->refused, 1);
  EXPECT_LT(slow->refused, 2 * count);
}

}  // namespace
}  // namespace connector::lambda
