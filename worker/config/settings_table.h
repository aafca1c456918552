// The one table of settings: parsing, --help, the README's table and print-config come from it.
// Constant; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/config/settings.h"
#include "worker/config/value_parser.h"

namespace worker::config {

struct setting_spec {
  std::string_view key;   // "gateway.address": name in a file, and in messages
  std::string_view flag;  // "--gateway-address"; empty for secrets, which `ps` would show
  // Environment variables, separated by blanks; the first that is set counts. Names of the Spring
  // runtime count in each of their spellings (variable_names.h).
  std::string_view variables;
  setting_type type = setting_type::text;
  value_bounds bounds;
  std::string_view standard;       // text of the default; empty: none
  std::string_view standard_says;  // shown instead of a default that is computed
  std::string_view text;           // one line for people
  // Stores the value, or returns what the value must be.
  std::optional<std::string> (*store)(settings&, parsed_value&) = nullptr;

  [[nodiscard]] bool secret() const { return type == setting_type::secret; }
  // Default headers may hold keys in clear: their names alone are shown.
  [[nodiscard]] bool hides_values() const { return key == "jobs.defaultHeaders"; }
  // Existing clients have this setting in milliseconds, so numbers without a unit are usual.
  [[nodiscard]] bool in_milliseconds() const;
  // An empty value is an issue, not "not set": a list opens or closes something, and so does what
  // the policy lists are told; neither may be open because a line was left unfinished.
  [[nodiscard]] bool must_say() const { return type == setting_type::list || group() == "guards"; }
  [[nodiscard]] std::string_view group() const { return key.substr(0, key.find('.')); }
};

// In the order in which they are stored: a store may read the values of earlier rows.
std::span<const setting_spec> settings_table();

std::vector<std::string_view> variables_of(const setting_spec& spec);
// The same as one text, each between `before` and `after`.
std::string joined_variables(const setting_spec& spec, std::string_view before,
                             std::string_view after, std::string_view between);

// The default as people read it; empty: there is none.
std::string shown_default(const setting_spec& spec);

// The issue of an empty value, with what to write instead.
std::string says_nothing(const setting_spec& spec);

}  // namespace worker::config
