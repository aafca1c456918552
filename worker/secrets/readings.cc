#include "worker/secrets/readings.h"

#include <algorithm>
#include <array>
#include <utility>

#include "connector/base/secret.h"

namespace worker::secrets {

namespace {

template <char mark>
bool holds(std::string_view text) {
  return text.find(mark) != std::string_view::npos;
}

// How often a writer may have written with one kind of layer, and whether a text can hold it.
struct kind {
  const layer& off;
  std::size_t most = 0;
  bool (*may_be_in)(std::string_view text) = nullptr;
  bool innermost = false;  // what is below it has no further layer
};

const std::array kinds = {
    kind{of_escapes, 4, &holds<'\\'>},  // JSON text in a string of JSON text and so on
    kind{of_percents, 2, &holds<'%'>}, kind{of_entities, 2, &holds<'&'>},
    kind{of_quoted, 1, &has_quoted},   kind{of_lines, 1, &has_lines, true},
};

// Goes through the readings of a text, each once, in whatever order writers have put their layers
// around it: layers of other places in the text can be taken off in any order, and give the same.
class reader {
 public:
  reader(const std::function<bool(const reading&)>& look, std::size_t length)
      : look_(look), left_(length > long_text ? most_readings_of_long_text : most_readings) {}

  // Whether `look_` returned true, or there were enough readings.
  bool go(const reading& of) {
    if (look_(of)) return true;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      const auto& each = kinds.at(i);
      if (taken_.at(i) == each.most || !each.may_be_in(of.text())) continue;
      const reading without(of, each.off);
      if (!without.is_another() || !is_new(without.text())) continue;
      if (--left_ == 0) return true;
      ++taken_.at(i);
      if (each.innermost ? look_(without) : go(without)) return true;
      --taken_.at(i);
    }
    return false;
  }

 private:
  bool is_new(std::string_view text) {
    const auto sum = std::hash<std::string_view>()(text);
    if (std::find(seen_.begin(), seen_.end(), sum) != seen_.end()) return false;
    seen_.push_back(sum);
    return true;
  }

  const std::function<bool(const reading&)>& look_;
  std::array<std::size_t, kinds.size()> taken_{};
  std::vector<std::size_t> seen_;
  std::size_t left_;
};

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

void each_reading(std::string_view text, const std::function<bool(const reading&)>& look) {
  reader(look, text.size()).go(reading(text));
}

}  // namespace worker::secrets
