// From YAML text to a small tree with line numbers: the part of YAML that a configuration file
// needs. A value is a text, a list or a mapping; no types are guessed, so a tenant called `no`
// stays a text. Anchors, aliases, tags, a second document and keys that are not text are refused.
// Only this file uses the parser (libyaml, YAML 1.1). Pure. yaml_writer.h is the way back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace worker::config {

struct yaml_limits {
  std::size_t bytes = 256 * 1024;
  std::size_t depth = 12;     // of lists and mappings in each other
  std::size_t nodes = 10000;  // values of all kinds, keys counted
};

struct yaml_member;

struct yaml_node {
  enum class kind { text, list, mapping };
  kind type = kind::text;
  int line = 0;                      // from 1
  std::string text;                  // of text
  bool quoted = false;               // of text: it was not written plain
  std::vector<yaml_node> items;      // of a list
  std::vector<yaml_member> members;  // of a mapping, in order, each key once

  // Nothing, ~ or null, as in YAML 1.1.
  [[nodiscard]] bool is_null() const;
};

struct yaml_member {
  std::string key;
  int line = 0;
  yaml_node value;
};

struct yaml_issue {
  int line = 0;
  std::string text;  // "the key is there twice", for people; no value of the file
};

// The document; a file without one (empty, comments only) has no content and is an empty mapping.
// When there are issues, the tree holds what could be read.
struct yaml_document {
  yaml_node root;
  bool has_content = false;
  std::vector<yaml_issue> issues;
};

yaml_document read_yaml(std::string_view text, const yaml_limits& limits = {});

}  // namespace worker::config
