// The next step while a FailJob is being sent: the decisions of `command_sender` as a table.
// Pure.
#pragma once

#include "worker/engine/types.h"

namespace worker::jobs {

enum class failure_step {
  send,                    // send the command
  taken,                   // the engine took it: the job ended as the command says
  superseded,              // the engine has no such job any more, or another activation holds it
  lapsed,                  // a release is not needed any more: the lease is over
  undelivered,             // give up; the job is free when its lease ends
  send_without_variables,  // send again at once: the message matters more than the variables
  wait_and_repeat,
};

// Facts about the job and the command before each attempt.
struct failure_facts {
  bool may_be_failed = true;  // active_job::may_be_failed; the next two say why not
  bool gone = false;
  bool activated_again = false;  // the retry is here, so an earlier attempt was taken
  bool hold_time_over = false;
  bool worker_stopped = false;
  bool lease_over = false;     // by our clock
  bool release = false;        // of the command
  bool send_once = false;      // of the command
  bool has_variables = false;  // of the command
  bool answer_lost = false;    // an earlier attempt may have been carried out
};

// `send` or the end.
failure_step step_before_sending(const failure_facts& facts);

// Any step but `send`.
failure_step step_after_answer(const failure_facts& facts, const engine::status& status);

// The engine did not say that it refused this attempt before it carried it out.
bool may_have_been_carried_out(const engine::status& status);

}  // namespace worker::jobs
