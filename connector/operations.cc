#include "connector/operations.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace connector {

namespace {

using enum input_type;

// Limits are Lambda's own, from its service model; a client context of 2,685 bytes becomes the
// 3,583 characters of base64 that the service takes.
constexpr std::array invoke_inputs = {
    input_spec{"functionName", string, true, 256, "",
               "Name, name:alias, partial ARN or ARN of the function"},
    input_spec{"payload", any_json, false, 6'291'556, "",
               "What the function gets; a string that is JSON text is sent as that JSON"},
    input_spec{"payloadFormat", string, false, 4, "auto|json|text",
               "How a string payload is read: by its text, always JSON, never JSON"},
    input_spec{"qualifier", string, false, 128, "", "Version or alias"},
    input_spec{"invocationType", string, false, 15, "RequestResponse|Event|DryRun",
               "Wait for the answer, only queue the call, or only check permissions"},
    input_spec{"logType", string, false, 4, "Tail|None",
               "Whether the last 4 KB of the function's log come back"},
    input_spec{"clientContext", object, false, 2685, "", "The function's client context"},
    input_spec{"functionTenantId", string, false, 256, "", "Tenant of a tenant-isolated function"},
    input_spec{"durableExecutionName", string, false, 64, "",
               "Name of a durable execution; the same name runs once"},
    input_spec{"traceparent", string, false, 256, "", "W3C trace context, passed on"},
    input_spec{"traceHeader", string, false, 512, "", "X-Ray trace header, passed on"},
    input_spec{"region", string, false, 63, "",
               "Region of the function; else the ARN's, else the worker's"},
    input_spec{"endpoint", string, false, 2048, "", "Endpoint, if the operator allowed its host"},
    input_spec{"timeout", iso_duration, false, 64, "",
               "Bound on the whole call, default PT15M, at most PT15M30S"},
    input_spec{"authentication", object, false, 64 * 1024, "",
               "As whom to call: type default or static"},
};

constexpr std::array table = {
    operation_spec{operation::invoke, "invoke", "lambdaConnector.INVOKE", true, invoke_inputs},
};

// Letters that differ, are missing or are too many (Levenshtein), upper and lower case alike.
std::size_t distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::span<const operation_spec> operations() { return table; }

const operation_spec* find_operation(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const operation_spec& spec) { return spec.name == name; });
  return found == table.end() ? nullptr : &*found;
}

const operation_spec& spec_of(operation what) {
  for (const auto& spec : table) {
    if (spec.what == what) return spec;
  }
  throw std::logic_error("an operation that is not in the table");
}

const input_spec* find_input(const operation_spec& of, std::string_view name) {
  const auto found = std::find_if(of.inputs.begin(), of.inputs.end(),
                                  [&](const input_spec& spec) { return spec.name == name; });
  return found == of.inputs.end() ? nullptr : &*found;
}

std::optional<std::string_view> nearest(std::string_view wrong,
                                        std::span<const std::string_view> known) {
  // Longer ones are no typing errors, and the comparison would cost their length squared.
  if (wrong.size() > 64) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(2, wrong.size() / 3) + 1;
  for (const auto name : known) {
    const auto far = distance(wrong, name);
    if (far < best_distance && far < name.size()) {
      best = name;
      best_distance = far;
    }
  }
  return best;
}

}  // namespace connector
