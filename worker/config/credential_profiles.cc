#include "worker/config/credential_profiles.h"

#include <algorithm>
#include <set>

namespace worker::config {

namespace {

using source = credential_profile::source;

struct source_name {
  source from;
  std::string_view name;
};
constexpr source_name source_rows[] = {
    {source::worker, "worker"},
    {source::profile, "profile"},
    {source::keys, "keys"},
    {source::environment, "environment"},
    {source::web_identity, "webIdentity"},
    {source::shared_profile, "sharedProfile"},
    {source::process, "process"},
    {source::container, "container"},
    {source::metadata, "instanceMetadata"},
    {source::roles_anywhere, "rolesAnywhere"},
};

}  // namespace

std::string_view name_of(credential_profile::source from) {
  for (const auto& each : source_rows) {
    if (each.from == from) return each.name;
  }
  return "";
}

std::optional<credential_profile::source> source_of_name(std::string_view name) {
  for (const auto& each : source_rows) {
    if (each.name == name) return each.from;
  }
  return std::nullopt;
}

std::string names_of_sources() {
  std::string names;
  for (const auto& each : source_rows)
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  return names;
}

std::vector<std::string_view> source_names() {
  std::vector<std::string_view> out;
  for (const auto& each : source_rows) out.push_back(each.name);
  return out;
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
