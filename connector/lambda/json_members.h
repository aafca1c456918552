// Finds a member of an untrusted document by its name: "a" can be written "\u0061". Pure.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"

namespace connector::lambda {

// The name as it is meant: without its escapes.
inline std::string unescaped_name(const json::member& of) {
  if (of.name.find('\\') == std::string_view::npos) return std::string(of.name);
  return json::text_of(std::string("\"").append(of.name).append("\"")).value_or(std::string());
}

// As readers see a name to which capitals and small letters are alike: encoding/json of Go, for
// which U+017F is an s and U+212A is a k too, and System.Text.Json when it is told so.
inline std::string folded_name(std::string_view name) {
  constexpr std::string_view long_s = "\xC5\xBF";
  constexpr std::string_view kelvin = "\xE2\x84\xAA";
  std::string out;
  while (!name.empty()) {
    const bool is_s = name.starts_with(long_s);
    const bool is_k = name.starts_with(kelvin);
    out += is_s ? 's' : is_k ? 'k' : ascii::lower(name.front());
    name.remove_prefix(is_s ? long_s.size() : is_k ? kelvin.size() : 1);
  }
  return out;
}

// Whether a member's name is another one than `name`, which stands in small letters, but the same
// to such readers.
inline bool has_lookalike(const std::vector<json::member>& members, std::string_view name) {
  return std::any_of(members.begin(), members.end(), [name](const json::member& one) {
    const auto meant = unescaped_name(one);
    return meant != name && folded_name(meant) == name;
  });
}

// The value of the last member with that name, escapes in names resolved; nothing when there is
// none.
inline std::optional<std::string_view> find_unescaped(const std::vector<json::member>& members,
                                                      std::string_view name) {
  for (auto it = members.rbegin(); it != members.rend(); ++it) {
    if (it->name == name) return it->value;
    if (it->name.find('\\') == std::string_view::npos) continue;
    const auto resolved = json::text_of(std::string("\"").append(it->name).append("\""));
    if (resolved == name) return it->value;
  }
  return std::nullopt;
}

}  // namespace connector::lambda
