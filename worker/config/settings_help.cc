#include "worker/config/settings_help.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/words.h"
#include "worker/config/settings_table.h"

namespace worker::config {

namespace {

std::string_view title_of(std::string_view group) {
  if (group == "config") return "Configuration file";
  if (group == "gateway") return "Gateway of the engine";
  if (group == "login") return "Login at the gateway";
  if (group == "jobs") return "Jobs";
  if (group == "aws") return "AWS";
  if (group == "secrets") return "Secrets";
  if (group == "guards") return "Guards: what tasks may do";
  if (group == "limits") return "Limits of calls";
  if (group == "admin") return "Health and metrics";
  return "Log";
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
      out += wrapped(joined_variables(spec, "", "", ", "), 2);
    } else {
      out +=
          fmt::format("  {} <{}>\n", spec.flag,
                      spec.type == setting_type::words ? connector::joined(spec.bounds.words, "|")
                                                       : std::string(name_of(spec.type)));
    }
    out += wrapped(spec.text, 6);
    if (!spec.flag.empty()) out += wrapped(joined_variables(spec, "", "", ", "), 6);
    auto standard = shown_default(spec);
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

}  // namespace worker::config
