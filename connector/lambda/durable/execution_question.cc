#include "connector/lambda/durable/execution_question.h"

#include <fmt/format.h>

#include <utility>

#include "connector/base/percent.h"
#include "connector/base/shortened.h"
#include "connector/lambda/durable/execution_state.h"
#include "connector/lambda/functions/api_call.h"

namespace connector::lambda {

namespace {

// Most questions find an execution that runs, so they ask without its payload, result and error.
constexpr std::string_view without_data = "?IncludeExecutionData=false";
constexpr std::string_view with_data = "?IncludeExecutionData=true";

class question final : public operation_call {
 public:
  std::string arn;
  std::string path;

  result<reading> read(http::response from) override {
    auto state = read_execution(from.body);
    if (!state) return state.error();
    using enum execution_state::phase;
    if (state->at == runs) return reading(unfinished{arn, fmt::format("it is {}", state->status)});
    if (state->at == deleted) {
      error e;
      e.code = error_code::not_found;
      e.message = "the execution is being deleted, and its result is lost";
      return e;
    }
    if (!std::exchange(asked_for_data_, true)) {
      request.target = path + std::string(with_data);
      return reading(further_exchange{});
    }
    return reading(answer_of(*std::move(state), arn, aws::request_id_of(from), function));
  }

 private:
  bool asked_for_data_ = false;
};

}  // namespace

bool belongs_to(const execution_arn& execution, const invoke_input& input) {
  const auto& reference = input.function.reference;
  return execution.name == input.durable_name && execution.function == reference.name &&
         (reference.account.empty() || reference.account == execution.account);
}

std::string execution_path(const aws::endpoint& where, std::string_view arn) {
  return fmt::format("{}/2025-12-01/durable-executions/{}", where.base_path, percent_encode(arn));
}

result<std::unique_ptr<operation_call>> prepare_question(invoke_input input, const call& asked,
                                                         const settings& how) {
  auto made = std::make_unique<question>();
  made->arn = asked.durable->execution;
  const auto execution = parse_execution_arn(made->arn);
  if (!execution || !belongs_to(*execution, input)) {
    return bad_input(fmt::format(
        "the execution \"{}\" that was started for this job does not belong to function \"{}\" and "
        "the "
        "name \"{}\": the task has changed since, or another party wrote the variable",
        shortened(made->arn, 256), shortened(input.function.text, 256), input.durable_name));
  }
  made->operation = operation_id::get_execution;
  made->effect = side_effect::none;
  input.frame.timeout =
      std::min<std::chrono::milliseconds>(input.frame.timeout, default_api_timeout);
  auto where = resolve_function(*made, std::move(input.frame), input.function, asked, how);
  if (!where) return where.error();
  if (execution->region != made->region) {
    return bad_input(fmt::format(
        "the execution \"{}\" that was started for this job is in another region than {}: the task "
        "has changed since",
        shortened(made->arn, 256), made->region));
  }
  made->path = execution_path(*where, made->arn);
  made->request = api_request("GET", *where, made->path + std::string(without_data), how);
  made->function = std::move(input.function.text);
  made->about = made->arn;
  return std::unique_ptr<operation_call>(std::move(made));
}

}  // namespace connector::lambda
