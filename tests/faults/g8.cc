// G8: connections end as proxies and gateways end them: GOAWAY, streams reset, a bound on their
// age, 504 from a proxy. All of it is transparent.
#include <gtest/gtest.h>

#include "tests/faults/gateway_link.h"
#include "tests/faults/load.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using grpc::StatusCode;
using sandbox::engine::rpc;

TEST(Faults, G8) {
  const milliseconds age{is_long() ? 60'000 : 400};
  const int rounds = is_long() ? 5 : 3;
  gateway_link way({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "3000"}});
  auto& all = way.all();
  flow jobs(all, journey::call_of("slow", R"({"ms":30})"), is_long() ? 100 : 40);
  did("connections closed and reset every " + std::to_string(age.count()) + " ms");
  for (int i = 0; i < rounds; ++i) {
    jobs.pass(age);
    way.link().close_all();
    jobs.pass(age);
    way.link().reset_all();
  }
  did("streams reset with CANCELLED");
  for (int i = 0; i < rounds; ++i) {
    ASSERT_TRUE(jobs.pass_until([&] { return all.engine().open_streams() >= 1; }));
    all.engine().close_streams(StatusCode::CANCELLED, "RST_STREAM with error code 8");
  }
  did("504 for streams, polls and completions");
  for (const auto which : {rpc::stream_activated_jobs, rpc::activate_jobs, rpc::complete_job}) {
    all.engine().refuse(which, StatusCode::UNAVAILABLE, "Received http2 header with status: 504",
                        is_long() ? 20 : 3);
  }
  all.engine().close_streams(StatusCode::UNAVAILABLE, "Received http2 header with status: 504");
  jobs.pass(age);
  did("GOAWAY");
  all.engine().stop(sandbox::engine::stop_as::terminated);
  all.engine().start();
  jobs.pass(age);
  each_ran_once(all, jobs.keys());
  EXPECT_EQ(all.worker().ended(worker::jobs::job_end::undelivered), 0U);
  settle(all);
}

}  // namespace
}  // namespace faults
