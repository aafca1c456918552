#include "worker/secrets/places.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/number.h"

namespace worker::secrets {

namespace json = connector::json;

namespace {

constexpr std::string_view needs_quotes = ".[]\":, \t\r\n";

// The length of a string token at the start of `text`; 0 when there is none.
std::size_t token_at(std::string_view text) {
  if (text.empty() || text.front() != '"') return 0;
  std::size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
  return end < text.size() ? end + 1 : 0;
}

// The text between brackets, at the start of `text`; it is taken off, the closing bracket too.
std::optional<step> bracketed(std::string_view& text) {
  step out;
  std::size_t length = token_at(text);
  if (length > 0) {
    auto name = json::is_json(text.substr(0, length)) ? json::text_of(text.substr(0, length))
                                                      : std::nullopt;
    if (!name) return std::nullopt;
    out.name = *std::move(name);
  } else if (text.starts_with('*')) {
    out.type = step::kind::any_element;
    length = 1;
  } else {
    out.type = step::kind::element;
    const auto index = connector::take_integer<std::size_t>(text, SIZE_MAX);
    if (!index) return std::nullopt;
    out.index = *index;
  }
  text.remove_prefix(length);
  if (!text.starts_with(']')) return std::nullopt;
  text.remove_prefix(1);
  return out;
}

}  // namespace

std::optional<place> place_of_text(std::string_view text) {
  if (text.size() > longest_place) return std::nullopt;
  place out;
  bool name_next = true;
  while (name_next || !text.empty()) {
    if (!out.empty() && text.starts_with('[')) {
      text.remove_prefix(1);
      auto one = bracketed(text);
      if (!one) return std::nullopt;
      out.push_back(*std::move(one));
    } else {
      const auto name = text.substr(0, text.find_first_of(needs_quotes));
      if (name.empty()) return std::nullopt;
      out.push_back({step::kind::member, std::string(name), 0});
      text.remove_prefix(name.size());
    }
    name_next = text.starts_with('.');
    if (name_next) {
      text.remove_prefix(1);
      if (text.starts_with('[')) return std::nullopt;
    } else if (!text.empty() && !text.starts_with('[')) {
      return std::nullopt;
    }
  }
  return out;
}

std::string text_of_place(const place& where) {
  std::string out;
  for (const auto& one : where) {
    if (one.type == step::kind::any_element) {
      out += "[*]";
    } else if (one.type == step::kind::element) {
      out += fmt::format("[{}]", one.index);
    } else if (one.name.empty() || one.name.find_first_of(needs_quotes) != std::string::npos) {
      out += fmt::format("[{}]", json::quote(one.name));
    } else {
      out += (out.empty() ? "" : ".") + one.name;
    }
  }
  return out;
}

bool covers(const place& listed, const place& where) {
  return std::equal(listed.begin(), listed.end(), where.begin(), where.end(),
                    [](const step& wanted, const step& found) {
                      if (wanted.type != step::kind::any_element) return wanted == found;
                      return found.type == step::kind::element;
                    });
}

std::optional<place> place_tracker::here() const {
  place out = {{step::kind::member, std::string(input_), 0}};
  for (const auto& one : levels_) {
    if (one.in_array) {
      out.push_back({step::kind::element, {}, one.index});
      continue;
    }
    auto name = json::text_of(fmt::format("\"{}\"", one.raw_name));
    if (one.in_name || !name) return std::nullopt;
    out.push_back({step::kind::member, *std::move(name), 0});
  }
  return out;
}

void place_tracker::pass(char c, std::size_t outside) {
  if (c == '{' || c == '[') levels_.push_back({c == '[', c == '{'});
  if (levels_.size() <= outside) return;
  auto& inner = levels_.back();
  if (c == '}' || c == ']') levels_.pop_back();
  if (c == ':') inner.in_name = false;
  if (c == ',') {
    ++inner.index;
    inner.in_name = !inner.in_array;
  }
}

std::string place_tracker::rewrite_strings(
    std::string_view text,
    const std::function<std::optional<std::string>(std::string_view token)>& rewrite) {
  const std::size_t outside = levels_.size();
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '"') {
      pass(text[at], outside);
      continue;
    }
    const std::size_t length = token_at(text.substr(at));
    if (length == 0) break;
    const auto token = text.substr(at, length);
    if (levels_.size() > outside && levels_.back().in_name) {
      levels_.back().raw_name = token.substr(1, length - 2);
    }
    if (const auto replacement = rewrite(token)) {
      out.append(text.substr(copied, at - copied)).append(*replacement);
      copied = at + length;
    }
    at += length - 1;
  }
  levels_.resize(outside);
  out.append(text.substr(copied));
  return out;
}

}  // namespace worker::secrets
