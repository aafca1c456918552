#include "connector/lambda/invoke.h"

#include <utility>

#include "connector/lambda/invoke_input.h"
#include "connector/lambda/invoke_request.h"
#include "connector/lambda/invoke_response.h"

namespace connector::lambda {

namespace {

class invoke_call final : public operation_call {
 public:
  result<std::optional<answer>> read(http::response from) override {
    auto got = read_invoke_answer(std::move(from), function);
    if (!got) return got.error();
    return std::optional<answer>(*std::move(got));
  }
};

}  // namespace

result<std::unique_ptr<operation_call>> prepare_invoke(std::vector<input_value> inputs,
                                                       const call& what, const settings& how) {
  auto input = read_invoke_input(std::move(inputs));
  if (!input) return input.error();
  auto made = std::make_unique<invoke_call>();
  made->region = input->region.empty() ? how.region : input->region;
  if (made->region.empty()) {
    return missing_input(
        "region: neither the task nor the function's name nor the worker names one");
  }
  auto where = aws::regional_endpoint("lambda", made->region);
  if (!where) return where.error();
  if (how.endpoint) where = *how.endpoint;
  if (!how.log_tail) input->log_tail = false;
  auto request =
      make_invoke_request(*input, what.job, what.job_context_in_payload, *where, how.user_agent);
  if (!request) return request.error();
  made->request = *std::move(request);
  made->who = std::move(input->who);
  made->who.region = made->region;
  made->function = std::move(input->function);
  made->timeout = input->timeout;
  if (input->type == invocation_type::dry_run) made->on_service = effect::none;
  return std::unique_ptr<operation_call>(std::move(made));
}

}  // namespace connector::lambda
