#include "worker/jobs/result_step.h"

#include <gtest/gtest.h>

#include <vector>

namespace worker::jobs {
namespace {

using engine::status;
using engine::status_code;

result_facts with_fact(bool result_facts::*fact, bool value) {
  result_facts facts;
  facts.*fact = value;
  return facts;
}

TEST(ResultStep, BeforeAnAttemptTheStateOfTheJobDecides) {
  // given
  auto over_and_gone = with_fact(&result_facts::gone, true);
  over_and_gone.may_be_completed = false;
  struct row {
    const char* about;
    result_facts facts;
    result_step step;
  };
  const std::vector<row> table = {
      {"as usual", {}, result_step::send},
      {"gone", with_fact(&result_facts::gone, true), result_step::superseded},
      {"gone, and the activation is over", over_and_gone, result_step::superseded},
      {"the activation is over", with_fact(&result_facts::may_be_completed, false),
       result_step::activation_over},
      {"no call was made", with_fact(&result_facts::may_have_run, false), result_step::send},
  };
  for (const auto& row : table) {
    // when, then
    EXPECT_EQ(step_before_sending(row.facts), row.step) << row.about;
  }
}

TEST(ResultStep, AfterAnAttemptTheStatusDecides) {
  // given
  const auto no_call = with_fact(&result_facts::may_have_run, false);
  const status back_pressure{status_code::resource_exhausted, "too many requests"};
  const status not_active{status_code::failed_precondition,
                          "Expected to complete job, but it is in state 'FAILED'"};
  const status fenced{
      status_code::failed_precondition,
      "Command 'COMPLETE' rejected with code 'INVALID_STATE': the lease token of the "
      "job does not match"};
  struct row {
    const char* about;
    result_facts facts;
    status answer;
    result_step step;
  };
  const std::vector<row> table = {
      {"taken", {}, {}, result_step::taken},
      {"no such job", {}, {status_code::not_found, "NOT_FOUND"}, result_step::superseded},
      {"refused", {}, {status_code::invalid_argument, "no"}, result_step::fail_refused},
      {"too large",
       {},
       {status_code::resource_exhausted, "gRPC message exceeds maximum size"},
       result_step::fail_too_large},
      {"back-pressure", {}, back_pressure, result_step::hold},
      {"back-pressure, no call", no_call, back_pressure, result_step::hold},
      {"answer lost", {}, {status_code::unavailable, "connection lost"}, result_step::hold},
      {"not active", {}, not_active, result_step::hold},
      {"not active, no call", no_call, not_active, result_step::not_active},
      {"another activation holds it", {}, fenced, result_step::fenced},
      {"activated here again", with_fact(&result_facts::has_new_token, true), fenced,
       result_step::send},
  };
  for (const auto& row : table) {
    // when, then
    EXPECT_EQ(step_after_answer(row.facts, row.answer), row.step) << row.about;
  }
}

}  // namespace
}  // namespace worker::jobs
