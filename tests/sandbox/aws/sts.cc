#include "tests/sandbox/aws/sts.h"

#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

#include "tests/sandbox/aws/http_date.h"
#include "tests/sandbox/lambda/encoding.h"

namespace sandbox {

namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

std::map<std::string, std::string> fields_of(std::string_view body) {
  std::map<std::string, std::string> out;
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    const auto item = body.substr(0, end);
    const auto equals = std::min(item.find('='), item.size());
    const auto value = equals < item.size() ? item.substr(equals + 1) : std::string_view();
    out[percent_decode(item.substr(0, equals)).value_or("?")] = percent_decode(value).value_or("?");
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string date(system_clock::time_point at) {
  const std::time_t whole = system_clock::to_time_t(at);
  std::tm parts{};
  gmtime_r(&whole, &parts);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

constexpr const char* space = "https://sts.amazonaws.com/doc/2011-06-15/";

stand_in_answer refuse(int status, const std::string& code, const std::string& message) {
  stand_in_answer out;
  out.status = status;
  out.headers = {{"Content-Type", "text/xml"}};
  out.body = std::string("<ErrorResponse xmlns=\"") + space + "\">\n  <Error>\n    <Type>" +
             (status < 500 ? "Sender" : "Receiver") + "</Type>\n    <Code>" + code +
             "</Code>\n    <Message>" + escaped(message) +
             "</Message>\n  </Error>\n  <RequestId>sandbox</RequestId>\n</ErrorResponse>\n";
  return out;
}

std::string field(const sts_call& call, const char* name) {
  const auto found = call.fields.find(name);
  return found == call.fields.end() ? std::string() : found->second;
}

}  // namespace

sts::sts(std::string region, std::vector<access_key> keys, std::uint16_t port)
    : keys_(std::move(keys)),
      verifier_({std::move(region), "sts", std::chrono::minutes(5), true}, keys_),
      server_([this](const stand_in_request& request) { return answer(request); }, false, port) {}

void sts::set_keys(std::vector<access_key> keys) {
  const std::lock_guard lock(guard_);
  keys_ = std::move(keys);
  share_keys();
}

void sts::set_life(seconds life) {
  const std::lock_guard lock(guard_);
  life_ = life;
}

void sts::require_external_id(const std::string& role_arn, std::string external_id) {
  const std::lock_guard lock(guard_);
  external_ids_[role_arn] = std::move(external_id);
}

void sts::set_web_token(std::string token) {
  const std::lock_guard lock(guard_);
  web_token_ = std::move(token);
}

void sts::fail(sts_fault fault) {
  const std::lock_guard lock(guard_);
  faults_.push_back(std::move(fault));
}

void sts::forget_faults() {
  const std::lock_guard lock(guard_);
  faults_.clear();
}

void sts::set_clock(seconds ahead) {
  const std::lock_guard lock(guard_);
  ahead_ = ahead;
}

void sts::set_delay(std::chrono::milliseconds delay) {
  const std::lock_guard lock(guard_);
  delay_ = delay;
}

void sts::on_new_keys(std::function<void(std::vector<access_key>)> tell) {
  const std::lock_guard lock(guard_);
  tell_ = std::move(tell);
}

std::vector<sts_call> sts::calls() const {
  const std::lock_guard lock(guard_);
  return calls_;
}

std::size_t sts::callers_asked() const {
  const std::lock_guard lock(guard_);
  return callers_asked_;
}

void sts::share_keys() {
  auto all = keys_;
  all.insert(all.end(), given_.begin(), given_.end());
  verifier_.set_keys(all);
  if (tell_) tell_(std::move(all));
}

stand_in_answer sts::answer(const stand_in_request& request) {
  const std::lock_guard lock(guard_);
  sts_call call;
  call.fields = fields_of(request.body);
  call.action = field(call, "Action");
  auto out = decide(request, call);
  if (out.delay == std::chrono::milliseconds(0)) out.delay = delay_;
  out.headers.emplace_back("Date", http_date(system_clock::now() + ahead_));
  call.answered = out.status == 200 && !out.hang;
  if (call.action == "GetCallerIdentity") {
    ++callers_asked_;
  } else {
    calls_.push_back(std::move(call));
  }
  return out;
}

stand_in_answer sts::decide(const stand_in_request& request, sts_call& call) {
  if (!faults_.empty()) {
    auto& fault = faults_.front();
    stand_in_answer out;
    if (fault.code.empty()) {
      out.status = fault.status;
      out.body = fault.message;
    } else {
      out = refuse(fault.status, fault.code, fault.message);
    }
    out.delay = fault.delay;
    out.hang = fault.hang;
    if (--fault.times <= 0) faults_.erase(faults_.begin());
    return out;
  }
  if (request.method != "POST" || request.target != "/" || field(call, "Version") != "2011-06-15" ||
      request.header("content-type") != "application/x-www-form-urlencoded") {
    return refuse(400, "InvalidAction", "Could not find operation for this request.");
  }
  if (call.action == "AssumeRoleWithWebIdentity") {
    if (!request.header("authorization").empty()) {
      return refuse(400, "ValidationError", "A token is not signed.");
    }
    if (field(call, "WebIdentityToken") != web_token_) {
      return refuse(400, "InvalidIdentityToken", "No OpenIDConnect provider found.");
    }
    return give(call);
  }
  const bool names_caller = call.action == "GetCallerIdentity";
  if (call.action != "AssumeRole" && !names_caller)
    return refuse(400, "InvalidAction", "Unknown action.");
  header_views headers(request.headers.begin(), request.headers.end());
  const auto checked =
      verifier_.verify({request.method, request.target, std::move(headers), request.body},
                       system_clock::now() + ahead_);
  if (!checked.accepted()) {
    const bool unknown = checked.error_type == "UnrecognizedClientException";
    const bool expired = checked.error_type == "ExpiredTokenException";
    return refuse(expired ? 400 : 403,
                  unknown   ? "InvalidClientTokenId"
                  : expired ? "ExpiredToken"
                            : "SignatureDoesNotMatch",
                  checked.message);
  }
  call.access_key_id = checked.access_key_id;
  if (names_caller) return name_caller(call);
  const auto role = field(call, "RoleArn");
  const auto wanted = external_ids_.find(role);
  if (wanted != external_ids_.end() && wanted->second != field(call, "ExternalId")) {
    return refuse(403, "AccessDenied",
                  "User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform: "
                  "sts:AssumeRole on resource: " +
                      role);
  }
  return give(call);
}

stand_in_answer sts::name_caller(const sts_call& call) {
  stand_in_answer out;
  out.headers = {{"Content-Type", "text/xml"}};
  out.body = std::string("<GetCallerIdentityResponse xmlns=\"") + space +
             "\">\n  <GetCallerIdentityResult>\n    <Arn>arn:aws:iam::123456789012:user/" +
             escaped(call.access_key_id) +
             "</Arn>\n    <UserId>AIDASANDBOX</UserId>\n    <Account>123456789012</Account>\n"
             "  </GetCallerIdentityResult>\n  <ResponseMetadata><RequestId>sandbox</RequestId>"
             "</ResponseMetadata>\n</GetCallerIdentityResponse>\n";
  return out;
}

stand_in_answer sts::give(const sts_call& call) {
  const auto asked = field(call, "DurationSeconds");
  const seconds wanted = asked.empty() ? seconds(3600) : seconds(std::stol(asked));
  access_key key;
  key.id = "ASIASTS" + std::to_string(given_.size() + 1);
  key.secret = "sandbox/sts/secret/" + std::to_string(given_.size() + 1);
  key.session_token = "sandbox+sts/token&" + std::to_string(given_.size() + 1) + "==";
  key.expires = system_clock::now() + ahead_ + (life_ != seconds(0) ? life_ : wanted);
  given_.push_back(key);
  share_keys();
  const auto role = field(call, "RoleArn");
  const auto name = role.substr(role.rfind('/') + 1) + "/" + field(call, "RoleSessionName");
  stand_in_answer out;
  out.headers = {{"Content-Type", "text/xml"}};
  out.body = "<" + call.action + "Response xmlns=\"" + space + "\">\n  <" + call.action +
             "Result>\n    <AssumedRoleUser>\n      <AssumedRoleId>AROASANDBOX:x</AssumedRoleId>\n"
             "      <Arn>arn:aws:sts::123456789012:assumed-role/" +
             escaped(name) +
             "</Arn>\n    </AssumedRoleUser>\n    <Credentials>\n      <AccessKeyId>" + key.id +
             "</AccessKeyId>\n      <SecretAccessKey>" + key.secret +
             "</SecretAccessKey>\n      <SessionToken>" + escaped(key.session_token) +
             "</SessionToken>\n      <Expiration>" + date(*key.expires) +
             "</Expiration>\n    </Credentials>\n  </" + call.action +
             "Result>\n  <ResponseMetadata><RequestId>sandbox</RequestId></ResponseMetadata>\n</" +
             call.action + "Response>\n";
  return out;
}

}  // namespace sandbox
