// The composition root: only this room names concrete classes. The parts are made in the order of
// the way of a job and destroyed in the reverse order. Throws std::runtime_error at start when a
// file cannot be used. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connector/aws/credentials/provider.h"
#include "connector/aws/credentials/shared_config/shared_files.h"
#include "connector/aws/probe.h"
#include "connector/aws/secrets_manager.h"
#include "connector/aws/service_endpoint.h"
#include "connector/connector.h"
#include "connector/http/address_guard.h"
#include "connector/http/client.h"
#include "connector/lambda/call_limiter.h"
#include "connector/lambda/settings.h"
#include "worker/admin/admin_port.h"
#include "worker/config/settings.h"
#include "worker/engine/grpc_gateway.h"
#include "worker/jobs/job_worker.h"
#include "worker/policy/policy_rules.h"
#include "worker/program/credentials_factory.h"
#include "worker/program/gateway_login.h"
#include "worker/secrets/redaction_registry.h"
#include "worker/secrets/remote_source.h"
#include "worker/secrets/resolver.h"

namespace connector {
class memory_budget;
}

namespace worker::program {

class application {
 public:
  // `watch` gets a report of every exchange with AWS Lambda; may be empty. With `mistakes` the
  // application goes on without a CA bundle, a client certificate and a region of the shared files
  // that cannot be used, and what would have been thrown for each is there.
  application(boost::asio::any_io_executor loop, const config::settings& settings,
              std::function<void(const connector::lambda::attempt_report&)> watch = {},
              std::vector<std::string>* mistakes = nullptr);
  ~application();
  application(const application&) = delete;
  application& operator=(const application&) = delete;

  // The AWS side, made at once.
  connector::service& service() { return *service_; }
  connector::aws::credentials_provider& credentials() { return credentials_->provider(); }
  // What the operator should know of the shared files of the AWS tools; a sentence each.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // The region of calls that name none: of the settings, else of the shared files; may be empty.
  const std::string& region() const { return aws_.region; }
  const connector::http::client& http() const { return *http_; }
  // For `check`: tests keys and endpoints.
  connector::aws::probe& probe() { return *probe_; }
  // At the end: idle connections and fetches under way would keep the loop running.
  void close_idle();
  const secrets::resolver& secrets() const { return *resolver_; }
  const std::vector<secrets::source*>& secret_sources() const { return sources_; }
  // The remote source among them; null: there is none.
  const secrets::source* secret_store() const { return store_; }
  // Of AWS, as the shared files completed it, and what set it; empty: the system's roots.
  const std::string& ca_bundle() const { return aws_.ca_bundle; }
  const std::string& ca_bundle_setting() const { return ca_bundle_setting_; }
  // Reads the remote store of secrets for the first time, if there is one. Empty, or the error.
  boost::asio::awaitable<std::string> load_secrets();
  secrets::redaction_registry& redaction() { return *redaction_; }
  const policy::policy_rules& policies() const { return policies_; }
  // The settings that may change while the worker runs: log level, guards, limits, credential
  // profiles. The secrets of the remote store are read again. Jobs that are under way keep what
  // they began with.
  void take_over(const config::settings& fresh);

  // The engine's side, made when first asked for.
  engine::grpc_gateway& gateway();
  // What the log says beside an answer of the gateway that was not expected; before worker().
  void advise_on_gateway(jobs::gateway_outage::advisor hint) { gateway_hint_ = std::move(hint); }
  // Null: the worker does not log in at the gateway.
  gateway_login* login();
  jobs::job_worker& worker();
  // Reads the secrets and starts the worker. The first jobs would fail without the secrets; a store
  // that is unavailable delays the start by one attempt.
  boost::asio::awaitable<void> begin();
  // Health and metrics of worker(); the caller opens the port.
  admin::admin_port& admin();

 private:
  void add_secret_source(std::string_view name);

  boost::asio::any_io_executor loop_;
  const config::settings& settings_;
  connector::aws::shared_files files_;
  std::vector<std::string> warnings_;
  config::aws_settings aws_;  // completed by the shared files
  std::string ca_bundle_setting_;
  connector::aws::endpoint_choices endpoints_;
  // Shared with the log's hook, which may outlive this.
  std::shared_ptr<secrets::redaction_registry> redaction_;
  std::vector<secrets::redaction_registry::own_handle> own_secrets_;  // never forgotten
  std::vector<std::unique_ptr<secrets::source>> owned_sources_;
  std::vector<secrets::source*> sources_;
  secrets::remote_source* store_ = nullptr;  // one of sources_
  std::unique_ptr<secrets::resolver> resolver_;
  policy::policy_rules policies_;
  connector::http::address_check may_connect_;  // of the destinations of calls, by the policy
  std::shared_ptr<connector::memory_budget> response_budget_;
  std::unique_ptr<connector::http::client> http_;
  std::unique_ptr<credentials_factory> credentials_;
  std::unique_ptr<connector::aws::secrets_manager> secrets_manager_;
  std::unique_ptr<connector::aws::probe> probe_;
  admin::call_meter meter_;
  connector::lambda::call_limiter limits_;
  jobs::gateway_outage::advisor gateway_hint_;
  std::unique_ptr<connector::service> service_;
  std::unique_ptr<gateway_login> login_;
  std::unique_ptr<engine::grpc_gateway> gateway_;
  std::unique_ptr<jobs::job_worker> worker_;
  std::unique_ptr<admin::admin_port> admin_;
};

// Sets up the log by the settings.
void set_up_log(const config::settings& settings);

}  // namespace worker::program
