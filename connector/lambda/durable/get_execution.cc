#include <utility>

#include "connector/base/json.h"
#include "connector/lambda/durable/execution_arn.h"
#include "connector/lambda/durable/execution_question.h"
#include "connector/lambda/durable/execution_state.h"
#include "connector/lambda/functions/api_call.h"
#include "connector/lambda/prepare.h"

namespace connector::lambda {

namespace {

class get_execution_call final : public operation_call {
 public:
  result<reading> read(http::response from) override {
    auto state = read_execution(from.body);
    if (!state) return state.error();
    const bool failed = state->at == execution_state::phase::failed;
    answer out;
    const auto add = [&out](const char* name, std::string value) {
      out.variables.push_back({name, std::move(value)});
    };
    add("status", json::quote(state->status));
    add("result", std::move(state->result));
    add("executionError", failed ? state->failure.json() : "null");
    add("executionName", std::move(state->name));
    add("functionArn", std::move(state->function_arn));
    add("version", std::move(state->version));
    add("startTimestamp", std::move(state->started));
    add("endTimestamp", std::move(state->ended));
    if (const auto id = aws::request_id_of(from); !id.empty()) {
      out.details.push_back({"requestId", json::quote(id)});
    }
    return reading(std::move(out));
  }
};

}  // namespace

result<std::unique_ptr<operation_call>> prepare_get_execution(std::vector<input_value> inputs,
                                                              const call& asked,
                                                              const settings& how) {
  input_reader in(spec_of(operation_id::get_execution), std::move(inputs));
  auto frame = read_frame(in, default_api_timeout);
  const auto arn = in.text("executionArn");
  const auto parsed = parse_execution_arn(arn);
  if (!parsed) in.add_error(field_error("executionArn", "not the ARN of a durable execution"));
  if (frame.who.from == aws::identity::kind::none) in.add_error(unsigned_api_call());
  if (in.first_error()) return *in.first_error();
  if (!frame.region.empty() && frame.region != parsed->region) {
    return field_error("region", "contradicts the one in executionArn; keep one of them");
  }
  named_function function;
  function.text = parsed->function;
  function.reference = {parsed->function, parsed->partition, parsed->region, parsed->account,
                        parsed->version};
  auto made = std::make_unique<get_execution_call>();
  made->operation = operation_id::get_execution;
  made->effect = side_effect::none;
  auto where = resolve_function(*made, std::move(frame), function, asked, how);
  if (!where) return where.error();
  made->request = api_request("GET", *where, execution_path(*where, arn), how);
  made->function = parsed->function;
  made->about = arn;
  return std::unique_ptr<operation_call>(std::move(made));
}

}  // namespace connector::lambda
