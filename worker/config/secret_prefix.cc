#include "worker/config/secret_prefix.h"

#include <algorithm>
#include <array>
#include <vector>

#include "worker/config/foreign_variables.h"
#include "worker/config/settings_table.h"
#include "worker/config/variable_names.h"

namespace worker::config {

namespace {

// Variables with these beginnings belong to the worker, to an SDK or to a library, also unknown
// ones.
constexpr std::array<std::string_view, 6> families = {
    "AWS_", "CAMUNDA_", "GRPC_", "LAMBDA_CONNECTOR_", "LD_", "ZEEBE_"};
// Read by the libraries, and by the programs of credential_process.
constexpr std::array<std::string_view, 13> of_libraries = {
    "HOME", "HOSTNAME", "LANG",         "NOTIFY_SOCKET", "OPENSSL_CONF",
    "PATH", "PWD",      "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR",
    "TZ",   "TZDIR",    "USER"};

std::vector<std::string_view> names_read_here() {
  std::vector<std::string_view> out;
  for (const auto& spec : settings_table()) {
    for (const auto name : variables_of(spec)) out.push_back(name);
  }
  for (const auto& each : foreign_variables()) out.push_back(each.name);
  out.insert(out.end(), of_libraries.begin(), of_libraries.end());
  return out;
}

std::string_view without_file(std::string_view name) {
  constexpr std::string_view end = "_FILE";
  if (name.ends_with(end)) name.remove_suffix(end.size());
  return name;
}

}  // namespace

bool is_read_here(std::string_view name) {
  const auto starts = [name](std::string_view family) { return name.starts_with(family); };
  if (std::any_of(families.begin(), families.end(), starts) || is_spring_name(name)) return true;
  const auto names = names_read_here();
  return std::any_of(names.begin(), names.end(), [name](std::string_view known) {
    return known == name || known == without_file(name);
  });
}

std::optional<std::string> own_variable_with(std::string_view prefix) {
  for (const auto name : names_read_here()) {
    if (name.starts_with(prefix)) return std::string(name);
  }
  for (const auto family : families) {
    if (family.starts_with(prefix) || prefix.starts_with(family)) return std::string(family) + "*";
  }
  if (is_spring_name(prefix)) return std::string(prefix) + "*";
  return std::nullopt;
}

}  // namespace worker::config
