// The command `print-task-tables`: the inputs and headers that a task can have, as JSON. The
// element templates are checked against it.
#include <fmt/format.h>

#include <string>

#include "connector/base/json.h"
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
                .take());
  }
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
                         .take());
  return exit_fine;
}

}  // namespace worker::cli
