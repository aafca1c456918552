#include "worker/jobs/drop_in_ends.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "connector/base/json_writer.h"
#include "connector/base/number.h"
#include "worker/dropin/error_object.h"
#include "worker/jobs/durable_task.h"
#include "worker/jobs/mapped_result.h"
#include "worker/jobs/task.h"
#include "worker/results/mapping.h"

namespace worker::jobs {

namespace json = connector::json;
using connector::error;

namespace {

std::string runtime_error(const error& e) {
  return json::object_writer().raw("error", dropin::error_object(e)).take();
}

constexpr std::string_view forbidden_text = "camunda.function.type";
// As a name or a whole text. Our own message names it too, and a model may pass that on.
constexpr std::string_view forbidden_token = "\"camunda.function.type\"";

// JSON text with its \u escapes of ASCII characters resolved; the others become a mark.
std::string without_escapes(std::string_view json_text) {
  std::string out;
  out.reserve(json_text.size());
  for (std::size_t i = 0; i < json_text.size(); ++i) {
    const auto escape = json_text.substr(i, 2);
    if (escape == "\\u") {
      const auto code = connector::integer_in(json_text.substr(i + 2, 4), 0U, 0x7FU, 16);
      out += code ? static_cast<char>(*code) : '?';
      i += 5;
    } else if (escape.starts_with('\\')) {
      out += escape;
      ++i;
    } else {
      out += json_text[i];
    }
  }
  return out;
}

bool spells(std::string_view variables, std::string_view text) {
  if (variables.find(text) != std::string_view::npos) return true;
  return variables.find("\\u") != std::string_view::npos &&
         without_escapes(variables).find(text) != std::string::npos;
}

std::string_view written_by(const results::error_decision& decided) {
  const auto variables = [](const auto& made) -> std::string_view {
    if constexpr (requires { made.variables; }) {
      return made.variables;
    } else {
      return {};
    }
  };
  return std::visit(variables, decided);
}

error refused_for_text(std::string_view what, const connector::outcome& from) {
  error e;
  e.code = connector::error_code::response_refused;
  e.message = fmt::format(
      "{} the text {}, which other connectors take for a call of a function of theirs, so it is "
      "not written.",
      what, forbidden_text);
  if (from.failed() == nullptr) e.message += " The function has run and is not called again.";
  e.request_id = from.request_id;
  return e;
}

}  // namespace

std::string drop_in_response(const connector::outcome& from) {
  if (const auto* e = from.failed()) return runtime_error(*e);
  return results::drop_in_response(*from.answered());
}

std::optional<error> drop_in_refusal(std::string_view variables, const connector::outcome& from) {
  // The connector runtime would carry such a text out in the next task that gets it.
  if (!spells(variables, forbidden_text)) return std::nullopt;
  return refused_for_text(fmt::format("The result of {} holds", call_text(from)), from);
}

std::optional<fail_command> drop_in_refusal(const results::error_decision& decided,
                                            const connector::outcome& from, const rules& by) {
  if (!spells(written_by(decided), forbidden_token)) return std::nullopt;
  const auto e = refused_for_text("The variables that header 'errorExpression' makes hold", from);
  const bool nothing_ran = from.failed() != nullptr && !from.may_have_run;
  auto out =
      failing(by, 0, fmt::format("{}: {}", connector::name_of(e.code), e.message), {}, nothing_ran);
  out.variables =
      drop_in_fail_variables(e, out.send_once, kept_progress(by.job.durable, by.job.key));
  return out;
}

drop_in_answer map_drop_in_answer(const connector::outcome& from, const rules& by,
                                  std::string_view response) {
  drop_in_answer out;
  auto variables = mapped(by, response, std::nullopt);
  out.failure = variables ? drop_in_refusal(*variables, from) : unmapped(variables.error(), from);
  out.seen = response;
  if (out.failure) {
    out.seen = runtime_error(*out.failure);
  } else if (*variables != "{}") {
    out.seen = *variables;
  }
  if (variables) out.variables = *std::move(variables);
  return out;
}

std::string drop_in_fail_variables(const error& e, bool removes_marker, std::string_view progress) {
  json::object_writer out;
  out.raw("error", dropin::error_object(e));
  if (removes_marker) out.null(at_most_once_marker_variable);
  if (!progress.empty()) out.raw(durable_variable, progress);
  return out.take();
}

}  // namespace worker::jobs
