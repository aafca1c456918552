#include "worker/config/setting_texts.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "connector/base/small_file.h"
#include "worker/config/variable_names.h"
#include "worker/config/yaml.h"

namespace worker::config {

namespace {

constexpr std::size_t max_file_bytes = 64 * 1024;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

setting_texts::setting_texts(const sources& from, std::vector<issue>& issues)
    : from_(from), issues_(issues) {
  for (const auto& [name, value] : from_.environment) {
    if (!value.empty() && is_spring_name(name)) relaxed_.emplace(relaxed_name(name), name);
  }
}

void setting_texts::add_issue(std::string_view key, std::string source, std::string text) {
  for (const auto& each : issues_) {
    if (each.source == source && each.text == text) return;
  }
  issues_.push_back({std::string(key), std::move(source), std::move(text)});
}

connector::file_text setting_texts::file_at(const std::string& path, std::size_t most) const {
  return from_.read_file ? from_.read_file(path, most) : connector::read_small_file(path, most);
}

config_file setting_texts::read_file(const std::string& path, const std::string& source) {
  auto content = file_at(path, yaml_limits().bytes);
  if (content.result != connector::file_text::state::read) {
    add_issue(config_file_key, source,
              fmt::format("the file '{}' cannot be read: {}.", path, content.reason));
    return {};
  }
  file_report report(path);
  auto file = read_config_file(content.text, report);
  file_settings_ = std::move(file.settings);
  file_path_ = path;
  for (auto& each : report.issues) issues_.push_back(std::move(each));
  return file;
}

std::optional<setting_text> setting_texts::find(const setting_spec& spec) {
  auto found = flag(spec);
  for (const auto name : variables_of(spec)) {
    if (found) break;
    if (spec.must_say()) refuse_empty(spec, std::string(name));
    found = variable(spec.key, std::string(name));
  }
  if (!found) found = in_file(spec);
  return found;
}

std::vector<std::string> setting_texts::overruled(const setting_spec& spec,
                                                  const setting_text& counts) {
  std::set<std::string> out;
  if (!from_.environment.contains(counts.source)) return {};
  for (const auto name : variables_of(spec)) {
    const auto other = variable(spec.key, std::string(name));
    if (other && other->text != counts.text) out.insert(other->source);
    if (!is_spring_name(name)) continue;
    for (const auto& [set, value] : from_.environment) {
      const bool differs = !value.empty() && value != counts.text && set != counts.source;
      if (differs && is_same_variable(set, name)) out.insert(set);
    }
  }
  return {out.begin(), out.end()};
}

std::optional<setting_text> setting_texts::flag(const setting_spec& spec) {
  if (spec.flag.empty()) return std::nullopt;
  std::optional<setting_text> found;
  for (const auto& [name, text] : from_.flags) {
    if (name != spec.flag) continue;
    if (text.empty() && !spec.must_say()) continue;
    if (spec.type == setting_type::list && says_nothing(text, spec.type)) {
      add_issue(spec.key, name, says_nothing(spec));
    } else if (!found) {
      found = setting_text{text, name};
    } else if (spec.type == setting_type::list) {
      found->text += "," + text;
    } else if (spec.type == setting_type::entries) {
      found->text += ";" + text;
    } else {
      add_issue(spec.key, name, "it stands more than once: keep one of them.");
    }
  }
  return found;
}

std::optional<setting_text> setting_texts::variable(std::string_view key, const std::string& name) {
  const auto set = spelling_of(name);
  const auto own = from_.environment.find(set);
  const auto file = from_.environment.find(set + "_FILE");
  const bool has_own = own != from_.environment.end() && !own->second.empty();
  const bool has_file = file != from_.environment.end() && !file->second.empty();
  if (has_own && has_file) {
    add_issue(key, set, fmt::format("{0} and {0}_FILE are both set: keep one of them.", set));
    return std::nullopt;
  }
  if (has_own) return setting_text{own->second, set};
  if (!has_file) return std::nullopt;
  auto text = content_of(file->second, key, set + "_FILE", "take the variable away");
  if (!text) return std::nullopt;
  return setting_text{*std::move(text), set + "_FILE"};
}

std::optional<setting_text> setting_texts::in_file(const setting_spec& spec) {
  const auto found = file_settings_.find(spec.key);
  if (found == file_settings_.end()) return std::nullopt;
  const auto& value = found->second;
  setting_text out{value.text, fmt::format("{}:{}", file_path_, value.line), value.items};
  if (!value.is_path) return out;
  auto text = content_of(value.text, spec.key, out.source, "take the line away");
  if (!text) return std::nullopt;
  out.text = *std::move(text);
  return out;
}

std::vector<std::pair<std::string, std::string>> setting_texts::files_of_values() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [key, value] : file_settings_) {
    if (value.is_path) out.emplace_back(value.text, fmt::format("{}:{}", file_path_, value.line));
  }
  return out;
}

std::optional<std::string> setting_texts::content_of(const std::string& path, std::string_view key,
                                                     const std::string& source,
                                                     std::string_view otherwise) {
  auto content = file_at(path, max_file_bytes);
  if (content.result != connector::file_text::state::read) {
    add_issue(key, source, fmt::format("the file '{}' cannot be used: {}.", path, content.reason));
    return std::nullopt;
  }
  if (is_blank(content.text)) {
    add_issue(
        key, source,
        fmt::format("the file '{}' is empty: write the value into it, or {}.", path, otherwise));
    return std::nullopt;
  }
  return std::move(content.text);
}

// For settings where an empty value must not mean "not set".
void setting_texts::refuse_empty(const setting_spec& spec, const std::string& name) {
  for (const auto& [each, value] : from_.environment) {
    if (!value.empty()) continue;
    if (is_same_variable(each, name) || is_same_variable(each, name + "_FILE")) {
      add_issue(spec.key, each, says_nothing(spec));
    }
  }
}

// The name as the environment has it: the Spring runtime's names have several spellings.
std::string setting_texts::spelling_of(const std::string& name) const {
  const auto exact = from_.environment.find(name);
  if (!is_spring_name(name) || (exact != from_.environment.end() && !exact->second.empty())) {
    return name;
  }
  const auto wanted = relaxed_name(name);
  if (const auto found = relaxed_.find(wanted); found != relaxed_.end()) return found->second;
  const auto file = relaxed_.find(wanted + "FILE");
  if (file == relaxed_.end() || !file->second.ends_with(file_end)) return name;
  return file->second.substr(0, file->second.size() - file_end.size());
}

}  // namespace worker::config
