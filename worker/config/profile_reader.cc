#include "worker/config/profile_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/near_names.h"
#include "connector/operations.h"
#include "worker/config/aws_names.h"
#include "worker/config/yaml_fields.h"
#include "worker/secrets/references.h"

namespace worker::config {

namespace {

using source = credential_profile::source;
using std::chrono::seconds;

constexpr std::size_t max_profiles = 1000;
constexpr seconds least_session{900};  // STS and Roles Anywhere take 15 minutes to 12 hours
constexpr seconds max_session{12 * 3600};

// Fields of one source, so that a field of another one can be told from a misspelt one.
struct field_of {
  std::string_view name;
  source from;
};
constexpr field_of special_fields[] = {
    {"profile", source::profile},
    {"profile", source::shared_profile},
    {"accessKeyId", source::keys},
    {"secretAccessKey", source::keys},
    {"secretAccessKeyFile", source::keys},
    {"sessionToken", source::keys},
    {"sessionTokenFile", source::keys},
    {"tokenFile", source::web_identity},
    {"command", source::process},
    {"certificateFile", source::roles_anywhere},
    {"chainFile", source::roles_anywhere},
    {"privateKey", source::roles_anywhere},
    {"privateKeyFile", source::roles_anywhere},
    {"passphrase", source::roles_anywhere},
    {"passphraseFile", source::roles_anywhere},
    {"trustAnchorArn", source::roles_anywhere},
    {"profileArn", source::roles_anywhere},
    {"roleArn", source::roles_anywhere},
    {"roleArn", source::web_identity},
    {"sessionName", source::roles_anywhere},
    {"sessionName", source::web_identity},
    {"duration", source::roles_anywhere},
    {"duration", source::web_identity},
};

bool is_profile_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return connector::ascii::is_letter_or_digit(c) || c == '_' || c == '-' || c == '.';
  });
}

class profile_reader {
 public:
  profile_reader(const yaml_node& node, const std::string& path, file_report& report)
      : fields_(node, path, report), report_(report) {}

  credential_profile run(std::string name) {
    out_.name = std::move(name);
    out_.line = fields_.line();
    read_source();
    switch (out_.from) {
      case source::profile:
      case source::shared_profile:
        out_.other = fields_.required("profile");
        break;
      case source::keys:
        out_.access_key_id = fields_.required("accessKeyId");
        out_.secret_access_key = key("secretAccessKey", true);
        out_.session_token = key("sessionToken", false);
        break;
      case source::web_identity:
        read_web_identity();
        break;
      case source::process:
        out_.command = fields_.required("command");
        break;
      case source::roles_anywhere:
        read_roles_anywhere();
        break;
      default:
        break;
    }
    read_region();
    read_assume_role();
    for (const auto& [field, owner] : special_fields) {
      fields_.elsewhere(field, fmt::format("it belongs to source: {}, and this one is {}.",
                                           name_of(owner), name_of(out_.from)));
    }
    fields_.finish();
    return std::move(out_);
  }

 private:
  void read_source() {
    const auto name = fields_.required("source");
    if (const auto found = source_of_name(name)) {
      out_.from = *found;
    } else if (!name.empty()) {
      fields_.add_issue("source", fmt::format("'{}' is not allowed. It must be one of {}.",
                                              shown_name(name), names_of_sources()));
    }
  }

  void read_region() {
    out_.region = fields_.text("region", 100).value_or("");
    if (out_.region.empty()) return;
    if (const auto wrong = region_requirement(out_.region)) {
      fields_.add_issue("region", fmt::format("it must be {}.", *wrong));
    }
  }

  // The value may only refer to a secret; a clear one is not even shown.
  key_place key(const std::string& name, bool required) {
    key_place place;
    const std::string file_name = name + "File";
    const auto reference = fields_.text(name, 64 * 1024);
    place.file = fields_.text(file_name).value_or("");
    if (reference && !place.file.empty()) {
      fields_.add_issue(name,
                        fmt::format("{} and {} are both set: keep one of them.", name, file_name));
    } else if (reference && !reference->empty()) {
      place.secret = secret_name(*reference);
      if (place.secret.empty()) {
        fields_.add_issue(name,
                          fmt::format("no key may stand in this file: write '{{{{secrets.NAME}}}}'"
                                      ", or {}: <path>.",
                                      file_name));
      }
    } else if (required && !fields_.has(name) && place.file.empty()) {
      fields_.add_issue(
          name,
          fmt::format("it is missing: write '{{{{secrets.NAME}}}}', or {}: <path>.", file_name));
    }
    return place;
  }

  static std::string secret_name(std::string_view text) {
    const auto found = secrets::references_in(text);
    if (found.size() == 1 && found[0].at == 0 && found[0].length == text.size()) {
      return std::string(found[0].name);
    }
    return std::string(secrets::bare_name(text).value_or(""));
  }

  std::string arn(yaml_fields& from, std::string_view name, std::string_view service,
                  std::string_view kind) {
    auto text = from.required(name);
    if (!text.empty() && !is_arn_of(text, service, kind)) {
      from.add_issue(name, fmt::format("it must be an ARN such as "
                                       "arn:aws:{}:...:{}<name>.",
                                       service, kind));
    }
    return text;
  }

  void read_web_identity() {
    out_.token_file = fields_.text("tokenFile").value_or("");
    out_.session_name = fields_.text("sessionName", 64).value_or("");
    out_.duration = fields_.duration("duration", least_session, max_session).value_or(seconds(0));
    // Without both the variables of the platform count, and half a set would mix two identities.
    if (fields_.has("tokenFile") || fields_.has("roleArn")) {
      out_.role_arn = arn(fields_, "roleArn", "iam", "role/");
      if (out_.token_file.empty()) fields_.add_issue("tokenFile", "it is missing beside roleArn.");
    }
  }

  void read_roles_anywhere() {
    out_.certificate_file = fields_.required("certificateFile");
    out_.chain_file = fields_.text("chainFile").value_or("");
    out_.private_key = key("privateKey", true);
    out_.passphrase = key("passphrase", false);
    out_.trust_anchor_arn = arn(fields_, "trustAnchorArn", "rolesanywhere", "trust-anchor/");
    out_.profile_arn = arn(fields_, "profileArn", "rolesanywhere", "profile/");
    out_.role_arn = arn(fields_, "roleArn", "iam", "role/");
    out_.session_name = fields_.text("sessionName", 64).value_or("");
    out_.duration = fields_.duration("duration", least_session, max_session).value_or(seconds(0));
  }

  void read_assume_role() {
    const auto* const node = fields_.find("assumeRole");
    if (node == nullptr) return;
    role_to_assume role;
    yaml_fields fields(*node, fields_.path_of("assumeRole"), report_);
    role.role_arn = arn(fields, "roleArn", "iam", "role/");
    role.external_id = fields.text("externalId", 1224).value_or("");
    role.session_name = fields.text("sessionName", 64).value_or("");
    role.duration = fields.duration("duration", least_session, max_session).value_or(seconds(0));
    role.session_tags =
        fields.text_map("sessionTags").value_or(std::map<std::string, std::string>());
    fields.finish();
    out_.assume = std::move(role);
  }

  yaml_fields fields_;
  file_report& report_;
  credential_profile out_;
};

// Follows `source: profile` from each profile: a name that does not exist and a circle are issues.
void check_references(const std::vector<credential_profile>& all, std::string_view path,
                      file_report& report) {
  std::vector<std::string_view> names;
  for (const auto& each : all) names.push_back(each.name);
  for (const auto& start : all) {
    const auto key = fmt::format("{}.{}.profile", path, start.name);
    std::set<std::string_view> seen;
    const auto* at = &start;
    while (at != nullptr && at->from == source::profile && !at->other.empty()) {
      if (!seen.insert(at->name).second) {
        report.add_issue(start.line, key, "the profiles refer to each other in a circle.");
        break;
      }
      const auto* const next = find_profile(all, at->other);
      if (next == nullptr && at == &start) {
        const auto near = connector::nearest(at->other, names);
        report.add_issue(
            start.line, key,
            fmt::format("there is no profile '{}' in this file{}", shown_name(at->other),
                        near ? fmt::format(": did you mean {}?", *near) : "."));
      }
      at = next;
    }
  }
}

}  // namespace

std::vector<std::string_view> profile_fields() {
  std::vector<std::string_view> out = {"source", "region", "assumeRole"};
  for (const auto& each : special_fields) {
    if (std::find(out.begin(), out.end(), each.name) == out.end()) out.push_back(each.name);
  }
  return out;
}

std::vector<std::string_view> assume_role_fields() {
  return {"roleArn", "externalId", "sessionName", "duration", "sessionTags"};
}

std::vector<credential_profile> read_credential_profiles(const yaml_node& mapping,
                                                         std::string_view path,
                                                         file_report& report) {
  std::vector<credential_profile> all;
  yaml_fields names(mapping, std::string(path), report);
  if (mapping.members.size() > max_profiles) {
    report.add_issue(mapping.line, std::string(path),
                     fmt::format("there are more than {} profiles.", max_profiles));
    return all;
  }
  for (const auto& each : mapping.members) {
    if (!is_profile_name(each.key)) {
      report.add_issue(each.line, names.path_of(each.key),
                       "a profile's name is 1 to 64 letters, digits, dots, - and _.");
      continue;
    }
    all.push_back(profile_reader(each.value, names.path_of(each.key), report).run(each.key));
    all.back().line = each.line;
  }
  check_references(all, path, report);
  return all;
}

}  // namespace worker::config
