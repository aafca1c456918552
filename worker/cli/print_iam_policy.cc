// The command `iam-policy`.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "worker/cli/actions.h"
#include "worker/cli/iam_policy.h"
#include "worker/program/shared_settings.h"

namespace worker::cli {

int print_iam_policy(const config::settings& settings, const policy_arguments& arguments) {
  aws_place place;
  try {
    auto home = program::aws_home_of(settings.aws);
    place = {std::move(home.partition), std::move(home.region)};
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return exit_configuration;
  }
  const auto policy = policy_for(settings, arguments, place);
  for (const auto& issue : policy.issues) fmt::print(stderr, "{}\n", issue);
  for (const auto& note : policy.notes) fmt::print(stderr, "note: {}\n", note);
  fmt::print("{}", policy.document);
  return policy.issues.empty() ? exit_fine : exit_configuration;
}

}  // namespace worker::cli
