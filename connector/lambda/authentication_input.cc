#include "connector/lambda/authentication_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "connector/base/json.h"
#include "connector/lambda/input_reader.h"

namespace connector::lambda {

namespace {

constexpr std::string_view where = "authentication.";
constexpr std::array<std::string_view, 3> key_fields = {"accessKeyId", "secretAccessKey",
                                                        "sessionToken"};
// Of the types that come later; known, so that their mention is not called a typing error.
constexpr std::array<std::string_view, 5> later_fields = {
    "roleArn", "externalId", "roleSessionName", "durationSeconds", "name"};
constexpr std::array<std::string_view, 3> later_types = {"assumeRole", "profile", "none"};

template <std::size_t n>
bool holds(const std::array<std::string_view, n>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class fields {
 public:
  explicit fields(std::string_view json) : members_(json::members(json).members) {}

  // Complains about names that do not exist.
  [[nodiscard]] std::optional<error> unknown() const {
    std::vector<std::string_view> known = {"type"};
    known.insert(known.end(), key_fields.begin(), key_fields.end());
    known.insert(known.end(), later_fields.begin(), later_fields.end());
    for (const auto& member : members_) {
      if (std::find(known.begin(), known.end(), member.name) == known.end()) {
        return unknown_field(where, member.name, known);
      }
    }
    return std::nullopt;
  }

  // Empty when absent, null or empty; nothing when it is no string.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const {
    const auto value = json::find(members_, name);
    if (!value || *value == "null") return std::string();
    return json::text_of(*value);
  }

  // Whether one of these has a value.
  template <std::size_t n>
  [[nodiscard]] bool any(const std::array<std::string_view, n>& names) const {
    return std::any_of(names.begin(), names.end(), [this](std::string_view name) {
      const auto value = json::find(members_, name);
      return value && *value != "null" && *value != "\"\"";
    });
  }

 private:
  std::vector<json::member> members_;
};

error wrong(std::string_view field, std::string_view what) {
  return wrong_field(std::string(where).append(field), what);
}

result<aws::identity> read_keys(const fields& given) {
  aws::identity who;
  who.from = aws::identity::kind::keys;
  std::array<std::string, key_fields.size()> values;
  for (std::size_t i = 0; i < key_fields.size(); ++i) {
    auto value = given.text(key_fields[i]);
    if (!value) return wrong(key_fields[i], "must be a string");
    if (value->empty() && key_fields[i] != "sessionToken") {
      return missing_input(fmt::format("{}{}: required with type static", where, key_fields[i]));
    }
    values[i] = *std::move(value);
  }
  who.access_key_id = values[0];
  who.secret_access_key = secret_string::take(values[1]);
  who.session_token = secret_string::take(values[2]);
  return who;
}

result<aws::identity> read(const fields& given) {
  if (auto wrong_name = given.unknown()) return *std::move(wrong_name);
  const auto type = given.text("type");
  if (!type) return wrong("type", "must be a string");
  if (holds(later_types, *type)) {
    return wrong("type", fmt::format("{} is not in this version", *type));
  }
  if (!type->empty() && *type != "default" && *type != "static") {
    return wrong("type", "must be one of default, static");
  }
  if (given.any(later_fields)) {
    return wrong_field("authentication", "roles and profiles are not in this version");
  }
  if (*type == "static") return read_keys(given);
  if (given.any(key_fields)) {
    return wrong("type", "must be static when keys are given");
  }
  return aws::identity{};
}

}  // namespace

result<aws::identity> read_authentication(std::string json) {
  if (json.empty()) return aws::identity{};
  auto who = read(fields(json));
  wipe(json);
  return who;
}

}  // namespace connector::lambda
