#include "worker/feel/replacement_text.h"

#include "worker/feel/text_cursor.h"

namespace worker::feel {
namespace {

using group_names = std::map<std::string, std::size_t, std::less<>>;

// Behind "${", up to and with the '}'.
std::optional<std::size_t> named_group(std::string_view& rest, const group_names& names) {
  const auto end = rest.find('}');
  if (end == std::string_view::npos) return std::nullopt;
  const auto found = names.find(rest.substr(0, end));
  rest.remove_prefix(end + 1);
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

// Behind "$": one digit, and more as long as there is such a group.
std::optional<std::size_t> numbered_group(std::string_view& rest, std::size_t groups) {
  std::optional<std::size_t> group;
  while (!rest.empty() && text_cursor::is_digit(rest.front())) {
    const auto digit = static_cast<std::size_t>(rest.front() - '0');
    const std::size_t longer = 10 * group.value_or(0) + digit;
    if (longer > groups) break;
    group = longer;
    rest.remove_prefix(1);
  }
  return group;
}

}  // namespace

std::optional<std::vector<replacement_piece>> parse_replacement(std::string_view text,
                                                                std::size_t groups,
                                                                const group_names& names) {
  std::vector<replacement_piece> pieces;
  const auto literal = [&pieces](char c) {
    if (pieces.empty() || pieces.back().group) pieces.emplace_back();
    pieces.back().literal += c;
  };
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '\\') {
      if (text.empty()) return std::nullopt;
      literal(text.front());
      text.remove_prefix(1);
    } else if (c == '$') {
      std::optional<std::size_t> group;
      if (text.starts_with('{')) {
        text.remove_prefix(1);
        group = named_group(text, names);
      } else {
        group = numbered_group(text, groups);
      }
      if (!group) return std::nullopt;
      pieces.push_back({"", group});
    } else {
      literal(c);
    }
  }
  return pieces;
}

}  // namespace worker::feel
