#include "worker/cli/function_choices.h"

#include <fmt/format.h>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"

namespace worker::cli {

namespace json = connector::json;

namespace {

std::string_view member(std::string_view object, std::string_view name) {
  return json::find(json::members(object).members, name).value_or("null");
}

std::string text_of(std::string_view object, std::string_view name) {
  return json::text_of(member(object, name)).value_or(std::string());
}

}  // namespace

function_choices choices_of(std::string_view variables) {
  std::string out;
  for (const auto function : json::elements(member(variables, "functions"))) {
    const auto name = text_of(function, "functionName");
    const auto runtime = text_of(function, "runtime");
    out += fmt::format("{}  {}", out.empty() ? "\n" : ",\n",
                       json::object_writer()
                           .string("name", runtime.empty() ? name : name + " (" + runtime + ")")
                           .string("value", name)
                           .take());
  }
  return {out.empty() ? "[]" : "[" + out + "\n]", member(variables, "nextMarker") == "null"};
}

}  // namespace worker::cli
