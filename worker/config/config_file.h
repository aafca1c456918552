// The configuration file: the settings of the one table as nested mappings (`gateway: {address:
// ...}`), the credential profiles and the policy rules (`guards.rules`). This sorts the content of
// the file; load.h decides what the values mean, as for flags and variables. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/config/credential_profiles.h"
#include "worker/config/issue.h"
#include "worker/config/policy_settings.h"
#include "worker/config/settings_table.h"

namespace worker::config {

// The key of the setting that names the file; the file itself may not have it.
inline constexpr std::string_view config_file_key = "config.file";

// The key of a setting in the file: the table's, and for a secret that of its file ("aws.xFile").
// Empty: the file cannot have it.
std::string key_in_file(const setting_spec& spec);

struct file_value {
  std::string text;
  std::optional<std::vector<std::string>> items;  // of a setting that is a list, written as one
  bool is_path = false;  // of a secret: `text` is the path of the file with the value
  int line = 0;
};

struct config_file {
  std::map<std::string, file_value, std::less<>> settings;  // by the table's key
  std::vector<credential_profile> profiles;
  std::vector<written_rule> rules;
};

// Adds each issue to the report, with its line. The file names a secret only by the path of its
// file, under the secret's key with `File` at the end.
config_file read_config_file(std::string_view text, file_report& report);

}  // namespace worker::config
