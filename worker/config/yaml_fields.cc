#include "worker/config/yaml_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/duration.h"
#include "connector/near_names.h"
#include "connector/operations.h"
#include "worker/config/value_parser.h"

namespace worker::config {

namespace {

using std::chrono::seconds;

std::string_view describe_kind(const yaml_node& node) {
  if (node.type == yaml_node::kind::list) return "a list";
  return node.type == yaml_node::kind::mapping ? "a mapping" : "a text";
}

bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

}  // namespace

std::optional<std::vector<std::string>> texts_of(const yaml_node& node, std::size_t most,
                                                 const std::string& key, file_report& report) {
  std::vector<std::string> texts;
  const bool single = node.type == yaml_node::kind::text;
  if (node.type == yaml_node::kind::mapping) {
    report.add_issue(node.line, key, "it must be a list of texts, not a mapping.");
    return std::nullopt;
  }
  if (node.items.size() > most) {
    report.add_issue(node.line, key, fmt::format("it has more than {} entries.", most));
    return std::nullopt;
  }
  bool good = true;
  const auto take = [&](const yaml_node& one) {
    if (one.type != yaml_node::kind::text || one.is_null() || !is_printable(one.text)) {
      report.add_issue(one.line, key, "each entry must be a text without control characters.");
      good = false;
      return;
    }
    texts.push_back(one.text);
  };
  if (single) take(node);
  for (const auto& one : node.items) take(one);
  if (!good) return std::nullopt;
  return texts;
}

yaml_fields::yaml_fields(const yaml_node& node, std::string path, file_report& report)
    : node_(node), path_(std::move(path)), report_(report) {
  if (node.type != yaml_node::kind::mapping && !node.is_null()) {
    report_.add_issue(
        node.line, path_,
        fmt::format("it must be a mapping (name: value), not {}.", describe_kind(node)));
  }
}

const yaml_member* yaml_fields::member(std::string_view name) const {
  const auto found = std::find_if(node_.members.begin(), node_.members.end(),
                                  [&](const auto& each) { return each.key == name; });
  return found == node_.members.end() ? nullptr : &*found;
}

const yaml_node* yaml_fields::find(std::string_view name) {
  known_.emplace_back(name);
  const auto* const found = member(name);
  if (found == nullptr) return nullptr;
  if (!found->value.is_null()) return &found->value;
  // It could mean "nothing" or "everything", so it means neither.
  add_issue(name,
            "it has no value: write one ([] for a list without entries), or take the line "
            "away.");
  return nullptr;
}

std::optional<std::string> yaml_fields::text(std::string_view name, std::size_t most) {
  const auto* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->type != yaml_node::kind::text) {
    add_issue(name, fmt::format("it must be a text, not {}.", describe_kind(*value)));
    return std::nullopt;
  }
  if (value->text.size() > most || !is_printable(value->text)) {
    add_issue(name, fmt::format("it must be at most {} bytes without control characters.", most));
    return std::nullopt;
  }
  return value->text;
}

std::optional<bool> yaml_fields::boolean(std::string_view name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  if (*value == "true" || *value == "false") return *value == "true";
  add_issue(name, "it must be true or false.");
  return std::nullopt;
}

std::optional<seconds> yaml_fields::duration(std::string_view name, seconds least, seconds most) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto count = [](seconds time) { return static_cast<std::uint64_t>(time.count()) * 1000; };
  const auto parsed = parse_value(*value, setting_type::duration, {count(least), count(most), {}});
  if (const auto* allowed = std::get_if<std::string>(&parsed)) {
    add_issue(name, fmt::format("it must be {}.", *allowed));
    return std::nullopt;
  }
  return std::chrono::duration_cast<seconds>(std::get<parsed_value>(parsed).duration);
}

std::optional<std::vector<std::string>> yaml_fields::texts(std::string_view name,
                                                           std::size_t most) {
  const auto* const value = find(name);
  if (value == nullptr) return std::nullopt;
  return texts_of(*value, most, path_of(name), report_);
}

std::optional<std::map<std::string, std::string>> yaml_fields::text_map(std::string_view name,
                                                                        std::size_t most) {
  const auto* const value = find(name);
  if (value == nullptr) return std::nullopt;
  yaml_fields inner(*value, path_of(name), report_);
  if (value->members.size() > most) {
    add_issue(name, fmt::format("it has more than {} entries.", most));
    return std::nullopt;
  }
  std::map<std::string, std::string> out;
  for (const auto& each : value->members) {
    if (const auto text = inner.text(each.key)) out.emplace(each.key, *text);
  }
  return out;
}

std::string yaml_fields::required(std::string_view name) {
  auto value = text(name);
  if (!has(name) || (value && value->empty())) add_issue(name, "it is missing.");
  return std::move(value).value_or("");
}

void yaml_fields::add_issue(std::string_view name, std::string text) {
  report_.add_issue(line_of(name), path_of(name), std::move(text));
}

int yaml_fields::line_of(std::string_view name) const {
  const auto* const found = member(name);
  return found == nullptr ? node_.line : found->line;
}

std::string yaml_fields::path_of(std::string_view name) const {
  if (path_.empty()) return shown_name(name);
  return name.empty() ? path_ : fmt::format("{}.{}", path_, shown_name(name));
}

void yaml_fields::elsewhere(std::string_view name, std::string text) {
  elsewhere_.insert_or_assign(std::string(name), std::move(text));
}

void yaml_fields::finish() {
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const auto& each : node_.members) {
    if (std::find(known_.begin(), known_.end(), each.key) != known_.end()) continue;
    if (const auto other = elsewhere_.find(each.key); other != elsewhere_.end()) {
      report_.add_issue(each.line, path_of(each.key), other->second);
      continue;
    }
    const auto near = connector::nearest(each.key, known);
    report_.add_issue(each.line, path_of(each.key),
                      near ? fmt::format("there is no such key: did you mean {}?", *near)
                           : std::string("there is no such key."));
  }
}

}  // namespace worker::config
