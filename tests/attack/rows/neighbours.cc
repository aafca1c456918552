// Rows about one task's misfortune: it must stay with that task.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/attack/rows/stage.h"

namespace attack {
namespace {

TEST(Attacks, throttled) {
  stage env;
  report_action(
      "two functions answer 429 with Retry-After: 20 to 40 jobs each, 20 healthy ones complete");
  for (const std::string name : {"busy-one", "busy-two"}) {
    env.lambda().register_function(name, [](const sandbox::invocation&) {
      auto out = sandbox::service_error(429, "TooManyRequestsException", "Rate Exceeded.");
      out.headers.emplace_back("Retry-After", "20");
      return out;
    });
  }
  auto busy = env.create(call_of("busy-one"), 40);
  for (const auto key : env.create(call_of("busy-two"), 40)) busy.push_back(key);
  const auto healthy = env.create(call_of("echo"), 20);
  EXPECT_TRUE(env.wait([&] { return env.engine().totals().completed == healthy.size(); }));
  std::size_t retries_lost = 0;
  for (const auto key : busy) {
    if (env.account(key).state == job_state::incident) ++retries_lost;
    env.engine().cancel(key);
  }
  EXPECT_EQ(retries_lost, 0U);
  env.end();
}

TEST(Attacks, lanes) {
  stage env;
  report_action(
      "a function is throttled for one tenant's keys, another tenant calls it with its own");
  const sandbox::access_key mine;
  sandbox::access_key other;
  other.id = "AKIDOTHERTENANT00000";
  other.secret = "other/tenant+secret";
  env.lambda().set_keys({mine, other});
  env.lambda().register_function("orders", [mine](const sandbox::invocation& in) {
    if (in.access_key_id != mine.id) return sandbox::json_answer("1");
    auto out = sandbox::service_error(429, "TooManyRequestsException", "Rate Exceeded.");
    out.headers.emplace_back("Retry-After", "600");
    return out;
  });
  const auto busy = env.create(call_of("orders"), 10);
  EXPECT_TRUE(env.wait([&] { return env.lambda().account().function("orders").requests > 0; }));
  job_spec spec;
  spec.variables =
      R"({"lambda":{"functionName":"orders","authentication":{"type":"static","accessKeyId":")" +
      other.id + R"(","secretAccessKey":")" + other.secret + R"("}}})";
  const auto keys = env.create(spec, 10);
  EXPECT_TRUE(env.wait([&] { return env.engine().totals().completed == keys.size(); }));
  EXPECT_EQ(env.lambda().account().function("orders").executions, keys.size());
  for (const auto key : busy) env.engine().cancel(key);
  env.end();
}

TEST(Attacks, codes) {
  stage env({{"SECRET_WORD", "Order"}});
  report_action("one task resolved the secret `Order`, another's function throws OrderRejected");
  job_spec with_secret = call_of("echo", R"({"a":"{{secrets.WORD}}"})", R"({"secrets":"WORD"})");
  EXPECT_EQ(env.run(with_secret).state, job_state::completed);
  auto spec = call_of("fail", R"({"type":"OrderRejected","message":"no"})",
                      R"({"bpmnErrors":"OrderRejected"})");
  spec.caught_errors = {"OrderRejected"};
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::error_thrown);
  EXPECT_EQ(job.error_code, "OrderRejected");
  env.end();
}

}  // namespace
}  // namespace attack
