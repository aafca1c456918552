// The Lambda API without sockets: one HTTP request in, what to answer out. The pieces it refers to
// belong to the server and outlive it. Members may be called from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sandbox/lambda/account.h"
#include "tests/sandbox/lambda/durable.h"
#include "tests/sandbox/lambda/lambda.h"
#include "tests/sandbox/lambda/registry.h"
#include "tests/sandbox/lambda/signature.h"

namespace sandbox {

struct http_request {
  std::string method;
  std::string target;  // raw
  header_list headers;
  std::string body;

  std::string_view header(std::string_view name) const;
};

// The path in its raw segments and the query decoded.
struct request_target {
  std::vector<std::string_view> path;
  std::map<std::string, std::string> query;

  static request_target parse(std::string_view raw);
  std::string_view parameter(const std::string& name) const;
};

// A function call that has been counted; counts its end when it is dropped, if not before.
class counted_call {
 public:
  counted_call(account& counts, invocation request, bool runs);
  ~counted_call();
  counted_call(const counted_call&) = delete;
  counted_call& operator=(const counted_call&) = delete;

  const invocation& request() const { return request_; }
  void finish(int status, std::size_t bytes_out);

 private:
  account& counts_;
  invocation request_;
  const bool runs_;
  bool finished_ = false;
};

struct plan {
  answer reply;
  std::string request_id;
  std::unique_ptr<counted_call> call;  // an Invoke; else empty
  // An Event call: the reply goes out at once and the function ends after this time.
  std::optional<std::chrono::milliseconds> runs_on;
  // A call that waits for a durable execution: asked again and again until it gives the reply.
  std::function<std::optional<answer>()> reply_later;
};

struct service_parts {
  const lambda_options& options;
  registry& functions;
  durable_executions& durables;
  account& counts;
  const signature_verifier& verifier;
  std::atomic<std::chrono::seconds>& clock_offset;
  std::atomic<bool>& throttle_all;
};

class service {
 public:
  explicit service(service_parts parts);
  plan handle(http_request request) const;
  std::chrono::system_clock::time_point now() const;

 private:
  service_parts parts_;
};

// The operations. `segment` is the function's path segment as it was sent.
plan invoke(const service_parts& parts, http_request request, const request_target& target,
            std::string access_key_id);
// An Invoke that names a durable execution; `call` is counted as a request already.
plan invoke_durable(const service_parts& parts, const registry::entry& function, invocation call,
                    plan out);
// Completes the answer of a call that waited: version, log tail, size.
void complete_answer(const invocation& call, answer& made);
// Executions and callbacks; see durable_api.cc.
bool is_durable_api(const request_target& target);
answer durable_api(const service_parts& parts, const http_request& request,
                   const request_target& target);
// Calls by URL; see function_url.cc for their paths.
bool is_function_url(const request_target& target);
bool is_public_url(const request_target& target);
plan function_url(const service_parts& parts, http_request request, const request_target& target,
                  std::string access_key_id);
answer list_functions(const service_parts& parts, const request_target& target);
answer get_function(const service_parts& parts, std::string_view segment,
                    const request_target& target);
answer delete_function(const service_parts& parts, std::string_view segment,
                       const request_target& target);

// A function as a request named it, or the service's refusal.
struct resolved_function {
  registry::entry function;
  std::string qualifier;
  std::string version;
  std::optional<answer> refusal;
};
resolved_function resolve_function(const service_parts& parts, std::string_view segment,
                                   std::string_view query_qualifier);

std::string function_arn(const lambda_options& options, std::string_view name);
std::string make_request_id();

}  // namespace sandbox
