#include "worker/jobs/failure_step.h"

#include <gtest/gtest.h>

#include <vector>

namespace worker::jobs {
namespace {

using engine::status;
using engine::status_code;

const status ok{};
const status not_found{status_code::not_found, "Command rejected with code 'NOT_FOUND'"};
const status not_active{status_code::failed_precondition,
                        "Expected to fail job, but it is in state 'FAILED'"};
const status another_lease{
    status_code::failed_precondition,
    "Command 'FAIL' rejected with code 'INVALID_STATE': Expected to fail job "
    "with key '7', but the provided lease token does not match"};
const status invalid_argument{status_code::invalid_argument, "no"};
const status too_large{status_code::resource_exhausted, "gRPC message exceeds maximum size"};
const status back_pressure{status_code::resource_exhausted, "too many requests"};
const status unavailable{status_code::unavailable, "connection lost"};

failure_facts usual() { return {}; }

failure_facts with(bool failure_facts::*fact, bool value = true) {
  failure_facts facts;
  facts.*fact = value;
  return facts;
}

failure_facts with_both(bool failure_facts::*one, bool failure_facts::*other) {
  auto facts = with(one);
  facts.*other = true;
  return facts;
}

// A job that may not be failed, and why.
failure_facts not_failed(bool gone, bool activated_again, bool release = false) {
  failure_facts facts;
  facts.may_be_failed = false;
  facts.gone = gone;
  facts.activated_again = activated_again;
  facts.release = release;
  return facts;
}

TEST(FailureStep, BeforeAnAttemptTheStateOfTheJobDecides) {
  struct row {
    const char* about;
    failure_facts facts;
    failure_step step;
  };
  const std::vector<row> table = {
      {"as usual", usual(), failure_step::send},
      {"gone", not_failed(true, false), failure_step::superseded},
      {"gone, and activated again", not_failed(true, true), failure_step::superseded},
      {"activated again", not_failed(false, true), failure_step::taken},
      {"lease over", not_failed(false, false), failure_step::undelivered},
      {"lease over, release", not_failed(false, false, true), failure_step::lapsed},
      {"lease over, the token decides", with(&failure_facts::lease_over), failure_step::send},
      {"lease over, the token decides, release",
       with_both(&failure_facts::lease_over, &failure_facts::release), failure_step::lapsed},
      {"hold time over", with(&failure_facts::hold_time_over), failure_step::undelivered},
      {"stopped: one attempt is made", with(&failure_facts::worker_stopped), failure_step::send},
  };
  for (const auto& row : table) {
    EXPECT_EQ(step_before_sending(row.facts), row.step) << row.about;
  }
}

TEST(FailureStep, AfterAnAttemptTheStatusDecides) {
  struct row {
    const char* about;
    failure_facts facts;
    status answer;
    failure_step step;
  };
  const std::vector<row> table = {
      {"taken", usual(), ok, failure_step::taken},
      {"no such job", usual(), not_found, failure_step::superseded},
      {"another activation holds it", usual(), another_lease, failure_step::superseded},
      {"another activation holds it, after a lost answer", with(&failure_facts::answer_lost),
       another_lease, failure_step::superseded},
      {"another activation holds it, at the stop", with(&failure_facts::worker_stopped),
       another_lease, failure_step::superseded},
      {"failed by another worker", usual(), not_active, failure_step::undelivered},
      {"failed by our own lost attempt", with(&failure_facts::answer_lost), not_active,
       failure_step::taken},
      {"variables refused", with(&failure_facts::has_variables), invalid_argument,
       failure_step::send_without_variables},
      {"variables too large", with(&failure_facts::has_variables), too_large,
       failure_step::send_without_variables},
      {"message refused", usual(), invalid_argument, failure_step::undelivered},
      {"back-pressure", usual(), back_pressure, failure_step::wait_and_repeat},
      {"answer lost", usual(), unavailable, failure_step::wait_and_repeat},
      {"answer lost at the end", with(&failure_facts::worker_stopped), unavailable,
       failure_step::undelivered},
      {"back-pressure at the end", with(&failure_facts::worker_stopped), back_pressure,
       failure_step::undelivered},
      {"marker: answer lost", with(&failure_facts::send_once), unavailable,
       failure_step::undelivered},
      {"marker: refused before it was carried out", with(&failure_facts::send_once), back_pressure,
       failure_step::wait_and_repeat},
      {"marker: variables refused",
       with_both(&failure_facts::send_once, &failure_facts::has_variables), invalid_argument,
       failure_step::send_without_variables},
  };
  for (const auto& row : table) {
    EXPECT_EQ(step_after_answer(row.facts, row.answer), row.step) << row.about;
  }
}

TEST(FailureStep, OnlyBackPressureSaysThatNothingWasCarriedOut) {
  EXPECT_FALSE(may_have_been_carried_out(back_pressure));
  EXPECT_TRUE(may_have_been_carried_out(unavailable));
}

}  // namespace
}  // namespace worker::jobs
