#include "connector/lambda/authentication_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "connector/aws/credentials/sts/sts_request.h"
#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/words.h"
#include "connector/lambda/input_reader.h"
#include "connector/operations.h"

namespace connector::lambda {

namespace {

constexpr std::string_view field_prefix = "authentication.";
constexpr std::array<std::string_view, 3> key_fields = {"accessKeyId", "secretAccessKey",
                                                        "sessionToken"};
constexpr std::array<std::string_view, 5> role_fields = {"roleArn", "externalId", "roleSessionName",
                                                         "durationSeconds", "sessionTags"};
constexpr std::array<std::string_view, 1> profile_fields = {"name"};

// The input's row, with all its fields and types.
const input_spec& table() { return *find_input(spec_of(operation_id::invoke), "authentication"); }

class fields {
 public:
  explicit fields(std::string_view json) : members_(json::members(json).members) {}

  // Complains about names that do not exist.
  [[nodiscard]] std::optional<error> unknown() const {
    const auto known = table().fields;
    for (const auto& member : members_) {
      if (!contains(known, member.name)) {
        return unknown_field_error(field_prefix, member.name, {known.begin(), known.end()});
      }
    }
    return std::nullopt;
  }

  // Empty when absent, null or empty; nothing when it is not a string.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const {
    const auto value = json::find(members_, name);
    if (!value || *value == "null") return std::string();
    return json::text_of(*value);
  }

  // JSON text; nothing when absent, null or empty.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const {
    const auto found = json::find(members_, name);
    if (!found || *found == "null" || *found == "\"\"") return std::nullopt;
    return found;
  }

  // Whether one of these has a value.
  template <std::size_t n>
  [[nodiscard]] bool any(const std::array<std::string_view, n>& names) const {
    return std::any_of(names.begin(), names.end(),
                       [this](std::string_view name) { return value(name).has_value(); });
  }

 private:
  std::vector<json::member> members_;
};

error wrong(std::string_view field, std::string_view problem) {
  return field_error(std::string(field_prefix).append(field), problem);
}

// Adds the keys to `who`; `type` is what asks for them.
result<void> read_keys(const fields& given, std::string_view type, aws::identity& who) {
  who.from = aws::identity::kind::keys;
  std::array<std::string, key_fields.size()> values;
  for (std::size_t i = 0; i < key_fields.size(); ++i) {
    auto value = given.text(key_fields[i]);
    if (!value) return wrong(key_fields[i], "must be a string");
    if (value->empty() && key_fields[i] != "sessionToken") {
      return missing_input(
          fmt::format("{}{}: required with {}; give both keys, as references to secrets",
                      field_prefix, key_fields[i], type));
    }
    values[i] = *std::move(value);
  }
  who.access_key_id = values[0];
  who.secret_access_key = secret_string::take(values[1]);
  who.session_token = secret_string::take(values[2]);
  return {};
}

// A number, or its digits as text (headers are texts); -1: neither.
int seconds_of(std::string_view value) {
  const auto text = json::text_of(value);
  const auto number = json::integer_of(text ? ascii::trim(*text) : value);
  return number && *number > 0 && *number <= 1'000'000 ? static_cast<int>(*number) : -1;
}

result<std::map<std::string, std::string>> tags_of(std::string_view value) {
  std::map<std::string, std::string> out;
  if (json::kind_of(value) != json::kind::object) {
    return wrong("sessionTags", "must be an object of strings");
  }
  for (const auto& member : json::members(value).members) {
    auto name = json::text_of(fmt::format("\"{}\"", member.name));
    auto text = json::text_of(member.value);
    if (!name || !text) return wrong("sessionTags", "must be an object of strings");
    out[*std::move(name)] = *std::move(text);
  }
  return out;
}

result<aws::assumed_role> read_role(const fields& given) {
  aws::assumed_role role;
  const std::array<std::pair<std::string_view, std::string*>, 3> texts = {
      {{"roleArn", &role.role_arn},
       {"externalId", &role.external_id},
       {"roleSessionName", &role.session_name}}};
  for (const auto& [name, into] : texts) {
    auto value = given.text(name);
    if (!value) return wrong(name, "must be a string");
    *into = *std::move(value);
  }
  if (role.role_arn.empty()) {
    return missing_input(fmt::format("{}roleArn: required with type assumeRole", field_prefix));
  }
  if (const auto value = given.value("durationSeconds")) role.duration_seconds = seconds_of(*value);
  if (const auto value = given.value("sessionTags")) {
    auto tags = tags_of(*value);
    if (!tags) return tags.error();
    role.session_tags = *std::move(tags);
  }
  if (const auto error = aws::find_error(role)) return wrong(error->field, error->message);
  return role;
}

result<aws::identity> read_profile(const fields& given) {
  aws::identity who;
  who.from = aws::identity::kind::profile;
  auto name = given.text("name");
  if (!name) return wrong("name", "must be a string");
  if (name->empty()) {
    return missing_input(fmt::format("{}name: required with type profile", field_prefix));
  }
  who.profile = *std::move(name);
  return who;
}

// A field of another type is an error: the modeller expects it to have an effect.
std::optional<error> misplaced(const fields& given, std::string_view type) {
  const bool role = type == "assumeRole";
  if (type != "static" && !role && given.any(key_fields)) {
    return wrong("type", "must be static when keys are given");
  }
  if (!role && given.any(role_fields)) {
    return wrong("type", "must be assumeRole when a role is given");
  }
  if (type != "profile" && given.any(profile_fields)) {
    return wrong("type", "must be profile when a name is given");
  }
  return std::nullopt;
}

result<aws::identity> read(const fields& given) {
  if (auto wrong_name = given.unknown()) return *std::move(wrong_name);
  const auto type = given.text("type");
  if (!type) return wrong("type", "must be a string");
  const auto types = table().types;
  if (!type->empty() && !contains(types, *type)) {
    return wrong("type", "must be one of " + joined(types, ", "));
  }
  if (auto other = misplaced(given, *type)) return *std::move(other);
  if (*type == "profile") return read_profile(given);
  aws::identity who;
  if (*type == "none") who.from = aws::identity::kind::none;
  if (*type == "static" || (*type == "assumeRole" && given.any(key_fields))) {
    auto keys = read_keys(given, *type == "static" ? "type static" : "keys", who);
    if (!keys) return keys.error();
  }
  if (*type == "assumeRole") {
    auto role = read_role(given);
    if (!role) return role.error();
    who.role = *std::move(role);
  }
  return who;
}

}  // namespace

result<aws::identity> read_authentication(std::string json) {
  if (json.empty()) return aws::identity{};
  auto who = read(fields(json));
  wipe(json);
  return who;
}

result<void> check_allowed(const aws::identity& who, const guard& by, std::string_view function) {
  if (who.from == aws::identity::kind::profile) {
    if (auto allowed = check_profile(by, who.profile, function); !allowed) return allowed;
  }
  if (who.role) return check_role(by, who.role->role_arn, function);
  return {};
}

}  // namespace connector::lambda
