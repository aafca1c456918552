#include "connector/lambda/durable/stop_execution.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"
#include "connector/base/percent.h"
#include "connector/lambda/durable/execution_arn.h"
#include "connector/lambda/durable/execution_question.h"
#include "connector/lambda/functions/api_call.h"

namespace connector::lambda {

namespace {

answer answer_that(bool stopped) {
  answer out;
  out.variables.push_back({"stopped", stopped ? "true" : "false"});
  return out;
}

class stop_call final : public operation_call {
 public:
  std::string name;
  std::string job_key;
  aws::endpoint where;
  bool looks_for_it = false;

  result<reading> read(http::response from) override {
    if (!looks_for_it) return reading(answer_that(true));
    auto found = running_one(from.body);
    if (!found) return found.error();
    if (found->empty()) return reading(answer_that(false));
    looks_for_it = false;
    aim_at(*found);
    return reading(further_exchange{});
  }

  void aim_at(const std::string& arn) {
    request.method = "POST";
    request.target = execution_path(where, arn) + "/stop";
    request.body =
        json::object_writer()
            .string("ErrorType", "Cancelled")
            .string("ErrorMessage", fmt::format("Job {} is gone at the workflow engine.", job_key))
            .take();
    request.fields.emplace_back("Content-Type", "application/json");
  }

 private:
  // Its ARN; empty: none runs.
  [[nodiscard]] result<std::string> running_one(std::string_view body) const {
    const auto read = json::members(without_mark(body));
    if (read.wrong) return not_that_answer(read.wrong->reason);
    const auto list = json::find(read.members, "DurableExecutions");
    if (!list || json::kind_of(*list) != json::kind::array) {
      return not_that_answer("it holds no executions");
    }
    for (const auto item : json::elements(*list)) {
      const auto fields = json::members(item).members;
      const auto text = [&](std::string_view of) {
        const auto value = json::find(fields, of);
        return value ? json::text_of(*value).value_or("") : "";
      };
      const auto arn = text("DurableExecutionArn");
      const auto parsed = parse_execution_arn(arn);
      if (text("Status") == "RUNNING" && parsed && parsed->name == name) return arn;
    }
    return std::string();
  }
};

// The ARN that the job brought. Empty when it has none, or another party wrote the variable, or the
// task has changed since: then the execution is looked for by its name.
std::string own_execution(const call& asked, const invoke_input& input, std::string_view region) {
  const auto& known = asked.durable->execution;
  const auto execution = parse_execution_arn(known);
  const bool own = execution && belongs_to(*execution, input) && execution->region == region;
  return own ? known : std::string();
}

}  // namespace

result<std::unique_ptr<operation_call>> prepare_stop(invoke_input input, const call& asked,
                                                     const settings& how) {
  auto made = std::make_unique<stop_call>();
  made->operation = operation_id::get_execution;
  made->effect = side_effect::none;
  input.frame.timeout =
      std::min<std::chrono::milliseconds>(input.frame.timeout, default_api_timeout);
  auto where = resolve_function(*made, std::move(input.frame), input.function, asked, how);
  if (!where) return where.error();
  made->where = *where;
  made->name = input.durable_name;
  made->job_key = asked.job.job_key;
  auto path = fmt::format("{}/2025-12-01/functions/{}/durable-executions?DurableExecutionName={}",
                          where->base_path, percent_encode(input.function.text),
                          percent_encode(input.durable_name));
  if (!input.function.qualifier.empty()) {
    path += "&Qualifier=" + percent_encode(input.function.qualifier);
  }
  made->request = api_request("GET", *where, std::move(path), how);
  const auto known = own_execution(asked, input, made->region);
  made->looks_for_it = known.empty();
  if (!known.empty()) made->aim_at(known);
  made->function = std::move(input.function.text);
  made->about = known.empty() ? made->name : known;
  return std::unique_ptr<operation_call>(std::move(made));
}

}  // namespace connector::lambda
