#include "worker/secrets/redactor.h"

#include <algorithm>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/utf8.h"
#include "worker/secrets/readings.h"

namespace worker::secrets {

namespace json = connector::json;

namespace {

constexpr std::string_view mark = "***";
// More bytes than any writer makes of one: an escape of an escape of an escape.
constexpr std::size_t longest_spelling_of_a_byte = 16;
// The rest of an escape or a character that a cut may leave.
constexpr std::size_t longest_rest_of_an_escape = 12;

// "026" of \u0026, "2F" of %2F, "uot;" of &quot;, the bytes of U+FFFD, which replaces half a
// character.
bool may_be_rest_of_an_escape(char c) {
  constexpr std::string_view others = "\\#;{}";
  return connector::ascii::is_letter_or_digit(c) || others.find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

// In JSON text the letter after a backslash is not a letter: "\newline" has no word newline in it.
bool begins_inside_an_escape(std::string_view json_text, std::size_t at) {
  std::size_t backslashes = 0;
  while (backslashes < at && json_text[at - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

}  // namespace

redactor::redactor(const std::vector<connector::secret_string>& values) {
  for (const auto& value : values) add(value);
}

void redactor::add(const connector::secret_string& value) {
  add(std::make_shared<const secret_forms>(value));
}

bool redactor::find_in(const reading& in, parts& out, bool first_only) const {
  const auto text = in.text();
  for (auto at = known_.next(text, 0); at; at = known_.next(text, at->begin + 1)) {
    const part found{in.first(at->begin), in.last(at->end)};
    // Runs of overlapping occurrences, as "aaaa" has in "aaaaaaaaa", are one at once.
    if (!out.empty() && found.begin < out.back().end && out.back().begin <= found.begin) {
      out.back().end = std::max(out.back().end, found.end);
    } else {
      out.push_back(found);
    }
    if (first_only) return true;
  }
  return false;
}

void redactor::put_in_order(parts& of) {
  std::sort(of.begin(), of.end(), [](const part& a, const part& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  parts joined;
  for (const auto& each : of) {
    if (!joined.empty() && each.begin < joined.back().end) {
      joined.back().end = std::max(joined.back().end, each.end);
    } else {
      joined.push_back(each);
    }
  }
  of.swap(joined);
}

redactor::parts redactor::found_in(std::string_view text) const {
  parts found;
  if (empty()) return found;
  each_reading(text, [&](const reading& in) { return find_in(in, found, false); });
  put_in_order(found);
  return found;
}

std::string redactor::hidden(std::string text, const parts& found) {
  if (found.empty()) return text;
  std::string out;
  std::size_t copied = 0;
  for (const auto& each : found) {
    out.append(text, copied, each.begin - copied).append(mark);
    copied = each.end;
  }
  return out.append(text, copied);
}

bool redactor::finds(std::string_view text) const {
  parts found;
  if (empty()) return false;
  each_reading(text, [&](const reading& in) { return find_in(in, found, true); });
  return !found.empty();
}

bool redactor::finds_in_json(std::string_view text) const {
  return !empty() && mask_json(std::string(text)) != text;
}

std::string redactor::mask(std::string text) const {
  const auto found = found_in(text);
  return hidden(std::move(text), found);
}

std::string redactor::mask_json(std::string text) const {
  if (empty()) return text;
  text = json::rewrite_strings(text, [&](std::string_view token) -> std::optional<std::string> {
    const auto inner = json::text_of(token);
    // Half a surrogate pair: the text around it is masked as it is written.
    const auto whole = inner ? std::string_view(*inner) : token.substr(1, token.size() - 2);
    const auto found = found_in(whole);
    if (found.empty()) return std::nullopt;
    auto masked = hidden(std::string(whole), found);
    if (inner) return json::quote(masked);
    auto written = "\"" + masked + "\"";
    return json::is_json(written) ? written : json::quote(mark);
  });
  parts found;
  find_in(reading(text), found, false);
  std::erase_if(found, [&](const part& each) { return begins_inside_an_escape(text, each.begin); });
  put_in_order(found);
  return hidden(std::move(text), found);
}

std::string redactor::front(std::string_view text, std::size_t most) const {
  std::size_t end = connector::cut_utf8(text, most).size();
  if (empty() || end == text.size()) return std::string(text.substr(0, end));
  for (const auto& each :
       found_in(text.substr(0, end + known_.longest() * longest_spelling_of_a_byte))) {
    if (each.begin < end && each.end > end) end = each.end;
  }
  return std::string(text.substr(0, end));
}

std::size_t redactor::rest_at_start(std::string_view text) const {
  std::size_t end = 0;
  each_reading(text, [&](const reading& in) {
    const auto read = in.text();
    for (std::size_t skipped = 0; skipped <= longest_rest_of_an_escape && skipped < read.size();
         ++skipped) {
      if (const auto rest = known_.rest_at(read.substr(skipped)); rest > 0) {
        end = std::max(end, in.last(skipped + rest));
      }
      if (!may_be_rest_of_an_escape(read[skipped])) break;
    }
    return false;
  });
  return end;
}

std::string redactor::mask_cut(std::string text) const {
  if (empty()) return text;
  auto found = found_in(text);
  if (const auto rest = rest_at_start(text); rest > 0) found.push_back({0, rest});
  put_in_order(found);
  return hidden(std::move(text), found);
}

}  // namespace worker::secrets
