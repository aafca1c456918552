#include "tests/sandbox/engine/parent.h"

namespace sandbox::engine {

const char* to_string(job_event::kind type) {
  using kind = job_event::kind;
  switch (type) {
    case kind::activated:
      return "activated";
    case kind::given_back:
      return "givenBack";
    case kind::timed_out:
      return "timedOut";
    case kind::completed:
      return "completed";
    case kind::failed:
      return "failed";
    case kind::backoff_over:
      return "backoffOver";
    case kind::error_thrown:
      return "errorThrown";
    case kind::incident:
      return "incident";
    case kind::timeout_updated:
      return "timeoutUpdated";
    case kind::retries_updated:
      return "retriesUpdated";
    case kind::resolved:
      return "resolved";
    case kind::cancelled:
      return "cancelled";
  }
  return "?";
}

}  // namespace sandbox::engine
