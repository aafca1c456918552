#include "worker/config/config_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "connector/near_names.h"
#include "connector/operations.h"
#include "worker/config/policy_settings.h"
#include "worker/config/profile_reader.h"
#include "worker/config/settings_table.h"
#include "worker/config/yaml.h"
#include "worker/config/yaml_fields.h"

namespace worker::config {

namespace {

constexpr std::string_view profiles_key = "profiles";
constexpr std::string_view rules_key = "guards.rules";
constexpr std::size_t max_items = 1000;

// Keys of AWS belong to an identity, not to a file of settings: they come from the environment, or
// a profile names where they are.
bool is_own_key(std::string_view key) {
  return key == "aws.accessKey" || key == "aws.secretKey" || key == "aws.sessionToken";
}

class file_reader {
 public:
  explicit file_reader(file_report& report) : report_(report) {
    for (const auto& spec : settings_table()) {
      auto key = key_in_file(spec);
      if (key.empty()) continue;
      keys_.push_back(std::move(key));
      specs_.push_back(&spec);
    }
  }

  config_file run(std::string_view text) {
    const auto document = read_yaml(text);
    for (const auto& each : document.issues) report_.add_issue(each.line, "", each.text + ".");
    if (document.issues.empty() && (!document.has_content || document.root.is_null())) {
      // A file that was cut to nothing while it was written would open every list.
      report_.add_issue(1, "",
                        "there is nothing in it: write settings, {} for none, or do not name the "
                        "file.");
      return {};
    }
    if (document.root.type != yaml_node::kind::mapping && !document.root.is_null()) {
      report_.add_issue(document.root.line, "", "it must be a mapping (name: value).");
      return {};
    }
    read_mapping(document.root, "");
    return std::move(out_);
  }

 private:
  void read_mapping(const yaml_node& node, const std::string& prefix) {
    for (const auto& member : node.members) {
      const auto key = prefix.empty() ? member.key : prefix + "." + member.key;
      if (key == profiles_key) {
        out_.profiles = read_credential_profiles(member.value, key, report_);
      } else if (key == rules_key) {
        if (stands_twice(member, key)) continue;
        out_.rules = read_policy_rules(member.value, key, report_);
      } else if (const auto* const spec = setting(key)) {
        read_setting(*spec, member);
      } else if (is_group(key)) {
        read_group(member, key);
      } else {
        refuse(member, key, prefix);
      }
    }
  }

  void read_group(const yaml_member& member, const std::string& key) {
    if (member.value.type == yaml_node::kind::mapping) {
      read_mapping(member.value, key);
    } else if (!member.value.is_null()) {
      report_.add_issue(member.line, shown_name(key), "it must be a mapping (name: value).");
    } else if (key == "guards") {
      // Its lists may all have been taken out, and then everything would be open.
      report_.add_issue(member.line, key,
                        "there is nothing below it: write a list, or take it away.");
    }
  }

  // The parser knows keys of one mapping only; a key may also be written with its dot.
  bool stands_twice(const yaml_member& member, std::string_view key) {
    const auto [at, is_new] = lines_.emplace(key, member.line);
    if (!is_new) {
      report_.add_issue(member.line, std::string(key),
                        fmt::format("it stands twice, first in line {}.", at->second));
    }
    return !is_new;
  }

  [[nodiscard]] const setting_spec* setting(std::string_view key) const {
    const auto found = std::find(keys_.begin(), keys_.end(), key);
    return found == keys_.end() ? nullptr : specs_[static_cast<std::size_t>(found - keys_.begin())];
  }

  [[nodiscard]] bool is_group(std::string_view key) const {
    const auto start = std::string(key) + ".";
    return config_file_key.starts_with(start) ||
           std::any_of(keys_.begin(), keys_.end(),
                       [&](const auto& each) { return each.starts_with(start); });
  }

  void read_setting(const setting_spec& spec, const yaml_member& member) {
    const auto& node = member.value;
    if (node.is_null()) {
      report_.add_issue(member.line, std::string(spec.key), says_nothing(spec));
      return;
    }
    file_value value;
    value.line = member.line;
    value.is_path = spec.secret();
    const std::string key(spec.key);
    const bool many = spec.type == setting_type::list || spec.type == setting_type::entries;
    if (node.type == yaml_node::kind::text) {
      value.text = node.text;
    } else if (many && node.type == yaml_node::kind::list) {
      value.items = texts_of(node, max_items, key, report_);
      if (!value.items) return;
    } else if (spec.type == setting_type::entries) {
      yaml_fields fields(node, key, report_);
      value.items.emplace();
      for (const auto& each : node.members) {
        const auto text = fields.text(each.key, 64 * 1024);
        if (text) value.items->push_back(each.key + "=" + *text);
      }
    } else {
      report_.add_issue(member.line, key,
                        many ? "it must be a list of texts." : "it must be a single value.");
      return;
    }
    if (!stands_twice(member, key)) out_.settings.emplace(key, std::move(value));
  }

  void refuse(const yaml_member& member, const std::string& key, const std::string& prefix) {
    const auto add_issue = [&](std::string text) {
      report_.add_issue(member.line, shown_name(key), std::move(text));
    };
    if (key == config_file_key) return add_issue("a configuration file names no other one.");
    if (is_own_key(key)) {
      return add_issue(
          "keys do not stand in this file: use the environment, or a profile below 'profiles'.");
    }
    for (const auto& spec : settings_table()) {
      if (spec.key == key) {
        return add_issue(fmt::format("no secret stands in this file: write {}File: <path>.",
                                     shown_name(member.key)));
      }
    }
    const auto known = names_below(prefix);
    const std::vector<std::string_view> views(known.begin(), known.end());
    const auto near = connector::nearest(member.key, views);
    add_issue(near ? fmt::format("there is no such key: did you mean {}?", *near)
                   : std::string("there is no such key."));
  }

  [[nodiscard]] std::vector<std::string> names_below(const std::string& prefix) const {
    std::vector<std::string> names;
    const auto start = prefix.empty() ? prefix : prefix + ".";
    const auto add = [&](std::string_view key) {
      if (!key.starts_with(start)) return;
      key.remove_prefix(start.size());
      names.emplace_back(key.substr(0, key.find('.')));
    };
    for (const auto& key : keys_) add(key);
    add(profiles_key);
    add(rules_key);
    return names;
  }

  file_report& report_;
  std::vector<std::string> keys_;                  // as written in the file
  std::map<std::string, int, std::less<>> lines_;  // of the keys that were read
  std::vector<const setting_spec*> specs_;
  config_file out_;
};

}  // namespace

std::string key_in_file(const setting_spec& spec) {
  if (spec.key == config_file_key || is_own_key(spec.key)) return {};
  return std::string(spec.key) + (spec.secret() ? "File" : "");
}

config_file read_config_file(std::string_view text, file_report& report) {
  return file_reader(report).run(text);
}

}  // namespace worker::config
