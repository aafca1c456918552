#include "tests/sandbox/aws/secrets_manager.h"

#include <boost/json.hpp>
#include <chrono>
#include <utility>

#include "tests/sandbox/aws/http_date.h"

namespace sandbox {

namespace {

stand_in_answer refuse(int status, const std::string& code,
                       const std::string& message = "refused by the sandbox") {
  stand_in_answer out;
  out.status = status;
  out.headers = {{"Content-Type", "application/x-amz-json-1.1"}};
  out.body = boost::json::serialize(boost::json::object{{"__type", code}, {"Message", message}});
  return out;
}

}  // namespace

secrets_manager::secrets_manager(std::string region, std::vector<access_key> keys,
                                 std::uint16_t port)
    : verifier_({std::move(region), "secretsmanager", std::chrono::minutes(5), true},
                std::move(keys)),
      server_([this](const stand_in_request& request) { return answer(request); }, false, port) {}

void secrets_manager::put(const std::string& name, std::string text) {
  const std::lock_guard lock(guard_);
  secrets_[name] = std::move(text);
}

void secrets_manager::fail(int status, std::string code) {
  const std::lock_guard lock(guard_);
  status_ = status;
  code_ = std::move(code);
}

std::size_t secrets_manager::count() const {
  const std::lock_guard lock(guard_);
  return count_;
}

void secrets_manager::set_clock(std::chrono::seconds ahead) {
  const std::lock_guard lock(guard_);
  ahead_ = ahead;
}

stand_in_answer secrets_manager::answer(const stand_in_request& request) {
  const std::lock_guard lock(guard_);
  auto out = answer_to(request);
  out.headers.emplace_back("Date", http_date(std::chrono::system_clock::now() + ahead_));
  return out;
}

stand_in_answer secrets_manager::answer_to(const stand_in_request& request) {
  header_views headers(request.headers.begin(), request.headers.end());
  const auto checked =
      verifier_.verify({request.method, request.target, std::move(headers), request.body},
                       std::chrono::system_clock::now() + ahead_);
  if (!checked.accepted()) return refuse(403, checked.error_type, checked.message);
  ++count_;
  if (status_ != 0) return refuse(status_, code_);
  if (request.method != "POST" || request.target != "/" ||
      request.header("x-amz-target") != "secretsmanager.GetSecretValue" ||
      request.header("content-type") != "application/x-amz-json-1.1") {
    return refuse(400, "UnknownOperationException");
  }
  boost::system::error_code bad;
  const auto asked = boost::json::parse(request.body, bad);
  if (bad || !asked.is_object() || !asked.as_object().contains("SecretId")) {
    return refuse(400, "InvalidParameterException");
  }
  const auto found = secrets_.find(asked.at("SecretId").as_string().c_str());
  if (found == secrets_.end()) return refuse(400, "ResourceNotFoundException");
  stand_in_answer out;
  out.headers = {{"Content-Type", "application/x-amz-json-1.1"}};
  out.body = boost::json::serialize(boost::json::object{
      {"ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:" + found->first + "-AbCdEf"},
      {"Name", found->first},
      {"SecretString", found->second},
      {"VersionStages", boost::json::array{"AWSCURRENT"}}});
  return out;
}

}  // namespace sandbox
