// Reads the fields of one mapping of a configuration file by name. A name that was read is known;
// finish() reports the other names, each with the nearest known one. A field of the wrong shape is
// reported and reads as absent, so that the calling code stays a list of fields. The node and the
// report must outlive this. Pure.
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
  // `path` precedes the names in messages: "profiles.billing". A node that is not a mapping is
  // reported and has no fields; null has no fields either.
  yaml_fields(const yaml_node& node, std::string path, file_report& report);

  // A name without a value is reported and reads as absent.
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
  // The line of the field, or of the mapping when it has no such field.
  [[nodiscard]] int line_of(std::string_view name) const;
  [[nodiscard]] int line() const { return node_.line; }
  [[nodiscard]] std::string path_of(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return member(name) != nullptr; }
  // Registers a field that other mappings have, with what finish() says instead of "no such key".
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

// The texts of a list node, or one text of a text node. Nothing, and a report under `key`, for a
// mapping and for texts with control characters.
std::optional<std::vector<std::string>> texts_of(const yaml_node& node, std::size_t most,
                                                 const std::string& key, file_report& report);

}  // namespace worker::config
