#include "worker/secrets/near_references.h"

#include <fmt/format.h>

#include "connector/base/ascii.h"
#include "worker/secrets/references.h"

namespace worker::secrets {

namespace {

constexpr std::string_view right_word = "secrets";

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && connector::ascii::is_blank(text[at])) ++at;
  return at;
}

// The end of the word "secret" or "secrets" in any case at this place; `at` when there is none.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  const auto is = [&](std::string_view word) {
    return connector::ascii::equal_without_case(text.substr(at, word.size()), word);
  };
  if (is(right_word)) return at + right_word.size();
  return is("secret") ? at + right_word.size() - 1 : at;
}

// At a brace behind which no other brace stands; `braces`: how many stand there, at most two.
std::optional<near_miss> at_brace(std::string_view text, std::size_t brace, std::size_t braces) {
  const std::size_t begin = brace + 1 - braces;
  const std::size_t word = skip_blanks(text, brace + 1);
  const std::size_t word_end = end_of_word(text, word);
  if (word_end == word || word_end == text.size()) return std::nullopt;
  const bool exact = text.substr(word, word_end - word) == right_word;
  const bool dot = text[word_end] == '.';
  const std::size_t name_at = dot ? word_end + 1 : skip_blanks(text, word_end);
  const auto name = name_bytes_at(text, name_at);
  if (name_at == word_end || !is_name(name)) return std::nullopt;
  const std::size_t name_end = name_at + name.size();
  const std::size_t close = skip_blanks(text, name_end);
  const bool closed = text.substr(close, 2) == "}}";
  if (exact && dot) {
    if (braces == 2 && closed) return std::nullopt;  // a reference
  } else if (braces != 2 || !closed) {
    return std::nullopt;
  }
  std::size_t end = name_end;
  if (text.substr(close, 1) == "}") end = close + (closed ? 2 : 1);
  return near_miss{text.substr(begin, end - begin), name};
}

}  // namespace

std::optional<near_miss> near_miss_in(std::string_view text) {
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    if (text.substr(at + 1, 1) == "{") continue;
    const bool two = at > 0 && text[at - 1] == '{';
    if (auto found = at_brace(text, at, two ? 2 : 1)) return found;
  }
  return std::nullopt;
}

std::optional<near_reference> near_reference_in(const std::vector<task_value>& task) {
  for (const auto& value : task) {
    const auto& name = value.input.name;
    if (value.from == origin::header && is_steering_header(name)) continue;
    const auto found = near_miss_in(value.input.value);
    if (!found) continue;
    return near_reference{
        .of_credentials = name == "authentication" || name.starts_with("authentication."),
        .input = name,
        .sentence = fmt::format("{} holds {}, which is text and names no secret: write "
                                "{{{{secrets.{}}}}} if a secret is meant.",
                                label_of(value), found->text, found->name)};
  }
  return std::nullopt;
}

}  // namespace worker::secrets
