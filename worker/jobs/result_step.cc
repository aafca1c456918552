#include "worker/jobs/result_step.h"

namespace worker::jobs {

using engine::status_class;

result_step step_before_sending(const result_facts& facts) {
  if (facts.gone) return result_step::superseded;
  return facts.may_be_completed ? result_step::send : result_step::activation_over;
}

result_step step_after_answer(const result_facts& facts, const engine::status& status) {
  switch (engine::classify(status)) {
    case status_class::accepted:
      return result_step::taken;
    case status_class::gone:
      return result_step::superseded;
    case status_class::fenced:
      return facts.has_new_token ? result_step::send : result_step::fenced;
    case status_class::refused:
      return result_step::fail_refused;
    case status_class::too_large:
      return result_step::fail_too_large;
    case status_class::not_now:
      // A result without a call must not overwrite the result of another worker.
      return facts.may_have_run ? result_step::hold : result_step::not_active;
    case status_class::transient:
      return result_step::hold;
  }
  return result_step::hold;
}

}  // namespace worker::jobs
