// How a secret is referred to in text: {{secrets.NAME}} anywhere, blanks inside the braces allowed,
// and secrets.NAME as the whole text. Pure syntax: whether a reference counts is said in
// resolver.h. Views point into the text that was given.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace worker::secrets {

inline constexpr std::size_t longest_name = 255;

// [A-Za-z0-9][A-Za-z0-9_./-]*, at most longest_name bytes.
bool is_name(std::string_view text);

struct reference {
  std::size_t at = 0;  // of the opening braces
  std::size_t length = 0;
  std::string_view name;
};

// The references in braces from left to right; they never overlap. Braces around anything that is
// no name are text.
std::vector<reference> references_in(std::string_view text);

// NAME when the whole text is secrets.NAME.
std::optional<std::string_view> bare_name(std::string_view text);

// Whether JSON text could hold a reference in one of its strings, escaped ones included: a quick
// look that spares the many values without any the closer one.
bool may_hold_reference(std::string_view json);

}  // namespace worker::secrets
