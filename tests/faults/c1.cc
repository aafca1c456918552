// C1: credentials that have expired or were revoked, and sources of credentials that fail, hang or
// change: a source is asked a few times for all jobs together, never once for each, and what it
// gave is used for as long as it lives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>

#include "tests/faults/fault_report.h"
#include "tests/faults/sts_environment.h"
#include "tests/sandbox/aws/instance_metadata.h"
#include "tests/unit/worker/temporary_folder.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using sandbox::metadata_fault;
using std::chrono::system_clock;
using testing::HasSubstr;
using testing::Not;

constexpr const char* role_arn = "arn:aws:iam::123456789012:role/worker";

std::size_t many() { return is_long() ? 1000 : 20; }

journey::job_spec patient() {
  auto spec = journey::call_of("echo", "{}", R"({"retryBackoff":"PT0.1S"})");
  spec.retries = 1000;
  return spec;
}

// Each has ended as it should, and its function ran once.
void each_completed(test_environment& env, const std::vector<std::int64_t>& jobs) {
  // Ten thousand take their time, and so does the rest that follows a source's failure.
  EXPECT_TRUE(env.engine().wait_all_ended(is_long() ? std::chrono::minutes(5) : journey::patience));
  for (const auto each : jobs) {
    ASSERT_EQ(env.wait_ended(each).state, job_state::completed) << env.account(each).fail_message;
    const auto ran = env.lambda().account().job(std::to_string(each)).executions;
    // A call whose own short time ended while it ran may have run, and runs again.
    if (env.account(each).fail_message.find("AMBIGUOUS") != std::string::npos) continue;
    EXPECT_EQ(ran, 1U) << env.account(each).fail_message;
  }
}

// Waits until a job was given back because of the source, repairs that, and waits for the ends.
void fail_then_repair(test_environment& env, const std::vector<std::int64_t>& jobs,
                      const std::string& words, const std::function<void()>& repair) {
  ASSERT_TRUE(env.wait([&] { return env.account(jobs.front()).fails > 0; })) << words;
  EXPECT_THAT(env.account(jobs.front()).fail_message, HasSubstr(words));
  repair();
  each_completed(env, jobs);
}

// One job after the other, none of which fails once, until that holds.
bool runs_well_until(test_environment& env, const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + journey::patience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    const auto job = env.run(patient());
    EXPECT_EQ(job.state, job_state::completed) << job.fail_message;
    EXPECT_EQ(job.fails, 0) << job.fail_message;
  }
  return true;
}

void expired_then_revoked() {
  report_action("expired for " + std::to_string(many()) + " jobs, then good again");
  test_environment env;
  EXPECT_EQ(env.run(journey::call_of("echo")).state, job_state::completed);
  sandbox::access_key key;
  key.expires = system_clock::now() - std::chrono::hours(1);
  env.lambda().set_keys({key});
  const auto jobs = env.engine().create_many(patient(), many());
  fail_then_repair(env, jobs, "ExpiredToken",
                   [&] { env.lambda().set_keys({sandbox::access_key{}}); });

  report_action("revoked");
  sandbox::access_key other;
  other.id = "AKIDOTHER";
  env.lambda().set_keys({other});
  const auto refused_before = env.lambda().account().counted().refused;
  auto spec = journey::call_of("echo");
  spec.retries = 1;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, HasSubstr("UNAUTHORIZED: "));
  // Refused for good: there are no other keys, so it is asked once.
  EXPECT_EQ(env.lambda().account().counted().refused - refused_before, 1U);
  expect_all_ended(env);
}

// The keys end, by the clock and by Lambda's word, while very many jobs come.
void storms_ask_once() {
  const std::size_t storm = is_long() ? 10'000 : 50;
  report_action(std::to_string(storm) + " jobs when STS's keys have just expired, or were revoked");
  const tests::temporary_folder folder;
  folder.write("token", "sandbox-web-identity-token");
  sts_environment stage(
      {{"AWS_ROLE_ARN", role_arn}, {"AWS_WEB_IDENTITY_TOKEN_FILE", folder.at("token")}});
  auto& env = stage.env();
  stage.sts().set_life(std::chrono::seconds(2));
  env.start_worker();
  const auto first = env.run(patient());
  ASSERT_EQ(first.state, job_state::completed) << first.fail_message;
  const auto ended = system_clock::now() + std::chrono::seconds(2);
  ASSERT_TRUE(env.wait([ended] { return system_clock::now() >= ended; }));
  stage.sts().set_life(std::chrono::hours(1));
  auto asked = stage.sts().count();
  each_completed(env, env.engine().create_many(patient(), storm));
  EXPECT_EQ(stage.sts().count() - asked, 1U);

  asked = stage.sts().count();
  sandbox::access_key other;
  other.id = "AKIDOTHER";
  env.lambda().set_keys({other});  // the worker's own are unknown now, until STS gives new ones
  each_completed(env, env.engine().create_many(patient(), storm));
  EXPECT_EQ(stage.sts().count() - asked, 1U);
  expect_all_ended(env);
}

// Renewing fails for a while, first with keys that still live, then without any.
void old_keys_are_used_while_renewing_fails() {
  report_action("STS answers 503 while the old keys live");
  const tests::temporary_folder folder;
  const auto profile = [&folder](const std::string& session) {
    folder.write("config", std::string("[default]\nrole_arn = ") + role_arn +
                               "\nrole_session_name = " + session +
                               "\nsource_profile = base\n[profile base]\n"
                               "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = "
                               "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n");
  };
  profile("before");
  sts_environment stage({{"AWS_CONFIG_FILE", folder.at("config")}});
  auto& env = stage.env();
  env.start_worker();
  const auto first = env.run(patient());
  ASSERT_EQ(first.state, job_state::completed) << first.fail_message;
  const auto old_key = stage.key_of_last_call();
  EXPECT_THAT(old_key, HasSubstr("ASIASTS"));

  // A changed file makes it renew, which fails.
  stage.fail(1000);
  const auto asked = stage.sts().count();
  profile("after-the-change");
  ASSERT_TRUE(runs_well_until(env, [&] { return stage.sts().count() > asked; }));
  const auto jobs = env.engine().create_many(patient(), many());
  each_completed(env, jobs);
  for (const auto each : jobs) {
    const auto job = env.account(each);
    EXPECT_THAT(job.fail_message, Not(HasSubstr("CREDENTIALS_ERROR"))) << job.fails;
  }
  EXPECT_EQ(stage.key_of_last_call(), old_key);
  EXPECT_LE(stage.sts().count() - asked, 30U);

  report_action("answers again");
  stage.sts().forget_faults();
  ASSERT_TRUE(runs_well_until(env, [&] { return stage.key_of_last_call() != old_key; }));
  expect_all_ended(env);
}

void metadata_service_fails() {
  sandbox::instance_metadata metadata;
  std::vector<sandbox::access_key> keys;
  for (int i = 1; i <= 20; ++i) {
    const sandbox::metadata_keys given;
    keys.push_back({given.id_prefix + std::to_string(i), given.secret, given.token, std::nullopt});
  }
  struct fault {
    metadata_fault kind;
    std::string called;
    std::string words;
  };
  const std::vector<fault> faults = {
      {metadata_fault::status_500, "instance metadata answers 500", "500"},
      {metadata_fault::status_404, "404", "404"},
      {metadata_fault::hang, "never", "hop limit"},
  };
  for (const auto& [kind, called, words] : faults) {
    if (!is_long() && kind != metadata_fault::hang) continue;
    report_action(called);
    metadata.set_fault(sandbox::instance_metadata::step::token, kind);
    const int asked_before = metadata.token_requests;
    auto options = with_sources({{"AWS_EC2_METADATA_DISABLED", ""},
                                 {"AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.server().url()}});
    options.lambda.keys = keys;
    test_environment env(options);
    const auto jobs = env.engine().create_many(patient(), many());
    fail_then_repair(env, jobs, "CREDENTIALS_ERROR: ", [&] {
      EXPECT_THAT(env.account(jobs.front()).fail_message, HasSubstr("metadata"));
      EXPECT_THAT(env.account(jobs.front()).fail_message, HasSubstr(words));
      metadata.set_fault(sandbox::instance_metadata::step::token, metadata_fault::none);
    });
    EXPECT_LE(metadata.token_requests - asked_before, 20);
    expect_all_ended(env);
  }
  EXPECT_LE(metadata.key_requests, 12);
}

void token_file_is_rotated() {
  report_action("the web identity token is rotated, STS wants the new one");
  const tests::temporary_folder folder;
  folder.write("token", "first-token");
  sts_environment stage(
      {{"AWS_ROLE_ARN", role_arn}, {"AWS_WEB_IDENTITY_TOKEN_FILE", folder.at("token")}});
  stage.sts().set_web_token("second-token");
  stage.env().start_worker();
  const auto jobs = stage.env().engine().create_many(patient(), many());
  fail_then_repair(stage.env(), jobs, "InvalidIdentityToken",
                   [&] { folder.write("token", "second-token"); });
  EXPECT_LE(stage.sts().count(), 60U);
  expect_all_ended(stage.env());
}

// A program that does not end, and STS that does not answer: the call's own time is the bound, and
// the worker fails the job with a message that names the source it waited for.
void hanging_sources() {
  auto short_lived = patient();
  // Long enough for the call itself when a thousand of them go on at once.
  const std::string limit = is_long() ? "PT3S" : "PT0.3S";
  short_lived.variables =
      R"({"lambda":{"functionName":"echo","payload":{},"timeout":")" + limit + R"("}})";
  report_action("a credential_process hangs");
  const tests::temporary_folder folder;
  folder.write("program", "#!/bin/sh\nuntil [ -e " + folder.at("go-on") +
                              " ]; do sleep 0.1; done\n"
                              R"(echo '{"Version":1,"AccessKeyId":"AKIDEXAMPLE",)"
                              R"("SecretAccessKey":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}')"
                              "\n");
  ASSERT_EQ(chmod(folder.at("program").c_str(), 0700), 0);
  folder.write("config", "[default]\ncredential_process = " + folder.at("program") + "\n");
  test_environment env(with_sources({{"AWS_CONFIG_FILE", folder.at("config")}}));
  const auto jobs = env.engine().create_many(short_lived, many());
  fail_then_repair(env, jobs, "CREDENTIALS_ERROR: ", [&] {
    EXPECT_THAT(env.account(jobs.front()).fail_message, HasSubstr("shared files, profile default"));
    folder.write("go-on", "");
  });
  expect_all_ended(env);

  if (!is_long()) return;  // a question to STS ends after 5 s at the earliest
  report_action("STS hangs");
  folder.write("token", "sandbox-web-identity-token");
  sts_environment stage(
      {{"AWS_ROLE_ARN", role_arn}, {"AWS_WEB_IDENTITY_TOKEN_FILE", folder.at("token")}});
  sandbox::sts_fault silent;
  silent.hang = true;
  silent.times = 1000;
  stage.sts().fail(silent);
  stage.env().start_worker();
  const auto waiting = stage.env().engine().create_many(short_lived, many());
  fail_then_repair(stage.env(), waiting, "web identity", [&] { stage.sts().forget_faults(); });
  EXPECT_LE(stage.sts().count(), 20U);
  expect_all_ended(stage.env());
}

TEST(Faults, C1_CredentialsExpireForManyJobsAtOnce) {
  expired_then_revoked();
  storms_ask_once();
  old_keys_are_used_while_renewing_fails();
  metadata_service_fails();
  token_file_is_rotated();
  hanging_sources();
}

}  // namespace
}  // namespace faults
