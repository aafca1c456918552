#include "tests/sandbox/aws/container_endpoint.h"

#include <utility>

namespace sandbox {

container_endpoint::container_endpoint(std::string token, bool ipv6)
    : token_(std::move(token)),
      server_([this](const stand_in_request& request) { return answer(request); }, ipv6) {}

void container_endpoint::set_token(std::string token) {
  const std::lock_guard lock(guard_);
  token_ = std::move(token);
}

void container_endpoint::set_keys(metadata_keys keys) {
  const std::lock_guard lock(guard_);
  keys_ = std::move(keys);
}

void container_endpoint::set_fault(metadata_fault fault, int times) {
  const std::lock_guard lock(guard_);
  fault_ = fault;
  faulty_ = times;
}

stand_in_answer container_endpoint::answer(const stand_in_request& request) {
  const std::lock_guard lock(guard_);
  ++requests;
  stand_in_answer out;
  if (request.method != "GET" || request.target != path() ||
      request.header("Authorization") != token_) {
    ++refused;
    out.status = request.target != path() ? 404 : 401;
    out.body = R"({"code":"AccessDenied","message":"no"})";
    return out;
  }
  const auto id = keys_.id_prefix + std::to_string(answered + 1);
  out.headers.emplace_back("Content-Type", "application/json");
  out.body = R"({"RoleArn":"arn:aws:iam::123456789012:role/task","AccessKeyId":")" + id +
             R"(","SecretAccessKey":")" + keys_.secret + R"(","Token":")" + keys_.token +
             R"(","Expiration":")" + iso_time(keys_.life) + R"("})";
  if (faulty_ > 0) {
    --faulty_;
    if (fault_ != metadata_fault::slow) return with_fault(fault_, std::move(out));
    out = with_fault(fault_, std::move(out));
  }
  ++answered;
  return out;
}

}  // namespace sandbox
