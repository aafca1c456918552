#include "tests/journey/test_environment.h"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <stdexcept>

namespace journey {

namespace {

std::filesystem::path make_folder() {
  auto name = (std::filesystem::temp_directory_path() / "journey-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

worker::config::settings settings_from(const environment_variables& variables) {
  worker::config::sources from;
  from.environment = variables;
  auto loaded = worker::config::load(from);
  if (!loaded.issues.empty()) throw std::runtime_error(describe(loaded.issues.front()));
  return std::move(loaded.values);
}

bool has_ended(const job_account& job) {
  return job.state == job_state::incident || job.state == job_state::error_thrown ||
         job.state == job_state::completed || job.state == job_state::cancelled;
}

}  // namespace

test_environment::test_environment(test_environment_options options)
    : folder_(make_folder()), extra_(std::move(options.worker)) {
  if (options.engine.expiry_interval == milliseconds(1000)) {
    options.engine.expiry_interval = milliseconds(20);
  }
  engine_ = std::make_unique<sandbox::engine::engine>(options.engine);
  if (options.lambda.ca_file.empty()) options.lambda.ca_file = folder_ / "ca.pem";
  lambda_ = std::make_unique<sandbox::lambda>(options.lambda);
  if (options.start_worker) start_worker();
}

test_environment::~test_environment() {
  worker_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

environment_variables test_environment::usual() const {
  const sandbox::access_key key;
  return {{"CAMUNDA_GRPC_ADDRESS", "http://" + engine_->address()},
          {"AWS_REGION", "us-east-1"},
          {"AWS_ACCESS_KEY_ID", key.id},
          {"AWS_SECRET_ACCESS_KEY", key.secret},
          {"AWS_ENDPOINT_URL_LAMBDA", lambda_->endpoint()},
          {"AWS_CA_BUNDLE", (folder_ / "ca.pem").string()},
          {"CAMUNDA_CLIENT_WORKER_DEFAULTS_REQUESTTIMEOUT", "500ms"},
          {"LAMBDA_CONNECTOR_DRAIN_TIME", "10s"},
          {"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "off"},
          // One type, one stream: a test that wants others names them.
          {"LAMBDA_CONNECTOR_JOB_TYPES", "lambdaConnector.INVOKE"},
          {"LOG_LEVEL", "off"}};
}

environment_variables test_environment::variables(const environment_variables& extra) const {
  auto out = usual();
  for (const auto& [name, value] : extra_) out[name] = value;
  for (const auto& [name, value] : extra) out[name] = value;
  return out;
}

std::unique_ptr<running_worker> test_environment::another_worker(
    environment_variables extra) const {
  return std::make_unique<running_worker>(variables(extra));
}

void test_environment::start_worker(environment_variables extra) {
  worker_ = another_worker(std::move(extra));
}

bool test_environment::wait(const std::function<bool()>& until) const {
  for (auto waited = milliseconds(0); waited < patience; waited += milliseconds(10)) {
    if (engine_->wait_until(until, milliseconds(10))) return true;
  }
  return false;
}

job_account test_environment::run(const job_spec& spec) {
  return wait_ended(engine_->create(spec));
}

job_account test_environment::wait_ended(std::int64_t job_key) {
  wait([&] { return has_ended(account(job_key)); });
  return account(job_key);
}

job_account test_environment::account(std::int64_t job_key) const {
  return engine_->account(job_key).value_or(job_account{});
}

running_worker::running_worker(const environment_variables& variables)
    : settings_(settings_from(variables)) {
  parts_ = std::make_unique<worker::program::application>(loop_.get_executor(), settings_);
  parts_->worker();
  if (settings_.admin.listen.on) {
    const auto failed = parts_->admin().start(settings_.admin.listen);
    if (!failed.empty()) throw std::runtime_error("admin port: " + failed);
  }
  boost::asio::co_spawn(loop_, parts_->begin(), boost::asio::detached);
  thread_ = std::thread([this] { loop_.run(); });
}

running_worker::~running_worker() { stop_now(); }

void running_worker::take_over(const environment_variables& variables) {
  const auto fresh = settings_from(variables);
  std::promise<void> done;
  boost::asio::post(loop_, [&] {
    parts_->take_over(fresh);
    done.set_value();
  });
  done.get_future().wait();
}

bool running_worker::stop() {
  if (std::exchange(stopped_, true)) return true;
  auto done = boost::asio::co_spawn(loop_, parts_->worker().stop(), boost::asio::use_future);
  const bool clean = done.get().nothing();
  boost::asio::post(loop_, [this] {
    parts_->admin().stop();
    parts_->close_idle();
  });
  thread_.join();
  return clean;
}

bool running_worker::stop_now() {
  if (!stopped_) {
    boost::asio::post(loop_, [this] { parts_->worker().abort_drain(); });
  }
  return stop();
}

std::shared_ptr<void> running_worker::stall() {
  std::promise<void> stands;
  auto go_on = std::make_shared<std::promise<void>>();
  boost::asio::post(loop_, [&stands, until = go_on->get_future().share()] {
    stands.set_value();
    until.wait();
  });
  stands.get_future().wait();
  return {nullptr, [go_on](void*) { go_on->set_value(); }};
}

worker::jobs::worker_snapshot running_worker::snapshot() {
  if (stopped_) return parts_->worker().snapshot();
  std::promise<worker::jobs::worker_snapshot> answer;
  auto seen = answer.get_future();
  boost::asio::post(loop_, [&] { answer.set_value(parts_->worker().snapshot()); });
  return seen.get();
}

std::uint64_t running_worker::ended(worker::jobs::job_end how) {
  if (stopped_) return parts_->worker().outcomes().total(how);
  std::promise<std::uint64_t> answer;
  auto seen = answer.get_future();
  boost::asio::post(loop_, [&] { answer.set_value(parts_->worker().outcomes().total(how)); });
  return seen.get();
}

job_spec call_of(const std::string& function, const std::string& payload,
                 const std::string& headers) {
  job_spec spec;
  spec.variables = R"({"lambda":{"functionName":")" + function + R"(","payload":)" + payload + "}}";
  spec.headers = headers;
  return spec;
}

}  // namespace journey
