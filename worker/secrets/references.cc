#include "worker/secrets/references.h"

#include "connector/base/ascii.h"

namespace worker::secrets {

namespace {

constexpr std::string_view word = "secrets.";

bool is_name_byte(char c) {
  return connector::ascii::is_letter_or_digit(c) || c == '_' || c == '.' || c == '/' || c == '-';
}

}  // namespace

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > longest_name ||
      !connector::ascii::is_letter_or_digit(text.front())) {
    return false;
  }
  for (const char c : text) {
    if (!is_name_byte(c)) return false;
  }
  return true;
}

std::string_view name_bytes_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_name_byte(text[end])) ++end;
  return text.substr(at, end - at);
}

std::vector<reference> references_in(std::string_view text) {
  std::vector<reference> found;
  std::size_t free_from = 0;  // what lies before belongs to an earlier reference
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + word.size())) {
    std::size_t open = at;
    while (open > free_from && connector::ascii::is_blank(text[open - 1])) --open;
    if (open < free_from + 2 || text.substr(open - 2, 2) != "{{") continue;
    open -= 2;
    const std::size_t name_at = at + word.size();
    const auto name = name_bytes_at(text, name_at);
    std::size_t close = name_at + name.size();
    while (close < text.size() && connector::ascii::is_blank(text[close])) ++close;
    if (text.substr(close, 2) != "}}" || !is_name(name)) continue;
    free_from = close + 2;
    found.push_back({open, free_from - open, name});
  }
  return found;
}

std::optional<std::string_view> bare_name(std::string_view text) {
  if (!text.starts_with(word)) return std::nullopt;
  text.remove_prefix(word.size());
  if (!is_name(text)) return std::nullopt;
  return text;
}

bool may_hold_reference(std::string_view json) {
  if (json.find(word) != std::string_view::npos) return true;
  // An escape can stand for any letter of a reference; all of them are printable ASCII, so that
  // the many escaped letters of other languages are no reason for a closer look.
  constexpr std::string_view escape = "\\u00";
  for (std::size_t at = json.find(escape); at != std::string_view::npos;
       at = json.find(escape, at + escape.size())) {
    const std::size_t next = at + escape.size();
    if (next < json.size() && json[next] >= '2' && json[next] <= '7') return true;
  }
  return false;
}

}  // namespace worker::secrets
