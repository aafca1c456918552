// A job in its states: what each of them allows, and what moves a job to the next.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tests/unit/worker/jobs/active_job_fixture.h"

namespace worker::jobs {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

using ActiveJob = active_job_fixture;

// What each state allows while the lease is alive: the table of the room's README.
struct allowed {
  job_state state;
  bool start, call, fail, complete, extend;
};
const std::vector<allowed> what_states_allow = {
    {job_state::arrived, true, false, true, true, true},
    {job_state::queued, true, false, true, true, true},
    {job_state::set_aside, false, false, true, true, false},
    {job_state::releasing, false, false, true, true, true},
    {job_state::running, false, true, true, true, true},
    {job_state::failing, false, false, true, true, true},
    {job_state::gone, false, false, false, false, false},
};

TEST_F(ActiveJob, EachStateAllowsWhatTheTableSays) {
  for (const auto& row : what_states_allow) {
    SCOPED_TRACE(name_of(row.state));
    const auto job = in(row.state);
    EXPECT_EQ(job->state(), row.state);
    EXPECT_EQ(job->may_start(arrived_at), row.start);
    EXPECT_EQ(job->may_call(arrived_at), row.call);
    EXPECT_EQ(job->may_be_failed(arrived_at), row.fail);
    EXPECT_EQ(job->may_be_completed(arrived_at, false), row.complete);
    EXPECT_EQ(job->may_be_extended(extension_due), row.extend);
  }
}

TEST_F(ActiveJob, NothingStartsOrCallsWithinTheMarginOfItsLease) {
  EXPECT_FALSE(in(job_state::queued)->may_start(nearly_over));
  EXPECT_FALSE(in(job_state::running)->may_call(nearly_over));
  EXPECT_TRUE(in(job_state::running)->may_be_failed(nearly_over));
}

TEST_F(ActiveJob, AfterTheLeaseOnlyTheResultOfACallThatMayHaveRunIsSent) {
  const auto job = in(job_state::running);
  EXPECT_FALSE(job->may_be_failed(lease_over));
  EXPECT_FALSE(job->may_be_completed(lease_over, false));
  EXPECT_TRUE(job->may_be_completed(lease_over, true));
  EXPECT_FALSE(job->may_be_extended(lease_over));
}

TEST_F(ActiveJob, WithALeaseTokenTheEngineDecidesAboutCommandsAndOurClockAboutCalls) {
  auto leased = job_with(7);
  leased.lease_token = "first";
  active_job job(loop.get_executor(), leased, type, one_minute);
  job.start(shared.take_slot(0));
  EXPECT_TRUE(job.may_be_failed(lease_over));
  EXPECT_TRUE(job.may_be_completed(lease_over, false));
  EXPECT_FALSE(job.may_call(lease_over));
  EXPECT_FALSE(job.may_be_extended(lease_over));
  job.found_fenced();
  EXPECT_EQ(job.state(), job_state::gone);
  EXPECT_FALSE(job.may_be_failed(arrived_at));
  EXPECT_FALSE(job.may_be_completed(arrived_at, true));
}

TEST_F(ActiveJob, ANewActivationBringsANewToken) {
  auto again = job_with(7);
  again.lease_token = "second";
  for (const auto state : {job_state::queued, job_state::running}) {
    const auto job = in(state);
    EXPECT_EQ(job->ref().lease_token, "");
    EXPECT_TRUE(job->activated_again(again, one_minute));
    EXPECT_EQ(job->ref().lease_token, "second");
  }
}

// It lives on at the engine, so an activation that comes here is a run of its own.
TEST_F(ActiveJob, ActivationOfAFencedJobIsTheNextOne) {
  const auto job = in(job_state::running);
  job->found_fenced();
  EXPECT_FALSE(job->activated_again(job_with(7, R"({"new":1})"), one_minute));
  auto next = job->take_next();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->job.variables, R"({"new":1})");
}

TEST_F(ActiveJob, StoppedJobMakesNoCallAndKeepsItsState) {
  const auto job = in(job_state::running);
  job->stop();
  EXPECT_TRUE(job->stops());
  EXPECT_EQ(job->state(), job_state::running);
  EXPECT_FALSE(job->may_call(arrived_at));
  EXPECT_TRUE(job->may_be_failed(arrived_at));
}

TEST_F(ActiveJob, RunUnderANewActivationTakesOverLeaseAndRetries) {
  const auto job = in(job_state::running);
  job->begin_reading();
  const lease later{arrived_at + seconds(120), seconds(60)};
  EXPECT_TRUE(job->activated_again(job_with(7, R"({"new":1})", 2), later));
  EXPECT_EQ(job->current_lease().expires, later.expires);
  EXPECT_EQ(job->job().retries, 2);
  EXPECT_EQ(job->job().variables, "{}");
  EXPECT_FALSE(job->variables_are_current());
  EXPECT_FALSE(job->has_next());
}

TEST_F(ActiveJob, WaitingJobTakesOverVariablesToo) {
  for (const auto state : {job_state::queued, job_state::set_aside, job_state::releasing}) {
    SCOPED_TRACE(name_of(state));
    const auto job = in(state);
    job->charge_bytes(shared.charge_bytes(2));
    EXPECT_TRUE(job->activated_again(job_with(7, R"({"new":1})"), one_minute));
    EXPECT_EQ(job->job().variables, R"({"new":1})");
    EXPECT_EQ(shared.bytes_used(), 9U);
    job->begin_reading();
    EXPECT_TRUE(job->variables_are_current());
  }
}

TEST_F(ActiveJob, ActivationOfAFailingJobIsTheNextOne) {
  // given: its FailJob is under way
  const auto job = in(job_state::failing);
  const lease later{arrived_at + seconds(120), seconds(60)};
  // when
  EXPECT_FALSE(job->activated_again(job_with(7, R"({"new":1})"), later));
  // then: its own lease is unchanged, and it is not failed a second time
  EXPECT_EQ(job->current_lease().expires, one_minute.expires);
  EXPECT_FALSE(job->may_be_failed(arrived_at));
  auto next = job->take_next();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->job.variables, R"({"new":1})");
  EXPECT_EQ(next->granted.expires, later.expires);
  EXPECT_FALSE(job->has_next());
}

TEST_F(ActiveJob, FailingJobThatIsGoneKeepsItsNextActivationApart) {
  const auto job = in(job_state::failing);
  job->found_gone();
  EXPECT_EQ(job->state(), job_state::gone);
  EXPECT_FALSE(job->activated_again(job_with(7), one_minute));
  EXPECT_TRUE(job->has_next());
}

TEST_F(ActiveJob, SlotComesFreeWhenItIsGivenBackWhenItsResultIsHeldAndAtTheEnd) {
  const auto in_use = [this] { return shared.slots() - shared.free_slots(); };
  auto first = in(job_state::running);
  auto second = in(job_state::running);
  auto third = in(job_state::running);
  EXPECT_EQ(in_use(), 3U);
  first->give_back_slot();
  EXPECT_EQ(in_use(), 2U);
  second->result_is_held(10);
  EXPECT_EQ(in_use(), 1U);
  third.reset();
  EXPECT_EQ(in_use(), 0U);
}

TEST_F(ActiveJob, QueuePlaceComesFreeWhenItLeavesTheQueueOrIsReleased) {
  auto first = in(job_state::queued);
  auto second = in(job_state::queued);
  EXPECT_EQ(shared.free_queue_places(), 2U);
  first->leave_queue();
  EXPECT_EQ(shared.free_queue_places(), 3U);
  EXPECT_TRUE(first->may_start(arrived_at));
  second->release();
  EXPECT_EQ(shared.free_queue_places(), 4U);
  EXPECT_FALSE(second->was_started());
}

TEST_F(ActiveJob, LargeResponseHasItsOwnMemoryUntilItsResultIsHeld) {
  const auto job = in(job_state::running);
  job->charge_bytes(shared.charge_bytes(2));
  job->keep_response_memory(std::make_shared<int>(1));
  job->count_result(500);
  EXPECT_EQ(shared.bytes_used(), 0U);
  job->result_is_held(500);
  EXPECT_EQ(shared.bytes_used(), 500U);
}

TEST_F(ActiveJob, WaitEndsEarlyWhenSomethingChanges) {
  const std::vector<std::pair<std::string, std::function<void(active_job&)>>> changes = {
      {"activated again", [](auto& job) { job.activated_again(job_with(7), one_minute); }},
      {"gone", [](auto& job) { job.found_gone(); }},
      {"stop", [](auto& job) { job.stop(); }},
  };
  for (const auto& [name, change] : changes) {
    SCOPED_TRACE(name);
    // given: a job that waits for an hour
    const auto job = in(job_state::running);
    bool woken = false;
    boost::asio::co_spawn(loop, job->wait_for_change(hours(1)),
                          [&woken](const std::exception_ptr&) { woken = true; });
    loop.restart();
    loop.poll();
    ASSERT_FALSE(woken);
    // when
    change(*job);
    loop.restart();
    loop.poll();
    // then
    EXPECT_TRUE(woken);
  }
}

TEST_F(ActiveJob, GoneAndStoppedJobsAbandonTheirCall) {
  const std::vector<std::pair<std::string, std::function<void(active_job&)>>> changes = {
      {"gone", [](auto& job) { job.found_gone(); }}, {"stop", [](auto& job) { job.stop(); }}};
  for (const auto& [name, change] : changes) {
    SCOPED_TRACE(name);
    const auto job = in(job_state::running);
    auto type_of_cancellation = boost::asio::cancellation_type::none;
    job->abandon_signal().slot().assign(
        [&](boost::asio::cancellation_type how) { type_of_cancellation = how; });
    change(*job);
    EXPECT_EQ(type_of_cancellation, boost::asio::cancellation_type::terminal);
  }
}

TEST_F(ActiveJob, TextsAreUnchangedUntilMasksWerePrepared) {
  secrets::redaction_registry registry;
  const auto job = in(job_state::running);
  EXPECT_EQ(job->masked("the key is correct-horse-battery"), "the key is correct-horse-battery");
  job->keep_secrets({registry.add(connector::secret_string("correct-horse-battery"))});
  job->prepare_masks(registry);
  EXPECT_EQ(job->masked("the key is correct-horse-battery").find("correct-horse"),
            std::string::npos);
}

}  // namespace
}  // namespace worker::jobs
