// From typed inputs to the HTTP request of an Invoke, unsigned. Pure. Source: Lambda API reference,
// Invoke.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "connector/aws/endpoint.h"
#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/http/message.h"
#include "connector/lambda/invoke/invoke_input.h"

namespace connector::lambda {

// Lambda's own limits of a payload, in bytes: 6 MB (with what it allows on top) and 1 MB.
inline constexpr std::size_t max_payload = 6'291'556;
inline constexpr std::size_t max_event_payload = 1'048'576;

// REQUEST_TOO_LARGE, naming size and limit, when the body is over its limit.
result<void> check_size(const std::string& body, bool is_event);

struct invoke_request {
  http::request request;
  // Members of the job's block that the client context had no room for.
  std::vector<std::string_view> left_out;
};

// The request; its body is taken out of `input`. INVALID_INPUT when the client context or the
// job's block does not fit, REQUEST_TOO_LARGE when the payload is over its limit.
result<invoke_request> make_invoke_request(invoke_input& input, const job_context& job,
                                           const std::string& job_context_in_payload,
                                           const aws::endpoint& where,
                                           const std::string& user_agent);

}  // namespace connector::lambda
