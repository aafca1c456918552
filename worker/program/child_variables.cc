#include "worker/program/child_variables.h"

#include <algorithm>
#include <array>

#include "worker/config/settings_table.h"

namespace worker::program {

namespace {

// Of the worker and of clients of the gateway. A program that fetches keys of AWS needs none of
// their logins.
constexpr std::array<std::string_view, 3> own_families = {"LAMBDA_CONNECTOR_", "CAMUNDA_",
                                                          "ZEEBE_"};
constexpr std::array<std::string_view, 4> words = {"SECRET", "PASSWORD", "PASSPHRASE", "TOKEN"};

bool is_secret_setting(std::string_view name) {
  for (const auto& spec : config::settings_table()) {
    if (!spec.secret() || spec.key == "aws.httpsProxy") continue;
    const auto names = config::variables_of(spec);
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  }
  return false;
}

}  // namespace

bool is_hidden_variable(std::string_view name, std::string_view secrets_prefix) {
  if (!secrets_prefix.empty() && name.starts_with(secrets_prefix)) return true;
  constexpr std::string_view file_end = "_FILE";
  const auto plain =
      name.ends_with(file_end) ? name.substr(0, name.size() - file_end.size()) : name;
  if (is_secret_setting(plain)) return true;
  const auto is_of = [&](std::string_view family) { return name.starts_with(family); };
  const auto holds = [&](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  };
  return std::any_of(own_families.begin(), own_families.end(), is_of) &&
         std::any_of(words.begin(), words.end(), holds);
}

}  // namespace worker::program
