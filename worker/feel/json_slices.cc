#include "worker/feel/json_slices.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "connector/base/eight_bytes.h"
#include "connector/base/number.h"

namespace worker::feel {

std::size_t skip_json_blanks(std::string_view json, std::size_t at) {
  while (at < json.size() &&
         (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
    ++at;
  }
  return at;
}

namespace {

namespace eight_bytes = connector::eight_bytes;

// Behind the next bytes, eight at a time, as long as none of them is meant.
template <class IsMeant>
std::size_t pass_eights(std::string_view json, std::size_t at, IsMeant is_meant) {
  while (at + 8 <= json.size() && is_meant(eight_bytes::load(json.data() + at)) == 0) at += 8;
  return at;
}

// In most texts the next quote or bracket is near: so many bytes are looked at one by one before.
std::size_t near(std::string_view json, std::size_t at) { return std::min(json.size(), at + 16); }

std::size_t end_of_text(std::string_view json, std::size_t at) {
  constexpr auto is_end_or_escape = [](std::uint64_t eight) {
    return eight_bytes::equal(eight, '"') | eight_bytes::equal(eight, '\\');
  };
  for (++at; at < json.size(); at = pass_eights(json, at, is_end_or_escape)) {
    for (const auto end = near(json, at); at < end; ++at) {
      if (json[at] == '"') return at + 1;
      if (json[at] == '\\') ++at;
    }
  }
  return json.size();
}

// In lower case both kinds of brackets are the same.
constexpr std::uint64_t may_be_structure(std::uint64_t eight) {
  eight |= eight_bytes::ones * 0x20;
  return eight_bytes::equal(eight, '{') | eight_bytes::equal(eight, '}') |
         eight_bytes::equal(eight, '"');
}

// Of a number, true, false or null.
bool ends_word(char sign) {
  return sign == ',' || sign == '}' || sign == ']' || sign == ' ' || sign == '\n' || sign == '\r' ||
         sign == '\t';
}

}  // namespace

std::size_t end_of_value(std::string_view json, std::size_t at) {
  if (at >= json.size()) return at;
  if (json[at] == '"') return end_of_text(json, at);
  if (json[at] != '{' && json[at] != '[') {
    while (at < json.size() && !ends_word(json[at])) ++at;
    return at;
  }
  std::size_t open = 0;
  for (; at < json.size(); at = pass_eights(json, at, may_be_structure)) {
    for (const auto end = near(json, at); at < end; ++at) {
      switch (json[at]) {
        case '"':
          at = end_of_text(json, at) - 1;
          break;
        case '{':
        case '[':
          ++open;
          break;
        case '}':
        case ']':
          if (--open == 0) return at + 1;
          break;
        default:
          break;
      }
    }
  }
  return json.size();
}

namespace {

// Behind a value, to the next one of its list or object.
std::size_t next_part(std::string_view json, std::size_t at) {
  at = skip_json_blanks(json, at);
  return at < json.size() && json[at] == ',' ? skip_json_blanks(json, at + 1) : at;
}

}  // namespace

bool json_items::next() {
  if (at_ >= json_.size() || json_[at_] == ']') return false;
  const auto end = end_of_value(json_, at_);
  item_ = json_.substr(at_, end - at_);
  at_ = next_part(json_, end);
  return true;
}

bool json_members::next() {
  if (at_ >= json_.size() || json_[at_] == '}') return false;
  const auto key_end = end_of_value(json_, at_);
  key_ = json_.substr(at_, key_end - at_);
  const auto start = skip_json_blanks(json_, skip_json_blanks(json_, key_end) + 1);
  const auto end = end_of_value(json_, start);
  value_ = json_.substr(start, end - start);
  at_ = next_part(json_, end);
  return true;
}

namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&out](std::uint32_t bits) { out += static_cast<char>(0x80 | (bits & 0x3f)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    tail(code);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    tail(code >> 6);
    tail(code);
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    tail(code >> 12);
    tail(code >> 6);
    tail(code);
  }
}

// The four digits behind \u at `at`.
std::optional<std::uint32_t> unit_at(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  return connector::integer_in<std::uint32_t>(text.substr(at + 2, 4), 0, 0xffff, 16);
}

// `at` is at the \u, and moves behind what was read.
void append_escape(std::string& out, std::string_view text, std::size_t& at) {
  constexpr std::uint32_t replacement = 0xfffd;
  auto code = unit_at(text, at).value_or(replacement);
  at += 6;
  if (code >= 0xd800 && code < 0xdc00) {
    const auto low = unit_at(text, at).value_or(0);
    if (low >= 0xdc00 && low < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      at += 6;
    }
  }
  append_utf8(out, code >= 0xd800 && code < 0xe000 ? replacement : code);
}

}  // namespace

std::string json_text_of(std::string_view quoted) {
  const auto text = quoted.substr(1, quoted.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto escape = text.find('\\', at);
    out += text.substr(at, escape - at);
    if (escape == text.npos) break;
    at = escape;
    const char sign = at + 1 < text.size() ? text[at + 1] : '\\';
    if (sign == 'u') {
      append_escape(out, text, at);
      continue;
    }
    constexpr std::string_view signs = "bfnrt";
    constexpr std::string_view meanings = "\b\f\n\r\t";
    const auto found = signs.find(sign);
    out += found == signs.npos ? sign : meanings[found];
    at += 2;
  }
  return out;
}

std::size_t quoted_size(std::string_view text) {
  std::size_t size = text.size() + 2;
  for (const char sign : text) {
    if (static_cast<unsigned char>(sign) < 0x20) {
      constexpr std::string_view short_ones = "\b\f\n\r\t";
      size += short_ones.find(sign) == short_ones.npos ? 5 : 1;
    } else if (sign == '"' || sign == '\\') {
      ++size;
    }
  }
  return size;
}

}  // namespace worker::feel
