#include "worker/results/error_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "worker/feel/duration.h"
#include "worker/feel/value.h"

namespace worker::results {

using std::chrono::milliseconds;

namespace {

// As long as connector::parse_iso_duration takes.
constexpr milliseconds longest_back_off = std::chrono::hours(24 * 3650);

expression_error wrong(std::string_view field, std::string_view must) {
  return {expression_fault::wrong_value,
          fmt::format("gives a field '{}' that is no {}", field, must)};
}

// The field by its name or by its older one; null when neither is there.
feel::value field_of(const feel::value& decision, std::string_view name,
                     std::string_view older = {}) {
  auto found = decision.member(name);
  if (!found && !older.empty()) found = decision.member(older);
  return found.value_or(feel::value());
}

// Numbers and truth values become texts, as the runtime reads them. No value: the field is null.
evaluated<std::optional<std::string>> text_field(const feel::value& of, std::string_view name,
                                                 std::string_view older = {}) {
  const auto field = field_of(of, name, older);
  switch (field.type()) {
    case feel::kind::null:
      return std::optional<std::string>();
    case feel::kind::string:
      return std::optional<std::string>(field.as_string());
    case feel::kind::number:
      return std::optional<std::string>(field.as_number().to_json());
    case feel::kind::boolean:
      return std::optional<std::string>(field.as_boolean() ? "true" : "false");
    default:
      return wrong(name, "text");
  }
}

evaluated<feel::value> variables_field(const feel::value& of) {
  auto field = field_of(of, "variables");
  if (field.is_null()) return feel::value(feel::context());
  if (!field.is(feel::kind::context)) return wrong("variables", "context");
  return field;
}

evaluated<milliseconds> length_of(const feel::value& of) {
  std::optional<feel::any_duration> read;
  if (of.is(feel::kind::days_time_duration)) read = of.as_days_time_duration();
  if (of.is(feel::kind::string)) {
    read = feel::parse_duration(of.as_string(), feel::text_form::computed);
  }
  const auto* length = read ? std::get_if<feel::days_time_duration>(&*read) : nullptr;
  if (length == nullptr) {
    return expression_error{
        expression_fault::wrong_value,
        "gives a back-off that is no days and time duration such as @\"PT30S\""};
  }
  const auto much = feel::milliseconds_of(*length);
  if (!much) return length->seconds < 0 ? milliseconds(0) : longest_back_off;
  return std::clamp(milliseconds(*much), milliseconds(0), longest_back_off);
}

evaluated<error_decision> bpmn_error(const expression_session& session, const feel::value& from) {
  auto code = text_field(from, "errorCode", "code");
  if (!code) return code.error();
  if (!*code) return error_decision(no_decision());
  auto message = text_field(from, "errorMessage", "message");
  if (!message) return message.error();
  const auto variables = variables_field(from);
  if (!variables) return variables.error();
  auto json = json_of(session, *variables);
  if (!json) return json.error();
  return error_decision(
      bpmn_error_decision{**std::move(code), (*message).value_or(""), *std::move(json)});
}

evaluated<std::int32_t> retries_of(const feel::value& from) {
  const auto field = field_of(from, "retries");
  if (field.is_null()) return 0;
  if (!field.is(feel::kind::number)) return wrong("retries", "number");
  const auto whole = field.as_number().rounded(0, feel::rounding::down);
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  const auto fits = whole.to_int64();
  if (!fits) return static_cast<std::int32_t>(whole.is_negative() ? 0 : most);
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(*fits, 0, most));
}

evaluated<error_decision> job_error(const expression_session& session, const feel::value& from) {
  auto message = text_field(from, "errorMessage", "message");
  if (!message) return message.error();
  const auto given = variables_field(from);
  if (!given) return given.error();
  const auto retries = retries_of(from);
  if (!retries) return retries.error();
  const auto back_off = field_of(from, "retryBackoff");
  const auto length =
      back_off.is_null() ? evaluated<milliseconds>(milliseconds(0)) : length_of(back_off);
  if (!length) return length.error();
  auto json = json_of(session, *given);
  if (!json) return json.error();
  return error_decision(
      job_error_decision{(*message).value_or(""), *std::move(json), *retries, *length});
}

evaluated<error_decision> ignore_error(const expression_session& session, const feel::value& from) {
  const auto variables = variables_field(from);
  if (!variables) return variables.error();
  auto json = json_of(session, *variables);
  if (!json) return json.error();
  return error_decision(ignore_error_decision{*std::move(json)});
}

}  // namespace

evaluated<error_decision> decide(expression_session& session, std::string_view error_expression,
                                 std::string_view seen, std::string_view job) {
  if (!is_expression(error_expression)) return error_decision(no_decision());
  const auto bound = bound_of(session);
  const auto names = scope_of(seen, job);
  if (!names) return names.error();
  const auto value = evaluate(session, error_expression, *names);
  if (!value) return value.error();
  if (value->is_null()) return error_decision(no_decision());
  if (!value->is(feel::kind::context)) {
    return expression_error{
        expression_fault::wrong_value,
        fmt::format("must give bpmnError(...), jobError(...), ignoreError(...) or null; it gives a "
                    "{}",
                    feel::name_of(value->type()))};
  }
  const bool empty = value->entries().variables().empty();
  if (const auto within = within_bound(); !within) return within.error();
  if (empty) return error_decision(no_decision());
  const auto type = text_field(*value, "errorType");
  if (!type) return type.error();
  if (*type == "bpmnError") return bpmn_error(session, *value);
  if (*type == "jobError") return job_error(session, *value);
  if (*type == "ignoreError") return ignore_error(session, *value);
  return expression_error{expression_fault::wrong_value,
                          "gives a context whose errorType is neither bpmnError nor jobError nor "
                          "ignoreError"};
}

evaluated<std::optional<milliseconds>> retry_back_off(expression_session& session,
                                                      std::string_view expression,
                                                      std::string_view seen, std::string_view job) {
  const auto bound = bound_of(session);
  const auto names = scope_of(seen, job);
  if (!names) return names.error();
  const auto value = evaluate(session, expression, *names);
  if (!value) return value.error();
  if (value->is_null()) return std::optional<milliseconds>();
  const auto length = length_of(*value);
  if (!length) return length.error();
  return std::optional<milliseconds>(*length);
}

}  // namespace worker::results
