#include "worker/guards/clear_keys.h"

#include <algorithm>
#include <array>

#include "connector/base/json.h"
#include "connector/base/secret.h"
#include "worker/secrets/references.h"

namespace worker::guards {

namespace json = connector::json;

namespace {

// Of this worker's inputs and of those of the job type it can stand in for.
constexpr std::array<std::string_view, 4> key_fields = {"secretAccessKey", "sessionToken",
                                                        "secretKey", "secret"};

bool is_reference(std::string_view text) {
  return !secrets::references_in(text).empty() || secrets::bare_name(text).has_value();
}

bool is_clear(std::string_view value) {
  if (value == "null" || value == "\"\"") return false;
  auto text = json::text_of(value);
  if (!text) return json::kind_of(value) != json::kind::object;
  const bool clear = !is_reference(*text);
  connector::wipe(*text);
  return clear;
}

}  // namespace

std::optional<std::string> clear_key_in(std::string_view authentication) {
  std::string inner;
  std::string_view object = authentication;
  if (json::kind_of(object) == json::kind::string) {
    inner = json::text_of(object).value_or("");
    object = inner;
  }
  std::optional<std::string> found;
  if (json::is_json(object) && json::kind_of(object) == json::kind::object) {
    for (const auto& [raw_name, value] : json::members(object).members) {
      const auto name = json::text_of("\"" + std::string(raw_name) + "\"").value_or("");
      const bool key = std::find(key_fields.begin(), key_fields.end(), name) != key_fields.end();
      if (!key || !is_clear(value)) continue;
      found = name;
      break;
    }
  }
  connector::wipe(inner);
  return found;
}

}  // namespace worker::guards
