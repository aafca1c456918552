// Calls of list, get and delete through the service.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {

class FunctionsService : public service_fixture {
 public:
  using named = std::vector<input_value>;

  static call ask(operation_id operation, named inputs) {
    auto out = with(std::move(inputs));
    out.operation = operation;
    return out;
  }
  outcome list(named inputs = {}) { return run(ask(operation_id::list_functions, inputs)); }
  outcome get(named inputs = {{"functionName", "\"orders\""}}) {
    return run(ask(operation_id::get_function, std::move(inputs)));
  }
  outcome remove(named inputs = {{"functionName", "\"orders\""}}) {
    return run(ask(operation_id::delete_function, std::move(inputs)));
  }

  void page(const std::string& functions, const std::string& marker) {
    client.answers.push_back(
        answer_with(200, "{\"Functions\":[" + functions + "],\"NextMarker\":" + marker + "}"));
  }

  static std::string variable(const outcome& of, std::string_view name) {
    if (of.failed()) return of.failed()->message;
    for (const auto& field : of.answered()->variables) {
      if (field.name == name) return field.value;
    }
    return "(none)";
  }

  std::string target(std::size_t at = 0) const { return client.sent.at(at).request.target; }
};

}  // namespace connector::lambda
