#include "worker/config/environment_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "worker/config/settings_table.h"

namespace worker::config {

namespace {

constexpr std::string_view own_prefix = "LAMBDA_CONNECTOR_";

// Going on without them would mean to call a gateway as nobody and be refused on every call.
constexpr std::string_view login_variables[] = {
    "CAMUNDA_CLIENT_ID",
    "CAMUNDA_CLIENT_SECRET",
    "CAMUNDA_AUTHORIZATION_SERVER_URL",
    "CAMUNDA_TOKEN_AUDIENCE",
    "CAMUNDA_TOKEN_SCOPE",
    "CAMUNDA_BASIC_AUTH_USERNAME",
    "CAMUNDA_BASIC_AUTH_PASSWORD",
    "CAMUNDA_CLIENT_AUTH_CLIENTID",
    "CAMUNDA_CLIENT_AUTH_CLIENTSECRET",
    "CAMUNDA_CLIENT_AUTH_CLIENT_ID",
    "CAMUNDA_CLIENT_AUTH_CLIENT_SECRET",
    "ZEEBE_CLIENT_ID",
    "ZEEBE_CLIENT_SECRET",
    "ZEEBE_AUTHORIZATION_SERVER_URL",
    "ZEEBE_TOKEN_AUDIENCE",
    "ZEEBE_TOKEN_SCOPE",
};

bool is_set(const sources& from, const std::string& name) {
  const auto it = from.environment.find(name);
  return it != from.environment.end() && !it->second.empty();
}

// Kubernetes tells pods about a service named lambda-connector in variables of this shape.
bool is_of_a_service(std::string_view name) {
  name.remove_prefix(own_prefix.size());
  return name.starts_with("SERVICE_") || name == "PORT" || name.starts_with("PORT_");
}

std::vector<std::string_view> own_variables() {
  std::vector<std::string_view> names;
  for (const auto& spec : settings_table()) {
    for (const auto name : variables_of(spec)) {
      if (name.starts_with(own_prefix)) names.push_back(name);
    }
  }
  return names;
}

void refuse_login(const sources& from, loaded& into) {
  for (const auto name : login_variables) {
    for (const auto& each : {std::string(name), std::string(name) + "_FILE"}) {
      if (!is_set(from, each)) continue;
      into.mistakes.push_back(
          {"", each,
           "this version cannot log in at the gateway (OAuth, basic authentication). Take the "
           "variable away and use a gateway that asks for no login."});
    }
  }
}

void warn_of_unknown(const sources& from, loaded& into) {
  const auto known = own_variables();
  for (auto it = from.environment.lower_bound(std::string(own_prefix));
       it != from.environment.end() && it->first.starts_with(own_prefix); ++it) {
    std::string_view name = it->first;
    if (name.ends_with("_FILE")) name.remove_suffix(5);
    if (is_of_a_service(it->first)) continue;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = connector::nearest(name, known);
    into.warnings.push_back(
        fmt::format("{} is no setting and is not used{}", it->first,
                    near ? fmt::format(": did you mean {}?", *near) : std::string(".")));
  }
}

}  // namespace

void check_environment(const sources& from, loaded& into) {
  refuse_login(from, into);
  warn_of_unknown(from, into);
}

}  // namespace worker::config
