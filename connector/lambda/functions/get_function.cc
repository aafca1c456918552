#include <optional>
#include <string>
#include <utility>

#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/lambda/functions/api_call.h"
#include "connector/lambda/functions/function_configuration.h"
#include "connector/lambda/prepare.h"

namespace connector::lambda {

namespace {

// Where the code lies is a presigned URL: that part of the answer is not even looked at.
class get_function_call final : public operation_call {
 public:
  result<reading> read(http::response from) override {
    const auto read = json::members(without_mark(from.body));
    if (read.wrong) return not_that_answer(read.wrong->reason);
    const auto given = json::find(read.members, "Configuration");
    const auto all = configuration_fields();
    const auto configuration =
        given ? shown_configuration(*given, {all.begin(), all.end()}, false) : std::nullopt;
    if (!configuration) return not_that_answer("it holds no configuration");
    const auto part = [&](std::string_view name) {
      return json::find(read.members, name).value_or("null");
    };
    answer out;
    out.variables.push_back({"configuration", *configuration});
    out.variables.push_back({"tags", std::string(part("Tags"))});
    out.variables.push_back({"concurrency", with_lower_names(part("Concurrency"))});
    if (const auto id = aws::request_id_of(from); !id.empty()) {
      out.details.push_back({"requestId", json::quote(id)});
    }
    return reading(std::move(out));
  }
};

}  // namespace

result<std::unique_ptr<operation_call>> prepare_get_function(std::vector<input_value> inputs,
                                                             const call& asked,
                                                             const settings& how) {
  auto made = std::make_unique<get_function_call>();
  made->operation = operation_id::get_function;
  made->effect = side_effect::none;
  if (auto aimed = aim_at_function(*made, "GET", std::move(inputs), asked, how); !aimed) {
    return aimed.error();
  }
  return std::unique_ptr<operation_call>(std::move(made));
}

}  // namespace connector::lambda
