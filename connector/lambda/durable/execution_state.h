// The state of an execution as GetDurableExecution reports it, and the answer of the call that
// waited for the execution. Pure. Source: GetDurableExecution in Lambda's API reference.
#pragma once

#include <string>
#include <string_view>

#include "connector/base/result.h"
#include "connector/outcome.h"

namespace connector::lambda {

struct execution_state {
  enum class phase { runs, succeeded, failed, deleted };
  // PAUSED and what this version does not know count as `runs`; FAILED, TIMED_OUT and STOPPED as
  // `failed`.
  phase at = phase::runs;
  std::string status;      // the service's word
  bool with_data = false;  // result and error are in the answer
  std::string version;     // JSON text, as all that follows
  std::string name;
  std::string function_arn;
  std::string started;
  std::string ended;
  std::string result;      // what the function returned; null when it has not
  bool is_base64 = false;  // the result is bytes that are not text
  error_object failure;    // when `failed`
  std::string error_data;  // what the function says besides; null when there is none
};

// SERVICE_ERROR for another answer; RESPONSE_REFUSED for a result that the engine would not
// take. The message is a clause.
result<execution_state> read_execution(std::string_view body);

// The answer of a call that waited for it, as Invoke gives it; an error that is set has the type
// TIMED_OUT or STOPPED when the execution ended so. Of an execution that has ended.
answer answer_of(execution_state state, std::string_view arn, std::string_view request_id,
                 std::string_view function);

}  // namespace connector::lambda
