#include "worker/feel/lexer.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace worker::feel {

namespace {

struct character {
  utf8proc_int32_t code = 0;
  std::size_t size = 0;  // 0 at the end and where there is no UTF-8
};

character read(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  character out;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                     static_cast<utf8proc_ssize_t>(text.size() - at), &out.code);
  if (size <= 0) return {};
  out.size = static_cast<std::size_t>(size);
  return out;
}

// The blanks of DMN 1.5, grammar rules 61 and 62.
bool is_blank(utf8proc_int32_t code) {
  if (code < 0x80) return code == ' ' || (code >= 0x09 && code <= 0x0d);
  constexpr std::array wide{0x85,   0xa0,   0x1680, 0x180e, 0x2028,
                            0x2029, 0x202f, 0x205f, 0x3000, 0xfeff};
  return (code >= 0x2000 && code <= 0x200b) ||
         std::find(wide.begin(), wide.end(), code) != wide.end();
}

// What Java takes at the front of an identifier; characters beyond the first plane it does not.
bool starts_identifier(utf8proc_int32_t code) {
  if (code < 0x80) {
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_' ||
           code == '$';
  }
  if (code > 0xffff) return false;
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return false;
  }
}

bool continues_identifier(utf8proc_int32_t code) {
  if (starts_identifier(code)) return true;
  if (code < 0x80) return code >= '0' && code <= '9';
  if (code > 0xffff || is_blank(code)) return false;
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_CF:
      return true;
    default:
      return false;
  }
}

bool is_reserved(std::string_view word) {
  constexpr std::array<std::string_view, 11> words{"null",      "true",   "false", "function",
                                                   "in",        "return", "then",  "else",
                                                   "satisfies", "and",    "or"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::size_t digits_from(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

}  // namespace

std::size_t lexer::blank_at(std::size_t place) const {
  const auto found = read(text_, place);
  return found.size != 0 && is_blank(found.code) ? found.size : 0;
}

bool lexer::skip_some_blanks() {
  const auto start = at_;
  if (start == blanks_from_) {
    at_ = blanks_to_;
    return true;
  }
  if (!go_over_blanks()) return false;
  if (at_ == start) return true;
  walked_ += at_ - start;
  blanks_from_ = start;
  blanks_to_ = at_;
  return true;
}

bool lexer::go_over_blanks() {
  for (;;) {
    if (const auto size = blank_at(at_)) {
      at_ += size;
    } else if (starts_with("//")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (starts_with("/*")) {
      const auto end = text_.find("*/", at_ + 2);
      if (end == text_.npos) {
        walked_ += text_.size() - at_;
        return false;
      }
      at_ = end + 2;
    } else {
      return true;
    }
  }
}

bool lexer::take(std::string_view literal) {
  if (!starts_with(literal)) return false;
  at_ += literal.size();
  return true;
}

std::size_t lexer::identifier_end(std::size_t place) const {
  auto found = read(text_, place);
  if (found.size == 0 || !starts_identifier(found.code)) return place;
  do {
    place += found.size;
    found = read(text_, place);
  } while (found.size != 0 && continues_identifier(found.code));
  return place;
}

bool lexer::word_ends(std::size_t length) const {
  const auto found = read(text_, at_ + length);
  return found.size == 0 || !continues_identifier(found.code);
}

std::optional<std::string> lexer::take_identifier() {
  const auto end = identifier_end(at_);
  const auto word = text_.substr(at_, end - at_);
  walked_ += word.size();
  if (word.empty() || is_reserved(word)) return std::nullopt;
  at_ = end;
  return std::string(word);
}

std::optional<std::string> lexer::take_name() {
  if (next() != '`') return take_identifier();
  const auto end = text_.find('`', at_ + 1);
  walked_ += std::min(end, text_.size()) - at_;
  if (end == text_.npos || end == at_ + 1) return std::nullopt;
  const auto name = text_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  return std::string(name);
}

std::optional<std::string> lexer::take_words() {
  const auto start = at_;
  if (!take_identifier()) return std::nullopt;
  std::size_t words = 1;
  for (;; ++words) {
    const auto end = at_;
    while (next() == ' ') ++at_;
    if (at_ == end || !take_identifier()) {
      at_ = end;
      break;
    }
  }
  if (words > 1) return std::string(since(start));
  at_ = start;
  return std::nullopt;
}

std::optional<std::string_view> lexer::take_quoted() {
  if (next() != '"') return std::nullopt;
  for (auto end = at_ + 1; end < text_.size(); ++end) {
    if (text_[end] == '\\') {
      ++end;
    } else if (text_[end] == '"') {
      const auto quoted = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      walked_ += quoted.size();
      return quoted;
    }
  }
  walked_ += text_.size() - at_;
  return std::nullopt;
}

std::optional<std::string_view> lexer::take_number() {
  const auto start = at_;
  auto end = digits_from(text_, at_);
  if (end < text_.size() && text_[end] == '.') {
    const auto fraction = digits_from(text_, end + 1);
    if (fraction > end + 1) end = fraction;
  }
  if (end == start) return std::nullopt;
  at_ = end;
  walked_ += end - start;
  return since(start);
}

std::optional<std::string> lexer::take_free_key() {
  const auto start = at_;
  auto end = start;
  while (!at_end() && std::string_view("\"{}:,[]`").find(next()) == std::string_view::npos) {
    const auto found = read(text_, at_);
    at_ += found.size == 0 ? 1 : found.size;
    end = at_;
    // Blanks at the end are not part of it, comments are like blanks.
    if (!skip_blanks()) break;
  }
  at_ = end;
  walked_ += end - start;
  if (end == start) return std::nullopt;
  return std::string(since(start));
}

std::string unescaped(std::string_view quoted) {
  std::string out;
  out.reserve(quoted.size());
  for (std::size_t at = 0; at < quoted.size();) {
    if (quoted[at] != '\\') {
      out += quoted[at++];
      continue;
    }
    const auto end = std::min(quoted.find_first_not_of('\\', at), quoted.size());
    const auto count = end - at;
    constexpr std::string_view signs = "nrtbf'\"";
    constexpr std::string_view meanings = "\n\r\t\b\f'\"";
    const auto sign = end < quoted.size() ? signs.find(quoted[end]) : signs.npos;
    at = end;
    if (count == 1 && sign != signs.npos) {
      out += meanings[sign];
      ++at;
    } else {
      // Two make one. FEEL-Scala looks at each escape by what stands before it, so three and a
      // letter are no escape of the letter.
      out.append(count / 2 + count % 2, '\\');
    }
  }
  return out;
}

}  // namespace worker::feel
