// L13: certificates that must not be trusted, old TLS, a handshake that stalls, sessions that the
// server forgot. Nothing is sent to a server that is not proven, and the message says why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "tests/faults/fault_report.h"
#include "tests/unit/connector/http/script_server.h"

namespace faults {
namespace {

using journey::call_of;
using journey::job_state;
using journey::test_environment;
using sandbox::certificate_kind;
using testing::AllOf;
using testing::HasSubstr;

journey::job_spec once(const std::string& timeout = "PT10S") {
  auto spec = call_of("echo");
  spec.variables.insert(spec.variables.size() - 2, R"(,"timeout":")" + timeout + '"');
  spec.retries = 1;
  return spec;
}

void bad_certificates(test_environment& env) {
  report_action("expired, wrong name, unknown root, missing intermediate");
  const std::vector<std::pair<certificate_kind, std::string>> kinds = {
      {certificate_kind::expired, "expired"},
      {certificate_kind::wrong_name, "another host"},
      {certificate_kind::other_authority, "AWS_CA_BUNDLE"},
      {certificate_kind::missing_intermediate, "intermediate"}};
  for (const auto& [kind, reason] : kinds) {
    env.lambda().set_certificate(kind);
    const auto job = env.run(once());
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, AllOf(HasSubstr("CONNECTION_ERROR: "), HasSubstr(reason)));
    EXPECT_LE(job.failed_at - job.first_activated_at, std::chrono::seconds(5)) << reason;
  }
  EXPECT_EQ(env.lambda().account().counted().executions, 0U);
}

void forgotten_sessions(test_environment& env) {
  report_action("session keys rotated");
  const int rounds = is_long() ? 50 : 3;
  for (int i = 0; i < rounds; ++i) {
    // A new context knows no session of the one before.
    env.lambda().set_certificate(certificate_kind::good);
    env.lambda().close_connections();
    ASSERT_TRUE(env.lambda().account().wait_for(
        [](const auto& totals) { return totals.open_connections == 0; }, journey::patience));
    const auto job = env.run(call_of("echo"));
    EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
    EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
  }
}

void stalled_handshake(test_environment& env) {
  report_action("handshake stalled");
  env.lambda().hang_handshakes(true);
  env.lambda().close_connections();
  ASSERT_TRUE(env.lambda().account().wait_for(
      [](const auto& totals) { return totals.open_connections == 0; }, journey::patience));
  const auto before = env.lambda().account().counted().executions;
  const auto job = env.run(once("PT5.3S"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, HasSubstr("handshake"));
  EXPECT_EQ(env.lambda().account().counted().executions, before);
  env.lambda().hang_handshakes(false);
}

void old_protocol() {
  report_action("TLS 1.1 only");
  const auto authority = std::make_shared<const sandbox::certificate_authority>();
  const auto certificate = authority->issue();
  script::options how;
  how.tls = true;
  how.chain = certificate.chain;
  how.key = certificate.key;
  how.newest_version = TLS1_1_VERSION;
  const script::server old([](script::peer& here) { here.wait_for_end(); }, how);
  journey::test_environment_options options;
  options.lambda.authority = authority;
  options.worker = {{"AWS_ENDPOINT_URL_LAMBDA", "https://localhost:" + std::to_string(old.port())}};
  test_environment env(options);
  const auto job = env.run(once());
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, HasSubstr("TLS"));
  EXPECT_THAT(job.incident_message, HasSubstr("1.2"));
  expect_all_ended(env);
}

TEST(Faults, L13_CertificatesAndHandshakesAreBad) {
  {
    test_environment env;
    bad_certificates(env);
    forgotten_sessions(env);
    stalled_handshake(env);
    expect_all_ended(env);
  }
  old_protocol();
}

}  // namespace
}  // namespace faults
