// Rows about what a function tells of the secret that it was given.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/attack/random/marks.h"
#include "tests/attack/rows/stage.h"

namespace attack {
namespace {

constexpr std::uint64_t secrets_seed = 16;

environment_variables secrets_in_environment(const std::vector<secret>& secrets) {
  environment_variables out = {{"LOG_LEVEL", "debug"}};
  for (const auto& each : secrets) out["SECRET_" + each.name] = each.value;
  return out;
}

TEST(Attacks, spellings) {
  const auto secrets = secrets_of(secrets_seed);
  stage env(secrets_in_environment(secrets));
  report_action(
      "functions tell the secret that they got in log, message and stack, as other languages write "
      "it");
  env.lambda().register_function("teller", [&](const sandbox::invocation& in) {
    const auto number = std::strtoul(in.payload.c_str() + in.payload.find(':') + 1, nullptr, 10);
    dice from(secrets_seed, 1, number);
    const auto told = [&] { return spelled(from, secrets[number % secrets.size()].value); };
    auto out = sandbox::function_failure("Error", "no " + told(), {told(), told()});
    out.log = "used " + told() + "\nand " + told() + "\n";
    return out;
  });
  static const std::vector<std::string> ways = {"complete", "fail", "bpmnError"};
  std::vector<std::int64_t> keys;
  for (std::size_t number = 0; number < 100; ++number) {
    const auto& name = secrets[number % secrets.size()].name;
    auto spec = call_of(
        "teller", fmt::format(R"({{"number":{},"token":"{{{{secrets.{}}}}}"}})", number, name),
        fmt::format(R"({{"secrets":"{}","onFunctionError":"{}"}})", name,
                    ways[number % ways.size()]));
    spec.retries = 1;
    keys.push_back(env.engine().create(spec));
  }
  EXPECT_TRUE(env.engine().wait_all_ended(journey::patience));
  for (const auto key : keys) {
    const auto job = env.account(key);
    const auto said = job.fail_message + '\n' + job.incident_message + '\n' + job.error_message +
                      '\n' + job.error_variables + '\n' + job.process_variable("log").value_or("") +
                      '\n' + job.process_variable("error").value_or("");
    for (const auto& [name, around] : seen_in(said, secrets))
      ADD_FAILURE() << name << ": " << around;
  }
  for (const auto& [name, around] : seen_in(env.worker().log(), secrets))
    ADD_FAILURE() << name << ": " << around;
  env.end();
}

}  // namespace
}  // namespace attack
