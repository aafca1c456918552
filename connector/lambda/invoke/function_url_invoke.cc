#include "connector/lambda/invoke/function_url_invoke.h"

#include <utility>

#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/lambda/invoke/answer_payload.h"
#include "connector/lambda/invoke/invoke_request.h"

namespace connector::lambda {

namespace {

class function_url_call final : public operation_call {
 public:
  [[nodiscard]] bool accepts(const http::response& from) const override {
    return is_url_answer(from.status);
  }

  [[nodiscard]] aws::service_failure failure_of(const http::response& from) const override {
    return read_url_failure(from);
  }

  result<reading> read(http::response from) override {
    auto got = read_url_answer(std::move(from));
    if (!got) return got.error();
    return reading(*std::move(got));
  }

  // The query may hold a secret.
  [[nodiscard]] std::string shown_target() const override {
    return request.target.substr(0, request.target.find('?'));
  }
};

void add_fields(http::headers& fields, const invoke_input& input, const call& asked,
                const settings& how) {
  const auto optional = [&fields](const char* name, const std::string& value) {
    if (!value.empty()) fields.emplace_back(name, value);
  };
  fields.emplace_back("User-Agent", how.user_agent);
  fields.emplace_back("Accept-Encoding", "identity");
  if (input.payload && !input.payload->empty()) {
    fields.emplace_back("Content-Type", "application/json");
  }
  optional("X-Job-Key", asked.job.job_key);
  optional("X-Process-Instance-Key", asked.job.process_instance_key);
  optional("traceparent", input.traceparent);
  optional("X-Amzn-Trace-Id", input.trace_header);
}

}  // namespace

result<std::unique_ptr<operation_call>> prepare_function_url(invoke_input input, const call& asked,
                                                             const settings& how) {
  auto made = std::make_unique<function_url_call>();
  const auto& url = *input.url;
  if (auto allowed = check_allowed(url.to, "the function URL", asked, url.shown); !allowed) {
    return allowed.error();
  }
  made->function = url.shown;
  auto where = resolve_target(*made, std::move(input.frame), url.region, asked, how);
  if (!where) return where.error();
  made->signing_region = made->region;
  made->is_url = true;
  made->host_of_task = true;
  made->runs = guarded_host{url.to.tls, url.to.host, url.to.port};
  made->is_signed = made->who.from != aws::identity::kind::none;
  auto& request = made->request;
  request.method = "POST";
  request.to = url.to;
  request.target = url.target;
  add_fields(request.fields, input, asked, how);
  request.body = std::move(input.payload).value_or(std::string());
  if (auto fits = check_size(request.body, false); !fits) return fits.error();
  return std::unique_ptr<operation_call>(std::move(made));
}

bool is_url_answer(int status) { return status >= 200 && status < 400; }

result<answer> read_url_answer(http::response from) {
  answer out;
  auto body = read_answer_payload(std::move(from.body));
  if (!body) return body.error();
  out.variables.push_back({"statusCode", std::to_string(from.status)});
  out.variables.push_back({"executedVersion", "null"});
  out.variables.push_back({"payload", std::move(body->json)});
  if (body->is_base64) out.variables.push_back({"payloadEncoding", "\"base64\""});
  out.variables.push_back({"log", "null"});
  if (const auto id = aws::request_id_of(from); !id.empty()) {
    out.details.push_back({"requestId", json::quote(id)});
  }
  const auto location = http::find_header(from.fields, "location");
  if (location && from.status >= 300) out.details.push_back({"location", json::quote(*location)});
  return out;
}

aws::service_failure read_url_failure(const http::response& from) {
  auto failure = aws::read_service_error(from);
  // A name in the body is whatever the function wrote there.
  http::response head;
  if (from.status < 500) head.fields = from.fields;
  failure.name = aws::read_service_error(head).name;
  if (!json::is_object(without_mark(from.body))) failure.message.clear();
  return failure;
}

}  // namespace connector::lambda
