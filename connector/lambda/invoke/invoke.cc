#include <fmt/format.h>

#include <utility>

#include "connector/base/json.h"
#include "connector/lambda/durable/durable_start.h"
#include "connector/lambda/durable/execution_question.h"
#include "connector/lambda/durable/stop_execution.h"
#include "connector/lambda/invoke/function_url_invoke.h"
#include "connector/lambda/invoke/invoke_input.h"
#include "connector/lambda/invoke/invoke_request.h"
#include "connector/lambda/invoke/invoke_response.h"
#include "connector/lambda/prepare.h"

namespace connector::lambda {

namespace {

class invoke_call final : public operation_call {
 public:
  std::vector<std::string_view> left_out;  // of the job's block, in the client context
  bool starts = false;                     // a durable execution that it does not wait for
  std::string execution_name;

  result<reading> read(http::response from) override {
    if (starts) return read_start(from, function, execution_name);
    const bool named_none = !http::find_header(from.fields, execution_arn_header);
    auto got = read_invoke_answer(std::move(from), function);
    if (!got) return got.error();
    if (named_none && effect == side_effect::attaches)
      notes.push_back(plain_function_note(function));
    if (!left_out.empty()) {
      std::string names = "[";
      for (const auto name : left_out) names += (names.size() > 1 ? "," : "") + json::quote(name);
      got->details.push_back({"jobContextLeftOut", names + "]"});
    }
    return reading(*std::move(got));
  }
};

std::string note_of(const std::vector<std::string_view>& left_out) {
  return fmt::format(
      "clientContext leaves no room for all of custom.job, because Lambda takes 3,583 bytes of "
      "base64; left out: {}",
      fmt::join(left_out, ", "));
}

result<std::unique_ptr<operation_call>> prepare_by_name(invoke_input input, const call& asked,
                                                        const settings& how) {
  auto made = std::make_unique<invoke_call>();
  if (asked.durable) {
    if (auto named = name_execution(input, *asked.durable); !named) return named.error();
    if (asked.durable->stop) return prepare_stop(std::move(input), asked, how);
    if (!asked.durable->execution.empty()) {
      return prepare_question(std::move(input), asked, how);
    }
    made->starts = asked.durable->poll;
    made->execution_name = input.durable_name;
    made->effect = side_effect::attaches;
  }
  made->function = input.function.text;
  auto where = resolve_function(*made, std::move(input.frame), input.function, asked, how);
  if (!where) return where.error();
  if (!how.log_tail) input.log_tail = false;
  auto request =
      make_invoke_request(input, asked.job, asked.job_context_in_payload, *where, how.user_agent);
  if (!request) return request.error();
  made->request = std::move(request->request);
  made->left_out = std::move(request->left_out);
  if (!made->left_out.empty()) made->notes.push_back(note_of(made->left_out));
  if (input.type == invocation_type::dry_run) {
    made->effect = side_effect::none;
  } else {
    made->runs = guarded(input.function, made->region);
  }
  return std::unique_ptr<operation_call>(std::move(made));
}

}  // namespace

result<std::unique_ptr<operation_call>> prepare_invoke(std::vector<input_value> inputs,
                                                       const call& asked, const settings& how) {
  auto input = read_invoke_input(std::move(inputs));
  if (!input) return input.error();
  if (input->url && asked.durable) {
    return field_error("functionName",
                       "a function URL has no durable executions; name the function, or take the "
                       "header durable away");
  }
  if (input->url) return prepare_function_url(*std::move(input), asked, how);
  return prepare_by_name(*std::move(input), asked, how);
}

}  // namespace connector::lambda
