// The configuration file: the settings of the one table as nested mappings (`gateway: {address:
// ...}`), the credential profiles and the policy rules (`guards.rules`). What stands in it is found
// here; what it means is decided where flags and variables are read too (load.h). Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/config/credential_profiles.h"
#include "worker/config/issue.h"
#include "worker/policy/policy_rules.h"

namespace worker::config {

// The key of the setting that names the file; it may not stand in the file itself.
inline constexpr std::string_view config_file_key = "config.file";

struct file_value {
  std::string text;
  std::optional<std::vector<std::string>> items;  // of a setting that is a list, written as one
  bool is_path = false;  // `text` is the path of a file that holds the value (secrets)
  int line = 0;
};

struct config_file {
  std::map<std::string, file_value, std::less<>> settings;  // by the table's key
  std::vector<credential_profile> profiles;
  std::vector<policy::rule> rules;
};

// Everything that is wrong goes into the report, by line. A secret may only be named by the path of
// its file, under its key with `File` at the end.
config_file read_config_file(std::string_view text, file_report& report);

}  // namespace worker::config
