// P10: IPv6 alone, both families, a name server of one's own.
#include <gtest/gtest.h>

#include "tests/faults/caller.h"
#include "tests/faults/fault_report.h"
#include "tests/faults/relay.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;

void ipv6_alone() {
  report_action("IPv6 alone");
  // given: Lambda on an IPv6 address alone
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  const relay six("::1", env.lambda().port());
  env.start_worker({{"AWS_ENDPOINT_URL_LAMBDA", "https://[::1]:" + std::to_string(six.port())}});
  // when
  const int jobs = is_long() ? 500 : 10;
  const auto keys =
      env.engine().create_many(journey::call_of("echo"), static_cast<std::size_t>(jobs));
  // then
  for (const auto key : keys) {
    EXPECT_EQ(env.wait_ended(key).state, job_state::completed) << env.account(key).fail_message;
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
  }
  expect_all_ended(env);
}

// The addresses of a name, as its server gives them; the calls must go through whatever is dead.
void name_leads_to(const std::vector<std::string>& addresses) {
  // given
  sandbox::lambda server;
  connector::http::client_settings client;
  client.names = name_server({{"lambda.sandbox.test", addresses}});
  caller calls(server, "lambda.sandbox.test", client);
  // when
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(calls.invoke("echo").answered());
  // then: over one connection
  EXPECT_EQ(server.account().counted().executions, 3U);
  EXPECT_EQ(calls.http().count().connections_opened, 1U);
  report_executions(server.account().counted().executions);
}

TEST(Faults, P10_AddressesAreIpv6OrDead) {
  ipv6_alone();
  report_action("both families with IPv6 dead");
  name_leads_to({"::1", "127.0.0.1"});
  report_action("many dead IPv6 addresses before IPv4");
  name_leads_to({"::1", "::ffff:127.0.0.9", "fd00::1", "127.0.0.1"});
  report_action("a name server of its own");
  name_leads_to({"127.0.0.1"});
}

}  // namespace
}  // namespace faults
