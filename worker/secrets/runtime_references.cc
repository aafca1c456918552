#include "worker/secrets/runtime_references.h"

#include <algorithm>
#include <optional>

namespace worker::secrets {

namespace {

constexpr std::string_view reference_word = "secrets.";

// As Java's \s: the blanks of ASCII.
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_alphanumeric(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_separator(char c) { return c == '/' || c == '.' || c == '_' || c == '-'; }

std::size_t after_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

// The reference whose opening braces are at `open`: {{\s*secrets.NAME\s*}}, the shortest NAME.
std::optional<reference> in_braces(std::string_view text, std::size_t open) {
  const auto begin = after_spaces(text, open + 2);
  if (!text.substr(begin).starts_with(reference_word)) return std::nullopt;
  const auto name_at = begin + reference_word.size();
  const auto longest = std::min(text.size(), name_at + longest_name);
  for (auto end = name_at; end < longest && !is_space(text[end]);) {
    ++end;
    const auto close = after_spaces(text, end);
    if (!text.substr(close).starts_with("}}")) continue;
    return reference{open, close + 2 - open, text.substr(name_at, end - name_at)};
  }
  return std::nullopt;
}

// Adds the bare references of text[from, to).
void add_bare(std::string_view text, std::size_t from, std::size_t to,
              std::vector<reference>& found) {
  const auto part = text.substr(0, to);
  for (auto at = part.find(reference_word, from); at != std::string_view::npos;
       at = part.find(reference_word, from)) {
    const auto name_at = at + reference_word.size();
    std::size_t end = name_at;
    while (end < to && is_alphanumeric(part[end])) ++end;
    if (end == name_at) {
      from = name_at;
      continue;
    }
    while (end + 1 < to && is_separator(part[end]) && is_alphanumeric(part[end + 1])) {
      ++end;
      while (end < to && is_alphanumeric(part[end])) ++end;
    }
    found.push_back({at, end - at, part.substr(name_at, end - name_at)});
    from = end;
  }
}

}  // namespace

std::vector<reference> runtime_references_in(std::string_view text) {
  std::vector<reference> found;
  std::size_t free_from = 0;
  for (auto at = text.find("{{"); at != std::string_view::npos;) {
    const auto one = in_braces(text, at);
    if (!one) {
      at = text.find("{{", at + 1);
      continue;
    }
    add_bare(text, free_from, one->at, found);
    found.push_back(*one);
    free_from = one->at + one->length;
    at = text.find("{{", free_from);
  }
  add_bare(text, free_from, text.size(), found);
  return found;
}

std::vector<std::string> runtime_spellings(std::string_view name) {
  std::vector<std::string> out;
  const auto add = [&out](std::string spelling) {
    if (std::find(out.begin(), out.end(), spelling) == out.end())
      out.push_back(std::move(spelling));
  };
  const auto add_all = [&add](const std::string& of) {
    auto no_dots = of;
    std::replace(no_dots.begin(), no_dots.end(), '.', '_');
    auto no_hyphens = of;
    std::replace(no_hyphens.begin(), no_hyphens.end(), '-', '_');
    auto neither = no_dots;
    std::replace(neither.begin(), neither.end(), '-', '_');
    for (auto* each : {&no_dots, &no_hyphens, &neither}) add(std::move(*each));
  };
  add(std::string(name));
  add_all(std::string(name));
  std::string in_capitals(name);
  std::transform(in_capitals.begin(), in_capitals.end(), in_capitals.begin(), upper);
  add(in_capitals);
  add_all(in_capitals);
  return out;
}

}  // namespace worker::secrets
