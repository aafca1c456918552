// The next step while the result of a job is being sent (CompleteJob or ThrowError): the
// decisions of `command_sender` as a table. Pure.
#pragma once

#include "worker/engine/types.h"

namespace worker::jobs {

enum class result_step {
  send,             // send the command
  taken,            // the engine took it: the job ended as the command says
  superseded,       // the engine has no such job any more
  fenced,           // another activation holds the job
  activation_over,  // undelivered: the activation is over, and no function was called
  not_active,       // undelivered: the job is not active any more, and no function was called
  fail_refused,     // fail the job instead: the engine refuses the command
  fail_too_large,   // fail the job instead: the engine does not take so many bytes
  hold,             // keep the result and send it again later
};

// Facts about the job and the command before each attempt.
struct result_facts {
  bool gone = false;
  bool may_be_completed = true;  // active_job::may_be_completed
  bool may_have_run = true;      // of the command: the function may have run, so the result counts
  bool has_new_token = false;    // the job was activated here again while the command was sent
};

// `send` or the end.
result_step step_before_sending(const result_facts& facts);

// `send`: at once, with the new token.
result_step step_after_answer(const result_facts& facts, const engine::status& status);

}  // namespace worker::jobs
