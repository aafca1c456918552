#include "connector/aws/credentials/worker_credentials.h"

#include <optional>
#include <string>
#include <utility>

#include "connector/aws/credentials/static_credentials.h"

namespace connector::aws {

namespace {

error refused(failure_class what, std::string message) {
  error e;
  e.code = error_code::credentials_error;
  e.what = what;
  e.message = std::move(message);
  return e;
}

result<credentials> pick(const identity& who, const std::optional<credentials>& own) {
  if (who.role) {
    return refused(failure_class::permanent, "Assuming a role is not in this version.");
  }
  switch (who.from) {
    case identity::kind::worker:
      if (own) return *own;
      // The operator can repair this without touching the task, so the job may be tried again.
      return refused(failure_class::not_started,
                     "The worker has no AWS credentials: set AWS_ACCESS_KEY_ID and "
                     "AWS_SECRET_ACCESS_KEY in its environment.");
    case identity::kind::keys:
      return static_credentials(who.access_key_id, who.secret_access_key, who.session_token,
                                "the task's own keys");
    case identity::kind::profile:
      return refused(failure_class::permanent, "Credential profiles are not in this version.");
    case identity::kind::none:
      break;
  }
  return refused(failure_class::permanent, "Calls without a signature are not in this version.");
}

class worker_credentials final : public credentials_provider {
 public:
  explicit worker_credentials(std::optional<credentials> own) : own_(std::move(own)) {}

  boost::asio::awaitable<result<credentials>> get(identity who, deadline /*end*/) override {
    co_return pick(who, own_);
  }

  void expired(const identity& /*who*/, const std::string& /*access_key_id*/) override {
    // The environment of a running process does not change: there is nothing fresher to fetch.
  }

  [[nodiscard]] std::string describe() const override { return own_ ? own_->source : "none"; }

 private:
  std::optional<credentials> own_;
};

}  // namespace

result<std::unique_ptr<credentials_provider>> make_worker_credentials(const variables& look_up) {
  auto own = environment_credentials(look_up);
  if (!own) return own.error();
  return std::unique_ptr<credentials_provider>(
      std::make_unique<worker_credentials>(std::move(*own)));
}

}  // namespace connector::aws
