#include "worker/program/child_variables.h"

#include <algorithm>
#include <array>

#include "worker/config/settings_table.h"
#include "worker/config/variable_names.h"

namespace worker::program {

namespace {

// Of the worker and of clients of the gateway, as relaxed_name writes them. A program that fetches
// keys of AWS needs none of their logins.
constexpr std::array<std::string_view, 3> own_families = {"LAMBDACONNECTOR", "CAMUNDA", "ZEEBE"};
constexpr std::array<std::string_view, 4> words = {"SECRET", "PASSWORD", "PASSPHRASE", "TOKEN"};

// Names of the Spring runtime in each of their spellings.
bool is_secret_setting(std::string_view name) {
  for (const auto& spec : config::settings_table()) {
    const bool hidden = spec.secret() && spec.key != "aws.httpsProxy";
    if (!hidden && !spec.hides_values()) continue;
    const auto names = config::variables_of(spec);
    const auto same = [&](std::string_view each) { return config::is_same_variable(each, name); };
    if (std::any_of(names.begin(), names.end(), same)) return true;
  }
  return false;
}

// A login, whether the worker reads it or not.
bool is_own_login(std::string_view name) {
  const auto relaxed = config::relaxed_name(name);
  const auto is_of = [&](std::string_view family) { return relaxed.starts_with(family); };
  const auto holds = [&](std::string_view word) { return relaxed.find(word) != relaxed.npos; };
  return std::any_of(own_families.begin(), own_families.end(), is_of) &&
         std::any_of(words.begin(), words.end(), holds);
}

}  // namespace

bool is_hidden_variable(std::string_view name, std::string_view secrets_prefix) {
  if (!secrets_prefix.empty() && name.starts_with(secrets_prefix)) return true;
  constexpr std::string_view file_end = "_FILE";
  const auto plain =
      name.ends_with(file_end) ? name.substr(0, name.size() - file_end.size()) : name;
  return is_secret_setting(plain) || is_own_login(name);
}

}  // namespace worker::program
