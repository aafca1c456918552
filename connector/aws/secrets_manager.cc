#include "connector/aws/secrets_manager.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/aws/error_table.h"
#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"

namespace connector::aws {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// Secrets have at most 64 KiB; escaped, and with the members around them, six times as much.
constexpr std::size_t max_secret_answer = 512 * 1024;
constexpr json::limits answer_shape{.depth = 8};

error wrong(std::string_view secret_id, std::string_view problem, failure_class kind) {
  error e;
  e.code = error_code::secret_error;
  e.failure = kind;
  e.message = fmt::format("Secrets Manager, secret {}: {}", secret_id, problem);
  return e;
}

secrets_manager_settings with_clocks(secrets_manager_settings how) {
  if (!how.wall_time) how.wall_time = [] { return wall_clock::now(); };
  if (!how.now) how.now = [] { return boot_clock::now(); };
  return how;
}

std::string advice_for(const service_failure& failure) {
  const std::string_view name = failure.name;
  if (name == "ResourceNotFoundException") {
    return " Check the name and the region of the secret.";
  }
  if (name == "AccessDeniedException") {
    return " The worker's credentials need secretsmanager:GetSecretValue on it.";
  }
  if (name == "DecryptionFailure" || name == "DecryptionFailureException") {
    return " The worker's credentials need kms:Decrypt on its key.";
  }
  if (says_time(failure)) return fmt::format(" {}", advice_on_time);
  return {};
}

}  // namespace

std::string_view region_of_secret(std::string_view secret_id) {
  if (!secret_id.starts_with("arn:")) return {};
  for (int part = 0; part < 3; ++part) {
    secret_id.remove_prefix(std::min(secret_id.find(':'), secret_id.size() - 1) + 1);
  }
  return secret_id.substr(0, secret_id.find(':'));
}

result<secret_string> read_secret_value(std::string_view body, std::string_view secret_id) {
  const auto read = json::members(without_mark(body), answer_shape);
  if (read.wrong) {
    return wrong(secret_id, "the answer is no JSON object", failure_class::not_started);
  }
  const auto value = json::find(read.members, "SecretString");
  if (!value) {
    return wrong(secret_id, "it is binary; a JSON object as text is needed",
                 failure_class::permanent);
  }
  auto text = json::text_of(*value);
  if (!text) {
    return wrong(secret_id, "SecretString of the answer is no text", failure_class::not_started);
  }
  return secret_string::take(*text);
}

secrets_manager::secrets_manager(secrets_manager_settings how, http::client& client,
                                 credentials_provider& credentials)
    : settings_(with_clocks(std::move(how))),
      credentials_(credentials),
      exchange_(client, {settings_.wall_time, settings_.now}) {
  region_ = region_of_secret(settings_.secret_id);
  if (region_.empty()) region_ = settings_.region;
}

result<endpoint> secrets_manager::where() const {
  if (region_.empty()) {
    return wrong(settings_.secret_id, "no region to ask in; set AWS_REGION or give its ARN",
                 failure_class::permanent);
  }
  return settings_.endpoint_of(region_);
}

http::request secrets_manager::request(const endpoint& to) const {
  auto out = post_request(to, "application/x-amz-json-1.1",
                          json::object_writer().string("SecretId", settings_.secret_id).take(),
                          settings_.user_agent);
  out.fields.emplace_back("X-Amz-Target", "secretsmanager.GetSecretValue");
  return out;
}

asio::awaitable<result<secret_string>> secrets_manager::get(deadline end) {
  const auto to = where();
  if (!to) co_return to.error();
  auto asking = request(*to);
  identity who;
  who.region = region_;
  auto keys = co_await credentials_.get(who, end);
  if (!keys) co_return wrong(settings_.secret_id, keys.error().message, keys.error().failure);
  const auto& region = to->signing_region.empty() ? region_ : to->signing_region;
  const auto sign = [this, &keys, &region](http::request& request, wall_clock::time_point at) {
    signer_.sign(request, *keys, region, "secretsmanager", at);
    return true;
  };
  http::limits bounds;
  bounds.first_byte = 5000ms;
  bounds.body_bytes = max_secret_answer;
  bounds.end = end;
  auto heard = co_await exchange_.send(std::move(asking), sign, bounds);
  auto& answer = heard.answer;
  if (!answer) {
    co_return wrong(settings_.secret_id, answer.error().message, failure_class::not_started);
  }
  if (answer->status == 200) {
    auto out = read_secret_value(answer->body, settings_.secret_id);
    wipe(answer->body);
    co_return out;
  }
  const auto failure = read_service_error(*answer);
  const bool old_keys = says_old_keys(failure);
  if (old_keys) credentials_.expired(who, keys->access_key_id);
  const bool passes =
      answer->status >= 500 || old_keys || meaning_of(failure).failure != failure_class::permanent;
  co_return wrong(settings_.secret_id,
                  fmt::format("the service answers {} {}.{}", answer->status, failure.name,
                              advice_for(failure)),
                  passes ? failure_class::not_started : failure_class::permanent);
}

}  // namespace connector::aws
