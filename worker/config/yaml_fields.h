// Reads the fields of one mapping of a configuration file by name. Every name that was asked for is
// known; finish() complains about the others, with the nearest known one. What has the wrong shape
// is reported and reads as absent, so that the code that uses this stays a list of fields. The
// node, the report and the path's text must outlive it. Pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/config/issue.h"
#include "worker/config/yaml.h"

namespace worker::config {

class yaml_fields {
 public:
  // `path` stands before the names in messages: "profiles.billing". A node that is no mapping is
  // reported and has no fields; null has none either.
  yaml_fields(const yaml_node& node, std::string path, file_report& report);

  // A name with nothing behind it is reported and reads as absent.
  const yaml_node* find(std::string_view name);
  std::optional<std::string> text(std::string_view name, std::size_t most = 4096);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::chrono::seconds> duration(std::string_view name, std::chrono::seconds least,
                                               std::chrono::seconds most);
  // A list of texts, or one text for a list of one.
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most = 1000);
  std::optional<std::map<std::string, std::string>> text_map(std::string_view name,
                                                             std::size_t most = 50);
  std::string required(std::string_view name);

  void add_issue(std::string_view name, std::string text);
  // Of the name, or of the mapping when there is none of that name.
  [[nodiscard]] int line_of(std::string_view name) const;
  [[nodiscard]] int line() const { return node_.line; }
  [[nodiscard]] std::string path_of(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return member(name) != nullptr; }
  // Names that exist somewhere else: what finish() says of them instead of "unknown".
  void elsewhere(std::string_view name, std::string text);
  void finish();

 private:
  [[nodiscard]] const yaml_member* member(std::string_view name) const;

  const yaml_node& node_;
  std::string path_;
  file_report& report_;
  std::vector<std::string> known_;
  std::map<std::string, std::string, std::less<>> elsewhere_;
};

// Texts of a list node, or a text node as one; nothing (and reported under `key`) when it is
// something else or holds control characters.
std::optional<std::vector<std::string>> texts_of(const yaml_node& node, std::size_t most,
                                                 const std::string& key, file_report& report);

}  // namespace worker::config
