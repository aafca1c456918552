// Finds a member of an untrusted document by its name: "a" can be written "\u0061". Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/json.h"

namespace connector::lambda {

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
