#include "connector/aws/credentials/shared_config/shared_files.h"

#include <fmt/format.h>

#include <utility>

#include "connector/base/small_file.h"

namespace connector::aws {

namespace {

constexpr std::size_t max_bytes = 1 << 20;

// "~/x" below the home folder; "~" stays when HOME is not set.
std::string expanded(std::string path, const std::string& home) {
  if (path.starts_with("~/") && !home.empty()) path = home + path.substr(1);
  return path;
}

}  // namespace

shared_files::shared_files(const variables& look_up, const std::string& profile) {
  const auto home = value_of(look_up, "HOME");
  const auto place = [&](file& which, const char* variable, const char* usual) {
    if (auto given = value_of(look_up, variable); given == "/dev/null") {
      // How users of the SDKs say that there is none.
    } else if (!given.empty()) {
      which.path = expanded(std::move(given), home);
      which.variable = variable;
    } else if (!home.empty()) {
      which.path = home + usual;
    }
  };
  place(config_, "AWS_CONFIG_FILE", "/.aws/config");
  place(credentials_, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  profile_ = profile.empty() ? value_of(look_up, "AWS_PROFILE") : profile;
  asked_for_ = !profile_.empty();
  if (!asked_for_) profile_ = "default";
}

bool shared_files::changed() const {
  const auto differs = [](const file& which) {
    return !which.path.empty() && stamp_of(which.path) != which.stamp;
  };
  return last_ && (differs(config_) || differs(credentials_));
}

shared_files::read_result shared_files::read() {
  if (last_ && !retries_ && !changed()) return *last_;
  auto made = std::make_shared<profile_files>();
  auto good = read_one(config_, profile_file_kind::config, *made);
  if (good) good = read_one(credentials_, profile_file_kind::credentials, *made);
  last_ = good ? read_result(std::shared_ptr<const profile_files>(std::move(made)))
               : read_result(good.error());
  // A file that could not be read is tried again, also when nothing shows that it changed: a
  // process may have had no descriptor left.
  retries_ = !good && good.error().reason == source_failure::kind::unavailable;
  return *last_;
}

boost::system::result<void, source_failure> shared_files::read_one(file& which,
                                                                   profile_file_kind kind,
                                                                   profile_files& into) const {
  using failure_kind = source_failure::kind;
  if (which.path.empty()) return {};
  // Before reading: a change in between is then seen as one.
  which.stamp = stamp_of(which.path);
  auto content = read_small_file(which.path, max_bytes);
  const auto name = which.variable.empty() ? which.path : which.path + " (" + which.variable + ")";
  switch (content.result) {
    case file_text::state::missing:
      if (which.variable.empty()) return {};
      return source_failure{failure_kind::rejected,
                            fmt::format("The file {} cannot be used: {}.", name, content.reason)};
    case file_text::state::unreadable:
      return source_failure{failure_kind::unavailable,
                            fmt::format("The file {} cannot be read: {}.", name, content.reason)};
    case file_text::state::too_large:
      return source_failure{failure_kind::rejected,
                            fmt::format("The file {} cannot be used: {}.", name, content.reason)};
    case file_text::state::read:
      break;
  }
  const auto read = read_profile_file(content.text, which.path, kind, into);
  wipe(content.text);
  if (!read) return source_failure{failure_kind::rejected, read.error().message};
  return {};
}

std::string shared_files::setting(const std::string& name) {
  const auto files = read();
  if (!files) return {};
  const auto found = (*files)->profiles.find(profile_);
  return found == (*files)->profiles.end() ? std::string() : found->second.text(name);
}

std::string shared_files::endpoint_url(const std::string& service) {
  const auto files = read();
  if (!files) return {};
  const auto group = (*files)->services.find(setting("services"));
  if (group != (*files)->services.end()) {
    const auto entry = group->second.properties.find(service);
    if (entry != group->second.properties.end()) {
      const auto url = entry->second.nested.find("endpoint_url");
      if (url != entry->second.nested.end() && !url->second.empty()) {
        return std::string(url->second.reveal());
      }
    }
  }
  return setting("endpoint_url");
}

}  // namespace connector::aws
