#include "worker/secrets/readings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "connector/base/secret.h"

namespace worker::secrets {

namespace {

// JSON text in a string of JSON text and so on.
constexpr std::size_t max_escapes = 4;
constexpr std::size_t max_percents = 2;

bool holds(std::string_view text, char wanted) {
  return text.find(wanted) != std::string_view::npos;
}

}  // namespace

reading::reading(const reading& of, const layer& without) : of_(&of) {
  const auto whole = of.text();
  const auto next_special = [&](std::size_t from) {
    if (without.only != 0) return std::min(whole.find(without.only, from), whole.size());
    while (from < whole.size() && !without.special[static_cast<unsigned char>(whole[from])]) ++from;
    return from;
  };
  made_.reserve(whole.size());
  for (std::size_t at = 0; at < whole.size();) {
    const auto next = next_special(at);
    made_ += whole.substr(at, next - at);
    at = next;
    if (at == whole.size()) break;
    const std::size_t begin = made_.size();
    const std::size_t length = without.decode(whole.substr(at), made_);
    if (length != 1 || made_.size() != begin + 1) {
      pieces_.push_back(
          {static_cast<std::uint32_t>(made_.size()), static_cast<std::uint32_t>(at + length),
           static_cast<std::uint8_t>(made_.size() - begin), static_cast<std::uint8_t>(length)});
    }
    at += length;
  }
}

reading::~reading() { connector::wipe(made_); }

// Where the piece comes from that the byte lies in; a byte that was the same is a piece by itself.
reading::range reading::source_of(std::size_t byte) const {
  const auto next = std::upper_bound(
      pieces_.begin(), pieces_.end(), byte,
      [](std::size_t at, const piece& one) { return at < one.end - std::size_t{one.size}; });
  if (next == pieces_.begin()) return {byte, byte + 1};
  const piece& before = *std::prev(next);
  if (byte < before.end)
    return {before.source_end - std::size_t{before.source_size}, before.source_end};
  const std::size_t source = before.source_end + (byte - before.end);
  return {source, source + 1};
}

std::size_t reading::first(std::size_t begin) const {
  return of_ == nullptr ? begin : of_->first(source_of(begin).begin);
}

std::size_t reading::last(std::size_t end) const {
  return of_ == nullptr ? end : of_->last(source_of(end - 1).end);
}

void each_reading(std::string_view text, bool blanks,
                  const std::function<bool(const reading&)>& look) {
  const auto percents = [&](const reading& of) {
    if (blanks && holds(of.text(), '+') && look(reading(of, of_forms))) return true;
    std::array<std::optional<reading>, max_percents> decoded;
    const reading* last = &of;
    for (auto& next : decoded) {
      if (!holds(last->text(), '%')) break;
      last = &next.emplace(*last, of_percents);
      if (look(*last)) return true;
    }
    if (holds(of.text(), '&') && look(reading(of, of_entities))) return true;
    if (has_quoted(of.text()) && look(reading(of, of_quoted))) return true;
    return has_lines(of.text()) && look(reading(of, of_lines));
  };
  const reading plain(text);
  if (look(plain) || percents(plain)) return;
  // JSON in a query, and in a page.
  for (const auto& [sign, around] : {std::pair{'%', &of_percents}, std::pair{'&', &of_entities}}) {
    if (!holds(text, sign)) continue;
    const reading inner(plain, *around);
    if (holds(inner.text(), '\\') && look(reading(inner, of_escapes))) return;
  }
  std::array<std::optional<reading>, max_escapes> decoded;
  const reading* last = &plain;
  for (auto& next : decoded) {
    if (!holds(last->text(), '\\')) break;
    last = &next.emplace(*last, of_escapes);
    if (look(*last) || percents(*last)) return;
  }
}

}  // namespace worker::secrets
