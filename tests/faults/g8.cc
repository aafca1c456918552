// G8: connections end as proxies and gateways end them: GOAWAY, streams reset, a bound on their
// age, 504 from a proxy. All of it is transparent.
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/gateway_link.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using grpc::StatusCode;
using sandbox::engine::rpc;

TEST(Faults, G8_AProxyClosesConnectionsAndStreams) {
  // given
  const milliseconds age{is_long() ? 60'000 : 400};
  const int rounds = is_long() ? 5 : 3;
  gateway_link way({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "3000"}});
  auto& env = way.env();
  flow jobs(env, journey::call_of("slow", R"({"ms":30})"), is_long() ? 100 : 40);
  // when
  report_action("connections closed and reset every " + std::to_string(age.count()) + " ms");
  for (int i = 0; i < rounds; ++i) {
    jobs.pass(age);
    way.link().close_all();
    jobs.pass(age);
    way.link().reset_all();
  }
  report_action("streams reset with CANCELLED");
  for (int i = 0; i < rounds; ++i) {
    ASSERT_TRUE(jobs.pass_until([&] { return env.engine().open_streams() >= 1; }));
    env.engine().close_streams(StatusCode::CANCELLED, "RST_STREAM with error code 8");
  }
  report_action("504 for streams, polls and completions");
  for (const auto which : {rpc::stream_activated_jobs, rpc::activate_jobs, rpc::complete_job}) {
    env.engine().refuse(which, StatusCode::UNAVAILABLE, "Received http2 header with status: 504",
                        is_long() ? 20 : 3);
  }
  env.engine().close_streams(StatusCode::UNAVAILABLE, "Received http2 header with status: 504");
  jobs.pass(age);
  report_action("GOAWAY");
  env.engine().stop(sandbox::engine::stop_as::terminated);
  env.engine().start();
  jobs.pass(age);
  // then
  each_ran_once(env, jobs.keys());
  EXPECT_EQ(env.worker().ended(worker::jobs::job_end::undelivered), 0U);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
