// What becomes of a task with a key in clear in `authentication`: the key is masked, and the task
// is taken, warned about once for its job type, or refused. The references must outlive it. Loop's
// thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "connector/base/error.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/engine_secrets.h"
#include "worker/jobs/task.h"
#include "worker/policy/policy_rules.h"
#include "worker/secrets/redaction_registry.h"

namespace worker::jobs {

class plaintext_key_check {
 public:
  plaintext_key_check(engine::gateway& engine, secrets::redaction_registry& redaction)
      : redaction_(redaction), of_engine_(engine) {}

  // The key may be of a model, of a process, or of an engine that resolved its own secret.
  void mask(active_job& active, const task& read, secrets::data_mode mode);

  struct verdict {
    std::optional<connector::error> refused;  // the error of a task that is refused
    bool ask_engine = false;                  // check_version() decides
    std::string field;                        // that holds the key
  };
  verdict check(const active_job& active, const task& read, secrets::data_mode mode,
                policy::reference_rule rule);
  // Under reference_rule::engine the versions of the brokers decide; the gateway may be asked.
  boost::asio::awaitable<std::optional<connector::error>> check_version(std::string field);

 private:
  secrets::redaction_registry& redaction_;
  engine_secrets of_engine_;
};

}  // namespace worker::jobs
