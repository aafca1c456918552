// The command `print-task-tables`: as JSON, the inputs, headers and result variables that a task
// can have, the error codes, and the known regions. The element templates are checked against it.
#include <fmt/format.h>

#include <string>

#include "connector/base/error.h"
#include "connector/base/json.h"
#include "connector/base/json_writer.h"
#include "connector/base/regions.h"
#include "connector/base/words.h"
#include "connector/operations.h"
#include "worker/cli/actions.h"
#include "worker/jobs/task_headers.h"

namespace worker::cli {

namespace {

namespace json = connector::json;

std::string_view name_of(connector::input_type type) {
  using enum connector::input_type;
  switch (type) {
    case string:
      return "string";
    case any_json:
      return "any";
    case object:
      return "object";
    case iso_duration:
      return "duration";
    case integer:
      return "integer";
    case boolean:
      return "boolean";
    case string_list:
      return "list";
  }
  return "";
}

class list {
 public:
  void add(const std::string& item) { text_ += (text_.size() > 1 ? "," : "") + item; }
  [[nodiscard]] std::string text() const { return text_ + "]"; }

 private:
  std::string text_ = "[";
};

std::string inputs_of(const connector::operation_spec& operation) {
  list out;
  for (const auto& input : operation.inputs) {
    out.add(json::object_writer()
                .string("name", input.name)
                .string("type", name_of(input.type))
                .boolean("required", input.required)
                .string("words", connector::joined(input.words, "|"))
                .string("fields", connector::joined(input.fields, "|"))
                .string("types", connector::joined(input.types, "|"))
                .take());
  }
  return out.text();
}

std::string outputs_of(const connector::operation_spec& operation) {
  list out;
  for (const auto& output : operation.outputs) out.add(json::quote(output.name));
  return out.text();
}

std::string error_codes() {
  list out;
  constexpr auto last = static_cast<int>(connector::error_code::cancelled);
  for (int i = 0; i <= last; ++i) {
    const auto code = static_cast<connector::error_code>(i);
    out.add(json::quote(connector::name_of(code)));
  }
  return out.text();
}

std::string regions_known() {
  list out;
  for (const auto region : connector::known_regions()) out.add(json::quote(region));
  return out.text();
}

}  // namespace

int print_task_tables() {
  list operations;
  for (const auto& each : connector::operations()) {
    operations.add(json::object_writer()
                       .string("name", each.name)
                       .string("jobType", each.default_job_type)
                       .raw("inputs", inputs_of(each))
                       .raw("outputs", outputs_of(each))
                       .take());
  }
  list headers;
  for (const auto& header : jobs::header_table()) {
    headers.add(
        json::object_writer().string("name", header.name).string("words", header.words).take());
  }
  fmt::print("{}\n", json::object_writer()
                         .raw("operations", operations.text())
                         .raw("headers", headers.text())
                         .raw("errorCodes", error_codes())
                         .raw("regions", regions_known())
                         .take());
  return exit_fine;
}

}  // namespace worker::cli
