#include "worker/jobs/failure_step.h"

namespace worker::jobs {

using engine::status_class;

failure_step step_before_sending(const failure_facts& facts) {
  // The engine has taken the job back, which is all that a release is for.
  const bool lapsed = facts.release && facts.lease_over;
  if (facts.may_be_failed && !lapsed) {
    return facts.hold_time_over ? failure_step::undelivered : failure_step::send;
  }
  if (facts.gone) return failure_step::superseded;
  if (facts.activated_again) return failure_step::taken;
  return facts.release ? failure_step::lapsed : failure_step::undelivered;
}

failure_step step_after_answer(const failure_facts& facts, const engine::status& status) {
  switch (engine::classify(status)) {
    case status_class::accepted:
      return failure_step::taken;
    case status_class::gone:
    case status_class::fenced:
      return failure_step::superseded;
    case status_class::not_now:
      // The job is not active: our own lost attempt failed it, or another worker did.
      return facts.answer_lost ? failure_step::taken : failure_step::undelivered;
    case status_class::refused:
    case status_class::too_large:
      return facts.has_variables ? failure_step::send_without_variables : failure_step::undelivered;
    case status_class::transient:
      // With a lost answer the marker of atMostOnce decides what comes next.
      if (facts.send_once && may_have_been_carried_out(status)) return failure_step::undelivered;
      return facts.worker_stopped ? failure_step::undelivered : failure_step::wait_and_repeat;
  }
  return failure_step::undelivered;
}

bool may_have_been_carried_out(const engine::status& status) {
  return status.code != engine::status_code::resource_exhausted;
}

}  // namespace worker::jobs
