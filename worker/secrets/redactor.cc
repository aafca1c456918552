#include "worker/secrets/redactor.h"

#include <algorithm>
#include <cstring>
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
constexpr std::size_t slots_of_bucket = 64;
constexpr std::size_t buckets = 65'536 / slots_of_bucket;
// More bytes than any writer makes of one: an escape of an escape of an escape.
constexpr std::size_t longest_spelling_of_a_byte = 16;
// The rest of an escape or a character that a cut may leave.
constexpr std::size_t longest_rest_of_an_escape = 12;

std::uint32_t start_of(std::string_view text) {
  std::uint32_t four = 0;
  std::memcpy(&four, text.data(), sizeof four);
  return four;
}

// 16 bits of the first four bytes: an index into the 65,536 bits of maybe_.
std::size_t slot_of(std::uint32_t start) { return (start * 2654435761U) >> 16U; }

// 12 bits of four bytes: an index into steps_.
std::size_t step_slot_of(std::string_view text, std::size_t at) {
  return (start_of(text.substr(at)) * 2246822519U) >> 20U;
}

bool holds_blank(std::string_view text) { return text.find(' ') != std::string_view::npos; }

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

secret_forms::secret_forms(const connector::secret_string& value) {
  for (auto& each : spellings_of(value.reveal())) {
    bytes_ += each.size();
    texts_.push_back(connector::secret_string::take(each));
  }
}

redactor::redactor(const std::vector<connector::secret_string>& values) : redactor() {
  for (const auto& value : values) add(value);
}

void redactor::add(const connector::secret_string& value) {
  add(std::make_shared<const secret_forms>(value));
}

redactor::bucket& redactor::own_bucket(std::size_t slot) {
  if (buckets_.empty()) buckets_.resize(buckets);
  auto& found = buckets_[slot / slots_of_bucket];
  if (!found) {
    found = std::make_shared<bucket>();
    used_.push_back(slot / slots_of_bucket);
  } else if (found.use_count() > 1) {
    found = std::make_shared<bucket>(*found);
  }
  return *found;
}

void redactor::note(std::size_t slot, bool there) {
  const auto bit = std::uint64_t{1} << (slot % 64);
  maybe_.at(slot / 64) = there ? maybe_.at(slot / 64) | bit : maybe_.at(slot / 64) & ~bit;
}

// What was forgotten has left steps that are too short, a narrow window and the length of the
// longest: measured again once that is more than what is known, so it costs little for each.
void redactor::measure_again() {
  forgotten_ = 0;
  longest_ = 0;
  window_ = widest_window;
  steps_.fill(widest_step);
  for (const auto each : used_) {
    for (const auto& one : *buckets_[each]) measure(one.text);
  }
}

void redactor::measure(std::string_view pattern) {
  longest_ = std::max(longest_, pattern.size());
  if (pattern.size() < window_) narrow_window(pattern.size());
  take_steps_of(pattern);
}

// Windows end earlier in each pattern now.
void redactor::narrow_window(std::size_t to) {
  const auto narrower = static_cast<std::uint8_t>(window_ - to);
  for (auto& step : steps_) step -= std::min(step, narrower);
  window_ = to;
}

// Where four bytes of the pattern end the window, the pattern may begin so many bytes further on.
void redactor::take_steps_of(std::string_view pattern) {
  for (std::size_t end = shortest; end <= window_; ++end) {
    auto& step = steps_.at(step_slot_of(pattern, end - shortest));
    step = std::min(step, static_cast<std::uint8_t>(window_ - end));
  }
}

void redactor::add(const std::shared_ptr<const secret_forms>& forms) {
  for (const auto& each : forms->texts()) {
    const auto start = start_of(each.reveal());
    own_bucket(slot_of(start)).push_back({start, each.reveal(), forms});
    note(slot_of(start), true);
    measure(each.reveal());
    ++patterns_;
    if (holds_blank(each.reveal())) ++blanks_;
  }
}

void redactor::remove(const std::shared_ptr<const secret_forms>& forms) {
  for (const auto& each : forms->texts()) {
    const auto slot = slot_of(start_of(each.reveal()));
    auto& in = own_bucket(slot);
    const auto at = std::find_if(in.begin(), in.end(), [&](const pattern& one) {
      return one.text.data() == each.reveal().data();
    });
    if (at == in.end()) continue;
    in.erase(at);
    --patterns_;
    ++forgotten_;
    if (holds_blank(each.reveal())) --blanks_;
    note(slot, std::any_of(in.begin(), in.end(),
                           [&](const pattern& one) { return slot_of(one.start) == slot; }));
  }
  if (forgotten_ > patterns_) measure_again();
}

std::size_t redactor::longest_match(std::string_view text) const {
  const std::uint32_t start = start_of(text);
  const std::size_t slot = slot_of(start);
  if ((maybe_[slot / 64] >> (slot % 64) & 1U) == 0) return 0;
  std::size_t longest = 0;
  for (const auto& each : *buckets_[slot / slots_of_bucket]) {
    if (each.start == start && each.text.size() > longest && text.starts_with(each.text)) {
      longest = each.text.size();
    }
  }
  return longest;
}

bool redactor::find_in(const reading& in, parts& out, bool first_only) const {
  const auto text = in.text();
  for (std::size_t at = 0; at + window_ <= text.size(); ++at) {
    if (const std::size_t step = steps_[step_slot_of(text, at + window_ - shortest)]; step > 0) {
      at += step - 1;
      continue;
    }
    const std::size_t length = longest_match(text.substr(at));
    if (length == 0) continue;
    const part found{in.first(at), in.last(at + length)};
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
  each_reading(text, blanks_ > 0, [&](const reading& in) { return find_in(in, found, false); });
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
  each_reading(text, blanks_ > 0, [&](const reading& in) { return find_in(in, found, true); });
  return !found.empty();
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
  for (const auto& each : found_in(text.substr(0, end + longest_ * longest_spelling_of_a_byte))) {
    if (each.begin < end && each.end > end) end = each.end;
  }
  return std::string(text.substr(0, end));
}

// The longest end of a pattern that the text begins with.
std::size_t redactor::rest_at(std::string_view text) const {
  if (text.size() < shortest) return 0;
  std::size_t longest = 0;
  for (const auto index : used_) {
    for (const auto& each : *buckets_[index]) {
      const auto pattern = each.text;
      for (std::size_t from = pattern.find(text.substr(0, shortest), 1);
           from != std::string_view::npos && pattern.size() - from > longest;
           from = pattern.find(text.substr(0, shortest), from + 1)) {
        if (text.starts_with(pattern.substr(from))) longest = pattern.size() - from;
      }
    }
  }
  return longest;
}

std::size_t redactor::rest_at_start(std::string_view text) const {
  std::size_t end = 0;
  each_reading(text, blanks_ > 0, [&](const reading& in) {
    const auto read = in.text();
    for (std::size_t skipped = 0; skipped <= longest_rest_of_an_escape && skipped < read.size();
         ++skipped) {
      if (const auto rest = rest_at(read.substr(skipped)); rest > 0) {
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
