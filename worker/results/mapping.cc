#include "worker/results/mapping.h"

#include <fmt/format.h>

#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"

namespace worker::results {

namespace json = connector::json;

namespace {

const std::string* find(const connector::answer& from, std::string_view name) {
  for (const auto& field : from.variables) {
    if (field.name == name) return &field.value;
  }
  return nullptr;
}

// The names and types of Alfresco's connector: its errors are a list in a string, the rest is
// copied.
std::string alfresco(const connector::answer& from, const std::string& error) {
  const auto value = [&](std::string_view name) {
    const auto* const found = find(from, name);
    return found == nullptr ? std::string("null") : *found;
  };
  json::object_writer out;
  out.raw("lambdaPayload", value("payload"));
  out.raw("lambdaStatus", value("statusCode"));
  out.raw("lambdaLog", value("log"));
  if (error.empty()) {
    out.null("lambdaError");
  } else {
    out.string("lambdaError", "[" + error + "]");
  }
  return out.take();
}

std::string error_text(const connector::answer& from,
                       const std::optional<connector::error_object>& failure) {
  if (failure) return failure->json();
  return from.function_error ? from.function_error->json() : std::string();
}

std::size_t bytes_of(const connector::answer& from) {
  std::size_t bytes = 512;
  for (const auto& field : from.variables) bytes += field.name.size() + field.value.size() + 4;
  return bytes;
}

std::string drop_in(const connector::answer& from, const std::string& error,
                    const std::string& result_variable) {
  json::object_writer out;
  if (!error.empty()) out.raw("error", error);
  if (!result_variable.empty()) out.raw(result_variable, drop_in_response(from));
  return out.take();
}

}  // namespace

std::string response_object(const connector::answer& from,
                            const std::optional<connector::error_object>& failure) {
  const auto error = error_text(from, failure);
  json::object_writer out;
  out.reserve(bytes_of(from) + error.size());
  for (const auto& field : from.variables) out.raw(field.name, field.value);
  out.raw("error", error.empty() ? "null" : error);
  for (const auto& field : from.details) out.raw(field.name, field.value);
  return out.take();
}

std::string drop_in_response(const connector::answer& from) {
  json::object_writer out;
  for (const auto* name : {"statusCode", "executedVersion", "payload"}) {
    const auto* const found = find(from, name);
    out.raw(name, found == nullptr ? "null" : *found);
  }
  return out.take();
}

std::string completion_variables(connector::answer from,
                                 const std::optional<connector::error_object>& failure,
                                 const mapping& how) {
  if (how.drop_in) {
    return drop_in(from, failure ? failure->json() : std::string(), how.result_variable);
  }
  const auto error = error_text(from, failure);
  if (how.result_variable.empty() && how.alfresco_outputs) return alfresco(from, error);
  json::object_writer out;
  const auto bytes = bytes_of(from) + error.size();
  out.reserve(bytes);
  for (auto& field : from.variables) {
    out.raw(field.name, field.value);
    // Frees each value as soon as it is copied, so that a large answer is in memory twice only
    // briefly.
    field.value = std::string();
  }
  out.raw("error", error.empty() ? "null" : error);
  if (how.result_variable.empty()) return out.take();
  for (const auto& field : from.details) out.raw(field.name, field.value);
  json::object_writer whole;
  whole.reserve(bytes + 64);
  whole.raw(how.result_variable, out.take());
  return whole.take();
}

connector::answer no_answer(const connector::operation_spec& of) {
  connector::answer none;
  for (const auto& output : of.outputs)
    none.variables.push_back({std::string(output.name), "null"});
  return none;
}

connector::result<void> check_for_engine(const std::string& variables) {
  const auto wrong = json::check(variables, {.depth = 500, .integers_fit = true});
  if (!wrong) return {};
  connector::error e;
  e.code = connector::error_code::response_refused;
  e.failure = connector::failure_class::permanent;
  e.message = fmt::format("would be refused by the engine: {} (at byte {} of {} of the variables)",
                          wrong->reason, wrong->offset, variables.size());
  return e;
}

}  // namespace worker::results
