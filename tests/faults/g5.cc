// G5: each call of the gateway answers with each transient code; a gateway that knows no streams is
// polled alone.
#include <gtest/gtest.h>

#include "tests/faults/load.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using grpc::StatusCode;
using journey::milliseconds;
using journey::world;
using sandbox::engine::rpc;

void every_code_of_every_call(std::uint32_t times, std::size_t count) {
  // The lease is short, so that extensions are among the calls.
  journey::world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000"}};
  world all(options);
  for (const auto code : {StatusCode::UNAVAILABLE, StatusCode::DEADLINE_EXCEEDED,
                          StatusCode::INTERNAL, StatusCode::CANCELLED}) {
    for (const auto which : {rpc::activate_jobs, rpc::stream_activated_jobs, rpc::complete_job,
                             rpc::update_job_timeout}) {
      all.engine().refuse(which, code, "refused by the gateway", times);
    }
  }
  all.engine().close_streams(StatusCode::INTERNAL, "the stream broke");
  // Twenty refused polls in a row take their back-off of up to five seconds each.
  const milliseconds limit = times * 4 * std::chrono::seconds(15);
  each_ran_once(all, all.engine().create_many(journey::call_of("slow", R"({"ms":1000})"), count),
                limit);
  // FailJob, until the last retry: none is lost between.
  for (const auto code : {StatusCode::UNAVAILABLE, StatusCode::DEADLINE_EXCEEDED,
                          StatusCode::INTERNAL, StatusCode::CANCELLED}) {
    all.engine().refuse(rpc::fail_job, code, "refused by the gateway", times);
  }
  const auto key = all.engine().create(
      journey::call_of("service-exception", "{}", R"({"retryBackoff":"PT0S"})"));
  EXPECT_TRUE(all.engine().wait_all_ended(limit));
  const auto failed = all.account(key);
  EXPECT_EQ(failed.state, journey::job_state::incident);
  EXPECT_EQ(failed.fails, 3U);
  settle(all);
}

void no_streams(std::size_t count) {
  journey::world_options options;
  options.start_worker = false;
  world all(options);
  all.engine().streams_unimplemented();
  all.start_worker();
  each_ran_once(all, all.engine().create_many(journey::call_of("echo"), count));
  EXPECT_EQ(all.engine().totals().pushed, 0U);
  // Asked once and never again.
  EXPECT_EQ(all.engine().calls(rpc::stream_activated_jobs), 1U);
  EXPECT_EQ(all.worker().snapshot().subscriptions.front().stream, "unsupported");
  settle(all);
}

TEST(Faults, G5) {
  const std::size_t count = is_long() ? 500 : 20;
  did("UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL and CANCELLED of each call");
  every_code_of_every_call(is_long() ? 5 : 1, count);
  did("UNIMPLEMENTED streams");
  no_streams(count);
}

}  // namespace
}  // namespace faults
