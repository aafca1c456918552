#include <optional>
#include <utility>

#include "connector/base/json.h"
#include "connector/lambda/functions/api_call.h"
#include "connector/lambda/prepare.h"

namespace connector::lambda {

namespace {

class delete_function_call final : public operation_call {
 public:
  // A function that does not exist is deleted already. Only Lambda's own name proves it: a 404
  // without name may come from anything on the way.
  [[nodiscard]] bool accepts(const http::response& from) const override {
    return operation_call::accepts(from) || was_not_there(from);
  }

  result<reading> read(http::response from) override {
    answer out;
    out.variables.push_back({"deleted", was_not_there(from) ? "false" : "true"});
    if (const auto id = aws::request_id_of(from); !id.empty()) {
      out.details.push_back({"requestId", json::quote(id)});
    }
    return reading(std::move(out));
  }

 private:
  static bool was_not_there(const http::response& from) {
    return from.status == 404 && aws::read_service_error(from).name == "ResourceNotFoundException";
  }
};

}  // namespace

result<std::unique_ptr<operation_call>> prepare_delete_function(std::vector<input_value> inputs,
                                                                const call& asked,
                                                                const settings& how) {
  auto made = std::make_unique<delete_function_call>();
  made->operation = operation_id::delete_function;
  if (auto aimed = aim_at_function(*made, "DELETE", std::move(inputs), asked, how); !aimed) {
    return aimed.error();
  }
  return std::unique_ptr<operation_call>(std::move(made));
}

}  // namespace connector::lambda
