#include "worker/config/load.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/json_scan.h"
#include "connector/base/utf8.h"
#include "worker/config/address.h"
#include "worker/config/job_lists.h"
#include "worker/config/own_files.h"
#include "worker/config/saas.h"
#include "worker/config/secret_prefix.h"
#include "worker/config/setting_stores.h"
#include "worker/config/setting_texts.h"
#include "worker/config/settings_checks.h"
#include "worker/config/settings_table.h"
#include "worker/config/worker_overrides.h"

namespace worker::config {

namespace {

constexpr std::size_t max_shown = 200;

// One run of load(): finds the text of each row, parses it and collects the issues.
class loading {
 public:
  explicit loading(const sources& from) : from_(from), texts_(from, out_.issues) {}

  loaded run() {
    for (const auto& spec : settings_table()) {
      read(spec);
      if (spec.key == config_file_key) read_file();
    }
    apply_worker_overrides(from_, out_);
    read_secrets();
    read_aws_variables();
    out_.values.secrets.own_files = own_files(from_, texts_, out_.values);
    check_settings(out_);
    check_environment(from_, out_);
    for (auto& each : out_.issues) {
      for (auto* text : {&each.key, &each.source, &each.text}) *text = one_line(*text);
    }
    for (auto& each : out_.warnings) each = one_line(each);
    return std::move(out_);
  }

 private:
  // Messages hold names and pieces of values, which may have any bytes.
  static std::string one_line(std::string_view text) {
    auto out = connector::repaired_utf8(text);
    for (char& c : out) {
      if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = '?';
    }
    return out;
  }

  // The first row of the table names the file; the rows after it look into it.
  void read_file() {
    if (out_.values.config_file.empty()) return;
    auto file = texts_.read_file(out_.values.config_file, out_.values.source_of(config_file_key));
    out_.values.profiles = std::move(file.profiles);
    out_.values.policy.rules = std::move(file.rules);
  }

  void read(const setting_spec& spec) {
    auto found = texts_.find(spec);
    if (found) warn_of_others(spec, *found);
    if (!found && !default_of(spec).empty()) found = setting_text{default_of(spec), "default"};
    if (spec.key == "gateway.address") found = address_of_cluster(*std::move(found));
    if (spec.key == "admin.address") {
      out_.values.admin.by_default = found && found->source == "default";
    }
    shown_setting shown{spec.key, std::string(spec.standard_says), "default"};
    if (found) {
      shown.source = found->source;
      const bool stored = store(spec, *found);
      const auto text = joined(spec, *found);
      shown.value = stored ? shown_text(spec, text) : "(not valid)";
      // AWS's own keys are read where they are used, from AWS's variables.
      if (spec.store != not_stored) shown.hash = std::hash<std::string>()(text);
    }
    out_.values.shown.push_back(std::move(shown));
  }

  // A cluster of Camunda's cloud has its address; an address that was given counts before it.
  setting_text address_of_cluster(setting_text given) {
    const auto& gateway = out_.values.gateway;
    if (gateway.cluster_id.empty()) return given;
    auto made = saas_address(gateway.cluster_id, gateway.cluster_region);
    if (given.source == "default") return {std::move(made), "gateway.clusterId"};
    const auto address = parse_gateway_address(given.text, false);
    const auto* const parsed = std::get_if<gateway_address>(&address);
    if (parsed == nullptr || !made.ends_with("//" + parsed->target)) {
      out_.warnings.push_back(
          fmt::format("{} (gateway.address) counts; gateway.clusterId is another gateway and is "
                      "not used for the address.",
                      given.source));
    }
    return given;
  }

  void warn_of_others(const setting_spec& spec, const setting_text& counts) {
    for (const auto& other : texts_.overruled(spec, counts)) {
      out_.warnings.push_back(fmt::format("{} ({}) counts; {} has another value and is not used.",
                                          counts.source, spec.key, other));
    }
  }

  // The defaults that other rooms or the machine decide; the others are in the table.
  [[nodiscard]] std::string default_of(const setting_spec& spec) const {
    if (spec.key == "jobs.types") return default_served_types(out_.values.jobs.profile);
    if (spec.key == "jobs.workerName") {
      const auto host = from_.here.host.substr(0, 150);
      return host.empty() ? "lambda-connector" : "lambda-connector-" + host;
    }
    if (spec.key == "jobs.byteBudget") {
      return std::to_string(default_byte_budget(from_.here.memory_limit));
    }
    return std::string(spec.standard);
  }

  bool store(const setting_spec& spec, const setting_text& found) {
    if (spec.must_say() && !found.items && says_nothing(found.text, setting_type::list)) {
      texts_.add_issue(spec.key, found.source, says_nothing(spec));
      return false;
    }
    if (!spec.secret() && joined(spec, found).find("-----BEGIN ") != std::string::npos) {
      // What stands here may be a private key, so nothing of it is shown.
      texts_.add_issue(spec.key, found.source,
                       spec.type == setting_type::path
                           ? "here belongs the path of a file, and this is the content of one."
                           : "the content of a key or a certificate does not belong here.");
      return false;
    }
    auto parsed = found.items ? parse_items(*found.items, spec.type, spec.bounds)
                              : parse_value(found.text, spec.type, spec.bounds);
    std::optional<std::string> allowed;
    if (is_quoted(spec, found)) {
      texts_.add_issue(spec.key, found.source,
                       "the quotes around it are a part of the value here: take them away.");
      return false;
    }
    if (auto* value = std::get_if<parsed_value>(&parsed)) {
      if (!has_unit_enough(spec, found, *value)) return false;
      allowed = spec.store(out_.values, *value);
    } else {
      allowed = std::get<std::string>(parsed);
    }
    if (!allowed) return true;
    texts_.add_issue(spec.key, found.source,
                     fmt::format("{} is not allowed. It must be {}.",
                                 quoted(spec, joined(spec, found)), *allowed));
    return false;
  }

  // As `docker run --env-file` leaves them, where a shell would take them away.
  static bool is_quoted(const setting_spec& spec, const setting_text& found) {
    const auto& text = found.text;
    return !found.items && spec.type != setting_type::entries && text.size() >= 2 &&
           text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
  }

  // A number below 1000 was most likely meant as seconds.
  bool has_unit_enough(const setting_spec& spec, const setting_text& found,
                       const parsed_value& value) {
    const auto count = value.duration.count();
    if (!value.without_unit || count == 0 || count >= 1000) return true;
    auto text = fmt::format(
        "{0} without a unit is {0} milliseconds: write {0}s, or {0}ms if that "
        "is meant.",
        count);
    if (spec.in_milliseconds()) {
      out_.warnings.push_back(describe({std::string(spec.key), found.source, std::move(text)}));
      return true;
    }
    texts_.add_issue(spec.key, found.source, std::move(text));
    return false;
  }

  static std::string joined(const setting_spec& spec, const setting_text& found) {
    if (!found.items) return found.text;
    std::string out;
    const auto* const between = spec.type == setting_type::entries ? "; " : ", ";
    for (const auto& item : *found.items) out += (out.empty() ? "" : between) + item;
    return out.empty() ? "[]" : out;
  }

  // Default headers are shown by name: their values may be keys.
  std::string shown_text(const setting_spec& spec, const std::string& text) const {
    if (spec.secret()) return "***";
    if (!spec.hides_values()) return text;
    std::string names;
    for (const auto& each : out_.values.jobs.default_headers) {
      if (!names.empty()) names += "; ";
      names += (each.job_type.empty() ? "" : each.job_type + ":") + each.name + "=***";
    }
    return names;
  }

  static std::string quoted(const setting_spec& spec, std::string_view text) {
    // Addresses may carry a password by mistake, and default headers keys in clear.
    const bool hidden =
        spec.secret() || spec.hides_values() || text.find('@') != std::string_view::npos;
    if (hidden) return "the value";
    std::string shown(text.substr(0, max_shown));
    for (char& c : shown) {
      if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = '?';
    }
    return "'" + shown + "'";
  }

  // Every variable with the prefix is a secret, the prefix taken off.
  void read_secrets() {
    const std::string prefix = out_.values.secrets.environment_prefix;
    for (auto it = from_.environment.lower_bound(prefix);
         !prefix.empty() && it != from_.environment.end() && it->first.starts_with(prefix); ++it) {
      std::string name = it->first.substr(prefix.size());
      if (name.ends_with(file_end)) name.resize(name.size() - file_end.size());
      if (name.empty() || is_read_here(it->first)) continue;
      if (out_.values.secrets.environment.contains(name)) continue;
      if (auto found = texts_.variable("secrets.environmentPrefix", prefix + name)) {
        out_.values.secrets.environment.emplace(name, connector::secret_string::take(found->text));
      }
    }
  }

  // The variables that credentials come from. Only variables of the table may be given as
  // NAME_FILE: AWS has others of its own whose names end so.
  void read_aws_variables() {
    auto& into = out_.values.aws.variables;
    for (auto it = from_.environment.lower_bound("AWS_");
         it != from_.environment.end() && it->first.starts_with("AWS_"); ++it) {
      std::string_view name = it->first;
      if (name.ends_with(file_end)) name.remove_suffix(file_end.size());
      if (it->second.empty() || is_variable(it->first) || is_variable(name)) continue;
      into.emplace(it->first, connector::secret_string(it->second));
    }
    // The shared files of the AWS tools lie below it.
    const auto home = from_.environment.find("HOME");
    if (home != from_.environment.end() && !home->second.empty()) {
      into.emplace("HOME", connector::secret_string(home->second));
    }
    for (const auto& spec : settings_table()) {
      if (!spec.key.starts_with("aws.")) continue;
      for (const auto name : variables_of(spec)) {
        auto found = texts_.variable(spec.key, std::string(name));
        if (found) {
          // A line break behind a key comes from how the variable or file was written.
          const auto text = connector::ascii::trim(found->text);
          found->text.erase(0, static_cast<std::size_t>(text.data() - found->text.data()));
          found->text.resize(text.size());
          into.emplace(std::string(name), connector::secret_string::take(found->text));
        }
      }
    }
  }

  static bool is_variable(std::string_view name) {
    for (const auto& spec : settings_table()) {
      const auto names = variables_of(spec);
      if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    }
    return false;
  }

  const sources& from_;
  loaded out_;
  setting_texts texts_;  // adds to the issues of out_
};

}  // namespace

loaded load(const sources& from) { return loading(from).run(); }

std::map<std::string, std::string> this_environment() {
  std::map<std::string, std::string> all;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view entry(*at);
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    all.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return all;
}

}  // namespace worker::config
