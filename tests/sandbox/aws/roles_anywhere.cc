#include "tests/sandbox/aws/roles_anywhere.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <optional>
#include <utility>

#include "tests/sandbox/aws/http_date.h"
#include "tests/sandbox/aws/x509_signature.h"
#include "tests/sandbox/lambda/encoding.h"

namespace sandbox {

namespace json = boost::json;

namespace {

stand_in_answer error_answer(int status, const std::string& name, const std::string& message) {
  stand_in_answer out;
  out.status = status;
  out.headers.emplace_back("Content-Type", "application/json");
  out.headers.emplace_back("x-amzn-ErrorType", name);
  out.headers.emplace_back("x-amzn-RequestId", "4d7c6f0e-0000-4000-8000-000000000001");
  json::object body;
  body["message"] = message;
  out.body = json::serialize(body);
  return out;
}

stand_in_answer denied(const std::string& message) {
  return error_answer(403, "AccessDeniedException", message);
}

// The parameters of the query, decoded; nothing when one is not encoded the strict way.
std::optional<std::map<std::string, std::string>> parameters_of(std::string_view query) {
  std::map<std::string, std::string> out;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto item = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    const auto equals = item.find('=');
    const auto value = percent_decode(item.substr(equals + 1));
    if (equals == std::string_view::npos || !value ||
        percent_encode(*value) != item.substr(equals + 1)) {
      return std::nullopt;
    }
    out[std::string(item.substr(0, equals))] = *value;
  }
  return out;
}

}  // namespace

roles_anywhere::roles_anywhere(roles_anywhere_options options)
    : options_(std::move(options)),
      server_([this](const stand_in_request& request) { return answer(request); }) {}

void roles_anywhere::set_keys(metadata_keys keys) {
  const std::lock_guard lock(guard_);
  keys_ = std::move(keys);
}

void roles_anywhere::set_fault(metadata_fault fault, int times) {
  const std::lock_guard lock(guard_);
  fault_ = fault;
  faulty_ = times;
}

void roles_anywhere::set_refusal(int status, std::string name, std::string message, int times) {
  const std::lock_guard lock(guard_);
  refusal_ = error_answer(status, name, message);
  refused_ = times;
}

std::string roles_anywhere::last_problem() const {
  const std::lock_guard lock(guard_);
  return last_problem_;
}

stand_in_request roles_anywhere::last_request() const {
  const std::lock_guard lock(guard_);
  return last_request_;
}

stand_in_answer roles_anywhere::answer(const stand_in_request& request) {
  const std::lock_guard lock(guard_);
  auto out = answer_to(request);
  const auto now = std::chrono::system_clock::now() + clock_offset_.load();
  out.headers.emplace_back("Date", http_date(now));
  return out;
}

stand_in_answer roles_anywhere::answer_to(const stand_in_request& request) {
  ++requests;
  last_request_ = request;
  if (refused_ > 0) {
    --refused_;
    return refusal_;
  }
  if (request.method != "POST" ||
      (request.target != "/sessions" && !request.target.starts_with("/sessions?"))) {
    return error_answer(404, "UnknownOperationException", "no such operation");
  }
  const auto now = std::chrono::system_clock::now() + clock_offset_.load();
  const auto verdict = verify_x509_request(request, options_.region, options_.anchor, now);
  last_problem_ = verdict.problem;
  if (!verdict.problem.empty()) {
    ++(verdict.trusted ? bad_signatures : untrusted);
    return verdict.trusted ? denied("The request signature does not match: " + verdict.problem)
                           : denied("Untrusted certificate. Insufficient certificate");
  }
  auto out = session(request);
  if (faulty_ > 0 && out.status == 201) {
    --faulty_;
    return with_fault(fault_, std::move(out));
  }
  return out;
}

stand_in_answer roles_anywhere::session(const stand_in_request& request) {
  boost::system::error_code failed;
  const auto body = json::parse(request.body, failed);
  const auto* fields = failed ? nullptr : body.if_object();
  const auto mark = request.target.find('?');
  auto asked = parameters_of(mark == std::string::npos ? "" : request.target.substr(mark + 1));
  if (!asked || fields == nullptr) {
    return error_answer(400, "ValidationException", "malformed query or body");
  }
  // The service takes the three ARNs in the query or in the body.
  for (const char* name : {"trustAnchorArn", "profileArn", "roleArn"}) {
    const auto* value = fields->if_contains(name);
    if (value != nullptr && value->is_string()) asked->emplace(name, value->as_string().c_str());
    if (!asked->contains(name)) {
      return error_answer(400, "ValidationException", std::string(name) + " is missing");
    }
  }
  if (asked->at("trustAnchorArn") != options_.trust_anchor_arn ||
      asked->at("profileArn") != options_.profile_arn) {
    return error_answer(404, "ResourceNotFoundException", "no such trust anchor or profile");
  }
  if (asked->at("roleArn") != options_.role_arn) {
    return denied("Unable to assume role for " + asked->at("roleArn"));
  }
  const auto* seconds = fields->if_contains("durationSeconds");
  if (seconds == nullptr || !seconds->is_int64() || seconds->as_int64() < 900 ||
      seconds->as_int64() > 43'200) {
    return error_answer(400, "ValidationException", "durationSeconds");
  }
  if (fields->contains("roleSessionName") && !options_.takes_session_names) {
    return denied("The profile does not accept custom role session names");
  }
  json::object keys;
  keys["accessKeyId"] = keys_.id_prefix + std::to_string(++sessions);
  keys["secretAccessKey"] = keys_.secret;
  keys["sessionToken"] = keys_.token;
  keys["expiration"] = iso_time(std::chrono::seconds(seconds->as_int64()) + clock_offset_.load());
  json::object entry;
  entry["assumedRoleUser"] = json::object{{"arn", options_.role_arn}, {"assumedRoleId", "AROA:x"}};
  entry["credentials"] = std::move(keys);
  entry["packedPolicySize"] = 6;
  entry["roleArn"] = options_.role_arn;
  stand_in_answer out;
  out.status = 201;
  out.headers.emplace_back("Content-Type", "application/json");
  out.body = json::serialize(
      json::object{{"credentialSet", json::array{std::move(entry)}},
                   {"subjectArn", "arn:aws:rolesanywhere:eu-central-1:123456789012:subject/x"}});
  return out;
}

}  // namespace sandbox
