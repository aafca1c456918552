#include "connector/aws/credentials/shared_config/child_environment.h"

#include <algorithm>
#include <array>

namespace connector::aws {

namespace {

// The variables of the keys that the worker itself signs with. A program that is asked for keys has
// its own way to them: profiles, files, an agent.
constexpr std::array<std::string_view, 7> own_keys = {"AWS_ACCESS_KEY_ID",
                                                      "AWS_SECRET_ACCESS_KEY",
                                                      "AWS_SESSION_TOKEN",
                                                      "AWS_SECURITY_TOKEN",
                                                      "AWS_LAMBDA_AWS_ACCESS_KEY",
                                                      "AWS_LAMBDA_AWS_SECRET_KEY",
                                                      "AWS_CONTAINER_AUTHORIZATION_TOKEN"};

}  // namespace

std::vector<std::string> child_environment(const char* const* all, const hidden_variables& hidden) {
  std::vector<std::string> kept;
  for (; all != nullptr && *all != nullptr; ++all) {
    const std::string_view entry = *all;
    const auto name = entry.substr(0, entry.find('='));
    if (std::find(own_keys.begin(), own_keys.end(), name) != own_keys.end()) continue;
    if (hidden && hidden(name)) continue;
    kept.emplace_back(entry);
  }
  return kept;
}

}  // namespace connector::aws
