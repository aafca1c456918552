#include "worker/config/documents.h"

#include <fmt/format.h>

#include <algorithm>

#include "worker/config/job_lists.h"
#include "worker/config/settings_table.h"

namespace worker::config {

namespace {

std::string_view title_of(std::string_view group) {
  if (group == "config") return "Configuration file";
  if (group == "gateway") return "Gateway of the engine";
  if (group == "jobs") return "Jobs";
  if (group == "aws") return "AWS";
  if (group == "secrets") return "Secrets";
  if (group == "guards") return "Guards: what tasks may do";
  if (group == "admin") return "Health and metrics";
  return "Log";
}

std::string default_of(const setting_spec& spec) {
  if (spec.key == "jobs.types") return default_served_types();
  return std::string(spec.standard.empty() ? spec.standard_says : spec.standard);
}

std::string joined_variables(const setting_spec& spec, std::string_view before,
                             std::string_view after, std::string_view between) {
  std::string out;
  for (const auto name : variables_of(spec)) {
    if (!out.empty()) out += between;
    out.append(before).append(name).append(after);
  }
  return out;
}

// Breaks at blanks so that lines with `indent` fit 100 columns.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    if (column > indent && column + 1 + word.size() > 100) {
      out += '\n';
      column = indent;
    }
    if (column == indent) {
      out.append(indent, ' ');
    } else {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out + '\n';
}

// For a cell of a table: the bar would end it, and angle brackets would be taken for HTML.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') {
      out += "\\|";
    } else {
      out += c;
    }
  }
  return out;
}

// Whom a rule fits and which lists it has; not what is on them.
std::string text_of(const policy::rule& rule) {
  std::string out;
  const auto add = [&out](std::string_view what, std::string_view text) {
    out += fmt::format("{}{}{}{}", out.empty() ? "" : ", ", what, text.empty() ? "" : " ", text);
  };
  const auto scope = [&add](std::string_view what, const std::vector<std::string>& patterns) {
    if (!patterns.empty()) add(what, fmt::format("{}", fmt::join(patterns, " ")));
  };
  scope("jobTypes", rule.job_types);
  scope("tenants", rule.tenants);
  scope("processes", rule.processes);
  if (out.empty()) add("every job", "");
  if (rule.functions) add("allowedFunctions", "");
  if (rule.hosts) add("allowedHosts", "");
  if (rule.roles) add("allowedRoleArns", "");
  if (rule.profiles) add("allowedProfiles", "");
  if (rule.secrets) add("allowedSecrets", "");
  if (rule.require_secret_references) add("requireSecretReferences", "");
  return out;
}

}  // namespace

std::string help_of_settings() {
  std::string out;
  std::string_view group;
  for (const auto& spec : settings_table()) {
    if (spec.group() != group) {
      group = spec.group();
      out += fmt::format("\n{}:\n", title_of(group));
    }
    if (spec.flag.empty()) {
      out += fmt::format("  {}\n", joined_variables(spec, "", "", ", "));
    } else {
      out += fmt::format("  {} <{}>\n", spec.flag,
                         spec.type == setting_type::words ? spec.bounds.words : name_of(spec.type));
    }
    out += wrapped(spec.text, 6);
    if (!spec.flag.empty()) out += wrapped(joined_variables(spec, "", "", ", "), 6);
    auto standard = default_of(spec);
    // Lists can be broken at their commas.
    for (std::size_t at = standard.find(',');
         spec.type == setting_type::list && at < standard.size(); at = standard.find(',', at + 2)) {
      standard.insert(at + 1, " ");
    }
    if (!standard.empty()) {
      out += wrapped("default: " + standard, 6);
    }
  }
  return out;
}

std::string markdown_of_settings() {
  std::string out =
      "| setting | flag | environment | type | default | meaning |\n"
      "|---|---|---|---|---|---|\n";
  for (const auto& spec : settings_table()) {
    const auto standard = default_of(spec);
    out += fmt::format(
        "| `{}` | {} | {} | {} | {} | {} |\n", spec.key,
        spec.flag.empty() ? "" : fmt::format("`{}`", spec.flag),
        joined_variables(spec, "`", "`", ", "),
        spec.type == setting_type::words ? cell(fmt::format("`{}`", spec.bounds.words))
                                         : std::string(name_of(spec.type)),
        standard.empty()                                    ? ""
        : spec.standard.empty() && spec.key != "jobs.types" ? cell(standard)
                                                            : fmt::format("`{}`", cell(standard)),
        cell(spec.text));
  }
  return out;
}

std::string text_of(const settings& values) {
  std::string out;
  for (const auto& each : values.shown) {
    if (each.value.empty()) {
      out += fmt::format("{} is not set\n", each.key);
    } else {
      out += fmt::format("{} = {}  ({})\n", each.key, each.value, each.source);
    }
  }
  for (const auto& each : values.profiles) {
    out += fmt::format("profiles.{} = source {}{}{}  ({}:{})\n", each.name, name_of(each.from),
                       each.other.empty() ? "" : " " + each.other,
                       each.assume ? ", then the role " + each.assume->role_arn : "",
                       values.config_file, each.line);
  }
  for (std::size_t i = 0; i < values.policy.rules.size(); ++i) {
    out += fmt::format("guards.rules[{}] = {}  ({})\n", i + 1, text_of(values.policy.rules[i]),
                       values.config_file);
  }
  return out;
}

}  // namespace worker::config
