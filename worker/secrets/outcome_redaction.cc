#include "worker/secrets/outcome_redaction.h"

#include <utility>
#include <variant>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"

namespace worker::secrets {

namespace {

namespace json = connector::json;

// Lambda gives the last 4 KB of a log: a log of that length was cut, perhaps inside a value.
constexpr std::size_t full_log_tail = 4096;

void mask(std::string& text, const redactor& known) {
  if (!text.empty()) text = known.mask(std::move(text));
}

// Looks at the text and not at its JSON: an escape may end where a value begins, and a JSON string
// of it is one more layer than readings take off. Most logs hold no value and stay as they are.
void mask_log(std::string& value, const redactor& known) {
  auto text = json::text_of(value);
  if (!text) return;
  const bool cut = text->size() >= full_log_tail;
  if (!cut && !known.finds(*text)) return;
  value = json::quote(cut ? known.mask_cut(*std::move(text)) : known.mask(*std::move(text)));
}

// A masked number is not JSON.
std::string masked_value(std::string value, const redactor& known) {
  value = known.mask_json(std::move(value));
  return json::is_json(value) ? value : json::quote(value);
}

}  // namespace

std::string masked_document(std::string_view text, const redactor& known) {
  auto whole = known.mask_json(std::string(text));
  if (whole == text || json::is_json(whole)) return whole;
  if (json::kind_of(text) != json::kind::object) return json::quote(whole);
  std::string out = "{";
  for (const auto& [name, value] : json::members(text).members) {
    if (out.size() > 1) out += ',';
    out += masked_value("\"" + std::string(name) + "\"", known) + ':';
    out += masked_value(std::string(value), known);
  }
  return out += '}';
}

void redact(connector::outcome& from, const redactor& known, bool payload_too) {
  // A secret may be the function's name, which the variable `error` shows, or the region.
  mask(from.function, known);
  mask(from.region, known);
  mask(from.request_id, known);
  for (auto& note : from.notes) mask(note, known);
  if (auto* failed = std::get_if<connector::error>(&from.result)) {
    mask(failed->message, known);
    mask(failed->aws_error, known);
    mask(failed->aws_message, known);
    mask(failed->request_id, known);
    return;
  }
  if (auto* still = std::get_if<connector::unfinished>(&from.result)) {
    mask(still->status, known);
    mask(still->shown, known);
    return;
  }
  auto& answer = std::get<connector::answer>(from.result);
  for (auto& field : answer.variables) {
    if (field.name == "log") mask_log(field.value, known);
    if (field.name == "payload" && payload_too) {
      field.value = masked_value(std::move(field.value), known);
    }
  }
  for (auto& field : answer.details) {
    if (field.name == "requestId") field.value = known.mask_json(std::move(field.value));
  }
  if (auto& e = answer.function_error) {
    mask(e->type, known);
    mask(e->message, known);
    mask(e->function_name, known);
    mask(e->request_id, known);
    e->stack_trace_json = known.mask_json(std::move(e->stack_trace_json));
    if (!e->stack_trace_json.empty() && !json::is_json(e->stack_trace_json)) {
      e->stack_trace_json.clear();
    }
  }
}

}  // namespace worker::secrets
