#include "connector/lambda/invoke/invoke_request.h"

#include <fmt/format.h>

#include <utility>

#include "connector/base/percent.h"
#include "connector/lambda/invoke/client_context.h"
#include "connector/lambda/invoke/invoke_payload.h"

namespace connector::lambda {

namespace {

std::string target_of(const invoke_input& input, const aws::endpoint& where) {
  auto target = function_path(where, input.function.text) + "/invocations";
  const auto& qualifier = input.function.qualifier;
  if (!qualifier.empty()) target += "?Qualifier=" + percent_encode(qualifier);
  return target;
}

result<std::string> body_of(invoke_input& input, const job_context& job,
                            const std::string& job_context_in_payload) {
  auto body = std::move(input.payload).value_or(std::string());
  const bool is_event = input.type == invocation_type::event;
  if (is_event && !job_context_in_payload.empty() && !job.job_key.empty()) {
    auto known = job;
    // Each call of one durable execution must have the same payload, those of other versions of
    // this worker and of the engine too.
    if (!input.durable_name.empty()) {
      known.retries.reset();
      known.priority.reset();
      known.business_id.clear();
      known.physical_tenant.clear();
      known.tags.clear();
    }
    auto with_job =
        with_member(std::move(body), job_context_in_payload, job_block(known, input.traceparent));
    if (!with_job) return with_job.error();
    body = *std::move(with_job);
  }
  if (auto fits = check_size(body, is_event); !fits) return fits.error();
  return body;
}

}  // namespace

result<void> check_size(const std::string& body, bool is_event) {
  const auto most = is_event ? max_event_payload : max_payload;
  if (body.size() <= most) return {};
  error e;
  e.code = error_code::request_too_large;
  e.message = fmt::format(
      "payload: {} bytes, of which Lambda takes {} in {} call; send less, or where it lies",
      body.size(), most, is_event ? "an Event" : "a synchronous");
  return e;
}

result<invoke_request> make_invoke_request(invoke_input& input, const job_context& job,
                                           const std::string& job_context_in_payload,
                                           const aws::endpoint& where,
                                           const std::string& user_agent) {
  invoke_request made;
  auto& out = made.request;
  out.method = "POST";
  out.to = where.to;
  out.target = target_of(input, where);
  auto& fields = out.fields;
  fields.reserve(8);
  fields.emplace_back("User-Agent", user_agent);
  fields.emplace_back("Accept-Encoding", "identity");
  fields.emplace_back("X-Amz-Invocation-Type", name_of(input.type));
  if (input.log_tail) fields.emplace_back("X-Amz-Log-Type", "Tail");
  if (input.type == invocation_type::request_response) {
    // Lambda gives a client context to no other kind of call.
    auto context = make_client_context(input.client_context, job, input.traceparent);
    if (!context) return context.error();
    if (!context->header.empty()) {
      fields.emplace_back("X-Amz-Client-Context", std::move(context->header));
    }
    made.left_out = std::move(context->left_out);
  }
  const auto optional = [&fields](const char* name, const std::string& value) {
    if (!value.empty()) fields.emplace_back(name, value);
  };
  optional("X-Amz-Tenant-Id", input.tenant_id);
  optional("X-Amz-Durable-Execution-Name", input.durable_name);
  optional("traceparent", input.traceparent);
  optional("X-Amzn-Trace-Id", input.trace_header);
  auto body = body_of(input, job, job_context_in_payload);
  if (!body) return body.error();
  out.body = *std::move(body);
  if (!out.body.empty()) fields.emplace_back("Content-Type", "application/json");
  return made;
}

}  // namespace connector::lambda
