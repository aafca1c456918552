#include "tests/sandbox/demo/stage.h"

#include <cstdlib>
#include <map>
#include <random>
#include <stdexcept>

namespace sandbox::demo {

namespace {

namespace fs = std::filesystem;

// New at every start, so that what is found in a log is of this run.
std::string random_text(std::size_t length) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device source;
  std::uniform_int_distribution<std::size_t> index(0, letters.size() - 1);
  std::string out;
  while (out.size() < length) out += letters[index(source)];
  return out;
}

secrets make_secrets() {
  secrets out;
  out.api_key = "card-" + random_text(24);
  out.billing_account = {"AKIDBILLING", random_text(40), {}, {}};
  return out;
}

// An absolute path, so that what is printed works in another terminal.
fs::path prepare(const fs::path& folder, const secrets& hidden) {
  const auto secrets_folder = fs::absolute(folder) / "secrets";
  fs::create_directories(secrets_folder);
  fs::permissions(secrets_folder, fs::perms::owner_all);
  write_file(secrets_folder / "BILLING_KEY_ID", hidden.billing_account.id);
  write_file(secrets_folder / "BILLING_SECRET_KEY", hidden.billing_account.secret);
  return fs::absolute(folder);
}

lambda_options options_of_lambda(const fs::path& folder, const secrets& hidden) {
  lambda_options out;
  out.ca_file = folder / "ca.pem";
  out.keys = {access_key{}, hidden.billing_account};
  return out;
}

engine::options options_of_engine() {
  engine::options out;
  out.partitions = 3;
  return out;
}

// An Event call brings no client context; the demo's carry the job's block in the payload.
std::string job_key_of(const invocation& call) {
  if (!call.job_key.empty()) return call.job_key;
  constexpr std::string_view name = R"("jobKey":")";
  const auto at = call.payload.find(name);
  if (at == std::string::npos) return {};
  const auto begin = at + name.size();
  return call.payload.substr(begin, call.payload.find('"', begin) - begin);
}

}  // namespace

stage::stage(const fs::path& worker, const fs::path& folder)
    : hidden_(make_secrets()),
      folder_(prepare(folder, hidden_)),
      log_file_(folder_ / "worker.log"),
      functions_(options_of_lambda(folder_, hidden_)),
      gateway_(options_of_engine()),
      worker_(worker_program(worker)) {
  register_functions(functions_, hidden_);
}

std::vector<std::string> stage::never_shown() const {
  return {hidden_.api_key, hidden_.billing_account.secret};
}

std::vector<std::string> stage::call_settings() const {
  const access_key own;
  return {"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=" + own.id,
          "AWS_SECRET_ACCESS_KEY=" + own.secret, "AWS_ENDPOINT_URL_LAMBDA=" + functions_.endpoint(),
          "AWS_CA_BUNDLE=" + (folder_ / "ca.pem").string()};
}

std::vector<std::string> stage::settings() const {
  auto out = call_settings();
  out.insert(out.begin(), "CAMUNDA_GRPC_ADDRESS=http://" + gateway_.address());
  out.push_back("SECRETS_DIR=" + (folder_ / "secrets").string());
  out.push_back("SECRET_CARD_API_KEY=" + hidden_.api_key);
  return out;
}

program stage::worker_program(const fs::path& path) const {
  program out;
  out.name = "the worker";
  out.path = fs::absolute(path);
  out.environment = settings();
  out.environment.push_back("LOG_LEVEL=info");
  out.environment.push_back("LAMBDA_CONNECTOR_ADMIN_ADDRESS=127.0.0.1:0");
  out.log = log_file_;
  for (const char* const name :
       {"PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* const value = std::getenv(name)) {
      out.environment.push_back(std::string(name) + '=' + value);
    }
  }
  return out;
}

void stage::wait_for_worker(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  const auto asked = [this] { return gateway_.calls(engine::rpc::activate_jobs) > 0; };
  while (!gateway_.wait_until(asked, std::chrono::milliseconds(100))) {
    worker_.must_live();
    if (std::chrono::steady_clock::now() > end) {
      throw std::runtime_error("the worker asked for no jobs, see " + log_file_.string());
    }
  }
}

std::vector<finished_job> stage::look_up(const std::vector<std::int64_t>& keys) {
  std::map<std::string, std::vector<recorded_call>> calls;
  for (auto& call : functions_.account().invocations()) {
    calls[job_key_of(call.request)].push_back(std::move(call));
  }
  std::vector<finished_job> out;
  for (const auto key : keys) {
    finished_job job;
    job.number = static_cast<int>(out.size());
    job.job = gateway_.account(key).value();
    job.calls = std::move(calls[std::to_string(key)]);
    out.push_back(std::move(job));
  }
  return out;
}

}  // namespace sandbox::demo
