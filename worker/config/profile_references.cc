#include "worker/config/profile_references.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connector/operations.h"
#include "worker/config/yaml_fields.h"

namespace worker::config {

using source = credential_profile::source;

void check_profile_references(const std::vector<credential_profile>& all, std::string_view path,
                              file_report& report) {
  std::vector<std::string_view> names;
  for (const auto& each : all) names.push_back(each.name);
  for (const auto& start : all) {
    const auto key = fmt::format("{}.{}.profile", path, start.name);
    std::set<std::string_view> seen;
    const auto* at = &start;
    while (at != nullptr && at->from == source::profile && !at->other.empty()) {
      if (!seen.insert(at->name).second) {
        report.wrong(start.line, key, "the profiles refer to each other in a circle.");
        break;
      }
      const auto* const next = find_profile(all, at->other);
      if (next == nullptr && at == &start) {
        const auto near = connector::nearest(at->other, names);
        report.wrong(start.line, key,
                     fmt::format("there is no profile '{}' in this file{}", shown_name(at->other),
                                 near ? fmt::format(": did you mean {}?", *near) : "."));
      }
      at = next;
    }
  }
}

const credential_profile* find_profile(const std::vector<credential_profile>& all,
                                       std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> secrets_of(const std::vector<credential_profile>& all) {
  std::set<std::string> names;
  for (const auto& each : all) {
    for (const auto* place :
         {&each.secret_access_key, &each.session_token, &each.private_key, &each.passphrase}) {
      if (!place->secret.empty()) names.insert(place->secret);
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace worker::config
