// The syntax of a reference: {{secrets.NAME}} anywhere in a text, blanks inside the braces allowed,
// and secrets.NAME as the whole text. resolver.h says where a reference counts. Pure; the views
// point into the given text.
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

// All bytes from this place on that a name may have; is_name() says whether they are one.
std::string_view name_bytes_at(std::string_view text, std::size_t at);

struct reference {
  std::size_t at = 0;  // of the opening braces
  std::size_t length = 0;
  std::string_view name;
};

// The references in braces from left to right; they never overlap. Braces around another text are
// text.
std::vector<reference> references_in(std::string_view text);

// NAME when the whole text is secrets.NAME.
std::optional<std::string_view> bare_name(std::string_view text);

// Whether a string of the JSON text may hold a reference, escaped references included: a quick
// check that most values do not pass.
bool may_hold_reference(std::string_view json);

}  // namespace worker::secrets
