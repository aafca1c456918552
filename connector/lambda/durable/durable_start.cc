#include "connector/lambda/durable/durable_start.h"

#include <fmt/format.h>

#include "connector/base/shortened.h"
#include "connector/lambda/durable/execution_arn.h"
#include "connector/lambda/input_reader.h"

namespace connector::lambda {

result<void> name_execution(invoke_input& input, const durable_run& run) {
  if (input.type != invocation_type::request_response) {
    return field_error("invocationType",
                       "a task with durable=true waits for its execution, so it takes "
                       "RequestResponse alone; the header wait says how it waits");
  }
  if (run.poll && !input.client_context.empty()) {
    return field_error("clientContext",
                       "wait=poll starts the execution by an Event call, which has no client "
                       "context; put it into the payload");
  }
  if (input.durable_name.empty()) input.durable_name = run.name;
  input.durable_name += run.suffix;
  if (!is_execution_name(input.durable_name)) {
    return field_error(
        "durableExecutionName",
        fmt::format("the execution's name would be \"{}\"; Lambda takes 1 to 64 letters, digits, "
                    "hyphens and underscores",
                    shortened(input.durable_name, 100)));
  }
  if (run.poll) {
    input.type = invocation_type::event;
    input.log_tail = false;
  }
  return {};
}

result<reading> read_start(const http::response& from, std::string_view function,
                           std::string_view execution_name) {
  const auto arn = http::find_header(from.fields, execution_arn_header);
  if (!arn) {
    error e;
    e.code = error_code::service_error;
    e.message = fmt::format(
        "the answer names no durable execution, so function \"{}\" seems not to be durable; make "
        "it a durable function, or take the header durable away",
        shortened(function, 256));
    return e;
  }
  const auto parsed = parse_execution_arn(*arn);
  if (!parsed || parsed->name != execution_name) {
    error e;
    e.code = error_code::service_error;
    e.message = fmt::format("it started \"{}\", which is no execution of the name \"{}\"",
                            shortened(*arn, 256), execution_name);
    return e;
  }
  return reading(unfinished{std::string(*arn), "it was started"});
}

std::string plain_function_note(std::string_view function) {
  return fmt::format(
      "the answer of function \"{}\" names no durable execution, so the function seems not to be "
      "durable and each attempt calls it again; make it a durable function, or take the header "
      "durable away",
      shortened(function, 256));
}

}  // namespace connector::lambda
