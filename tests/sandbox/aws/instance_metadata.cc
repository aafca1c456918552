#include "tests/sandbox/aws/instance_metadata.h"

#include <string_view>
#include <utility>

namespace sandbox {

namespace {

constexpr std::string_view roles_path = "/latest/meta-data/iam/security-credentials/";

}  // namespace

instance_metadata::instance_metadata(bool ipv6)
    : server_([this](const stand_in_request& request) { return answer(request); }, ipv6) {}

void instance_metadata::set_keys(metadata_keys keys) {
  const std::lock_guard lock(guard_);
  keys_ = std::move(keys);
}

void instance_metadata::set_role(std::string body) {
  const std::lock_guard lock(guard_);
  role_ = std::move(body);
}

void instance_metadata::set_code(std::string code) {
  const std::lock_guard lock(guard_);
  code_ = std::move(code);
}

void instance_metadata::set_token(std::string token, std::string life) {
  const std::lock_guard lock(guard_);
  token_ = std::move(token);
  life_ = std::move(life);
}

void instance_metadata::revoke_tokens() {
  const std::lock_guard lock(guard_);
  good_tokens_.clear();
}

void instance_metadata::allow_version_1() {
  const std::lock_guard lock(guard_);
  version_1_ = true;
}

void instance_metadata::set_fault(step where, metadata_fault fault, int times) {
  const std::lock_guard lock(guard_);
  faults_[where] = {fault, times};
}

stand_in_answer instance_metadata::plain(step where, std::string body) {
  stand_in_answer out;
  out.headers.emplace_back("Content-Type", "text/plain");
  out.body = std::move(body);
  faulty& wrong = faults_[where];
  if (wrong.times <= 0) return out;
  --wrong.times;
  return with_fault(wrong.fault, std::move(out));
}

stand_in_answer instance_metadata::give_token(const stand_in_request& request) {
  ++token_requests;
  const auto life = request.header("X-aws-ec2-metadata-token-ttl-seconds");
  // As the service: a forwarded request gets none, so that an open proxy cannot fetch one.
  if (life.empty() || !request.header("X-Forwarded-For").empty()) {
    stand_in_answer refusal;
    refusal.status = life.empty() ? 400 : 403;
    return refusal;
  }
  const auto token = token_ + "-" + std::to_string(token_requests);
  good_tokens_.insert(token);
  auto out = plain(step::token, token);
  out.headers.emplace_back("X-aws-ec2-metadata-token-ttl-seconds", life_);
  return out;
}

stand_in_answer instance_metadata::give_keys() {
  ++key_requests;
  const auto id = keys_.id_prefix + std::to_string(++given_);
  if (code_ != "Success") {
    return plain(step::keys, R"({"Code":")" + code_ + R"(","Message":"sandbox/metadata/secret"})");
  }
  return plain(step::keys,
               "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2026-11-21T00:00:00Z\",\n"
               "  \"Type\" : \"AWS-HMAC\",\n  \"AccessKeyId\" : \"" +
                   id + "\",\n  \"SecretAccessKey\" : \"" + keys_.secret + "\",\n  \"Token\" : \"" +
                   keys_.token + "\",\n  \"Expiration\" : \"" + iso_time(keys_.life) + "\"\n}");
}

stand_in_answer instance_metadata::answer(const stand_in_request& request) {
  const std::lock_guard lock(guard_);
  if (request.method == "PUT" && request.target == "/latest/api/token") return give_token(request);
  stand_in_answer refusal;
  const auto token = request.header("X-aws-ec2-metadata-token");
  const bool good = token.empty() ? version_1_ : good_tokens_.contains(token);
  if (!good) {
    ++unauthorized;
    refusal.status = 401;
    return refusal;
  }
  const std::string_view target = request.target;
  if (request.method == "GET" && target == roles_path) {
    ++role_requests;
    return plain(step::role, role_);
  }
  if (request.method == "GET" && target == std::string(roles_path) + "worker-role") {
    return give_keys();
  }
  ++unknown;
  refusal.status = 404;
  return refusal;
}

}  // namespace sandbox
