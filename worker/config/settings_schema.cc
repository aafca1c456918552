#include "worker/config/settings_schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "connector/base/json.h"
#include "connector/base/json_writer.h"
#include "worker/config/config_file.h"
#include "worker/config/credential_profiles.h"
#include "worker/config/policy_settings.h"
#include "worker/config/profile_reader.h"
#include "worker/config/settings_table.h"

namespace worker::config {

namespace {

using connector::json::object_writer;
using connector::json::quote;

// YAML may hold true itself, which is no text.
constexpr std::string_view reference_choices = R"([true,false,"true","false","engine"])";

// A scalar of YAML is read as text, whatever type YAML gives it.
constexpr std::string_view scalar = R"(["string","number","boolean"])";

std::string quoted_list(const std::vector<std::string_view>& texts) {
  std::vector<std::string> out;
  out.reserve(texts.size());
  for (const auto text : texts) out.push_back(quote(text));
  return fmt::format("[{}]", fmt::join(out, ","));
}

// A list, or its items as one text.
void add_list(object_writer& out, std::size_t least_items) {
  out.raw("type", R"(["array","string"])");
  out.raw("items", fmt::format(R"({{"type":{},"minLength":1}})", scalar));
  if (least_items > 0) out.number("minItems", static_cast<std::int64_t>(least_items));
  out.number("minLength", 1);
}

// Header to value, entries as texts, or one text with all of them.
void add_entries(object_writer& out) {
  out.raw("type", R"(["object","array","string"])");
  out.raw("items", R"({"type":"string"})");
  out.raw("additionalProperties", fmt::format(R"({{"type":{}}})", scalar));
}

void add_type(object_writer& out, const setting_spec& spec) {
  using enum setting_type;
  switch (spec.type) {
    case boolean:
      out.raw("enum", R"([true,false,"true","false"])");
      return;
    case integer:
      out.raw("type", R"(["integer","string"])");
      out.number("minimum", static_cast<std::int64_t>(spec.bounds.least));
      out.number("maximum", static_cast<std::int64_t>(spec.bounds.most));
      out.string("pattern", "^[0-9]+$");
      return;
    case duration:
      out.raw("type", R"(["string","integer"])");
      out.string("pattern", "^([0-9]+ *[A-Za-z]*|[Pp][0-9TtHhMmSsDd.]+)$");
      return;
    case size:
      out.raw("type", R"(["string","integer"])");
      out.string("pattern", "^[0-9]+ *[A-Za-z]*$");
      return;
    case words: {
      const std::vector<std::string_view> allowed(spec.bounds.words.begin(),
                                                  spec.bounds.words.end());
      const bool flags = std::find(allowed.begin(), allowed.end(), "true") != allowed.end();
      out.raw("enum", flags ? std::string(reference_choices) : quoted_list(allowed));
      return;
    }
    case list:
      add_list(out, spec.bounds.least);
      return;
    case entries:
      add_entries(out);
      return;
    case text:
      out.raw("type", scalar);
      out.number("minLength", static_cast<std::int64_t>(spec.bounds.least));
      out.number("maxLength", static_cast<std::int64_t>(spec.bounds.most));
      return;
    case path:
    case address:
    case url:
    case secret:
      out.string("type", "string");
      return;
  }
}

std::string property_of(const setting_spec& spec) {
  object_writer out;
  out.string("description", spec.secret() ? fmt::format("Path of a file with: {}", spec.text)
                                          : std::string(spec.text));
  add_type(out, spec);
  if (const auto standard = shown_default(spec); !standard.empty()) {
    out.string("$comment", "default: " + standard);
  }
  return out.take();
}

std::string object_of(const std::string& properties, std::string_view required = {}) {
  object_writer out;
  out.string("type", "object");
  out.raw("additionalProperties", "false");
  if (!required.empty()) out.raw("required", fmt::format("[{}]", quote(required)));
  out.raw("properties", properties);
  return out.take();
}

std::string properties_of(const std::vector<std::string_view>& names,
                          const std::map<std::string_view, std::string>& types,
                          std::string_view otherwise) {
  object_writer out;
  for (const auto name : names) {
    const auto own = types.find(name);
    out.raw(name, own == types.end() ? otherwise : std::string_view(own->second));
  }
  return out.take();
}

std::string profiles() {
  const auto text = fmt::format(R"({{"type":{}}})", scalar);
  const auto role = object_of(
      properties_of(assume_role_fields(),
                    {{"sessionTags", fmt::format(R"({{"type":"object","maxProperties":50,)"
                                                 R"("additionalProperties":{}}})",
                                                 text)}},
                    text),
      "roleArn");
  const auto sources = fmt::format(R"({{"enum":{}}})", quoted_list(source_names()));
  const auto profile = object_of(
      properties_of(profile_fields(), {{"assumeRole", role}, {"source", sources}}, text), "source");
  return fmt::format(
      R"({{"type":"object","propertyNames":{{"pattern":"^[A-Za-z0-9_.-]{{1,64}}$"}},)"
      R"("additionalProperties":{}}})",
      profile);
}

std::string rules() {
  object_writer list;
  add_list(list, 0);
  const auto rule = object_of(properties_of(
      rule_fields(),
      {{"requireSecretReferences", fmt::format(R"({{"enum":{}}})", reference_choices)}},
      list.take()));
  return fmt::format(R"({{"type":"array","items":{}}})", rule);
}

// Line ends and blanks between the tokens of a JSON text.
std::string indented(std::string_view compact) {
  std::string out;
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < compact.size(); ++i) {
    const char c = compact[i];
    if (in_string) {
      out += c;
      if (c == '\\') out += compact[++i];
      in_string = c != '"';
      continue;
    }
    in_string = c == '"';
    const bool opens = c == '{' || c == '[';
    const bool closes = c == '}' || c == ']';
    const bool is_empty =
        opens && i + 1 < compact.size() && compact[i + 1] == (c == '{' ? '}' : ']');
    if (is_empty) {
      out.append(compact.substr(i++, 2));
      continue;
    }
    if (closes) out.append("\n").append(2 * --depth, ' ');
    out += c;
    if (c == ':') out += ' ';
    if (opens) ++depth;
    if (opens || c == ',') out.append("\n").append(2 * depth, ' ');
  }
  return out + '\n';
}

}  // namespace

std::string schema_of_file() {
  // In the order of the table; a group's settings are together there.
  std::vector<std::pair<std::string_view, object_writer>> groups;
  for (const auto& spec : settings_table()) {
    const auto key = key_in_file(spec);
    if (key.empty()) continue;
    if (groups.empty() || groups.back().first != spec.group()) {
      groups.emplace_back(spec.group(), object_writer());
    }
    groups.back().second.raw(std::string_view(key).substr(spec.group().size() + 1),
                             property_of(spec));
  }
  object_writer all;
  for (auto& [name, members] : groups) {
    if (name == "guards") members.raw("rules", rules());
    all.raw(name, object_of(members.take()));
  }
  all.raw("profiles", profiles());
  object_writer out;
  out.string("$schema", "https://json-schema.org/draft/2020-12/schema");
  out.string("title", "Configuration file of lambda-connector");
  out.string("type", "object");
  out.raw("additionalProperties", "false");
  out.raw("properties", all.take());
  return indented(out.take());
}

}  // namespace worker::config
