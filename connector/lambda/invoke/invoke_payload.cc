#include "connector/lambda/invoke/invoke_payload.h"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/lambda/input_reader.h"
#include "connector/lambda/json_members.h"

namespace connector::lambda {

namespace {

error no_json(const json::problem& problem) {
  return field_error("payload",
                     fmt::format("{} (at byte {}); look at the values that the task maps",
                                 problem.reason, problem.offset));
}

// JSON apart from its depth.
bool is_json_of_any_depth(std::string_view text) {
  json::limits any;
  any.depth = std::numeric_limits<std::size_t>::max();
  return !json::check(text, any).has_value();
}

}  // namespace

result<std::string> payload_body(input_value payload, payload_format format) {
  if (const auto problem = json::check(payload.value)) return no_json(*problem);
  const bool is_string = json::kind_of(payload.value) == json::kind::string;
  if (!is_string || payload.literal_text || format == payload_format::text) {
    return std::move(payload.value);
  }
  auto inner = json::text_of(payload.value);
  const auto problem = inner ? json::check(*inner) : std::optional<json::problem>();
  if (inner && !problem) return *std::move(inner);
  if (format == payload_format::json) {
    return field_error(
        "payload",
        inner
            ? fmt::format(
                  "the string is no JSON: {} (at byte {}); map JSON, or set payloadFormat to text",
                  problem->reason, problem->offset)
            : "the string is no JSON: it holds a lone surrogate");
  }
  // A document that is only too deep must not change its form in silence.
  if (inner && is_json_of_any_depth(*inner)) return no_json(*problem);
  return std::move(payload.value);
}

result<std::string> with_member(std::string body, std::string_view name, std::string_view block) {
  if (ascii::trim(body).empty() || json::kind_of(body) != json::kind::object) return body;
  const auto read = json::members(body);
  if (read.wrong) return no_json(*read.wrong);
  if (find_unescaped(read.members, name)) {
    return field_error("payload",
                       fmt::format("has a member {} already, where the header "
                                   "jobContextInPayload would add the job; give either another "
                                   "name",
                                   name));
  }
  const auto end = body.rfind('}');
  std::string added = read.members.empty() ? "" : ",";
  added += json::quote(name);
  added += ':';
  added += block;
  body.insert(end, added);
  return body;
}

}  // namespace connector::lambda
