#include "worker/secrets/pattern_table.h"

#include <algorithm>
#include <cstring>

namespace worker::secrets {

namespace {

constexpr std::size_t slots_of_bucket = 64;
constexpr std::size_t buckets = 65'536 / slots_of_bucket;

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

}  // namespace

secret_forms::secret_forms(const connector::secret_string& value) {
  for (auto& each : spellings_of(value.reveal())) {
    bytes_ += each.size();
    texts_.push_back(connector::secret_string::take(each));
  }
}

pattern_table::bucket& pattern_table::own_bucket(std::size_t slot) {
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

void pattern_table::note(std::size_t slot, bool there) {
  const auto bit = std::uint64_t{1} << (slot % 64);
  maybe_.at(slot / 64) = there ? maybe_.at(slot / 64) | bit : maybe_.at(slot / 64) & ~bit;
}

// What was forgotten has left steps that are too short, a narrow window and the length of the
// longest: measured again once that is more than what is known, so it costs little for each.
void pattern_table::measure_again() {
  forgotten_ = 0;
  longest_ = 0;
  window_ = widest_window;
  steps_.fill(widest_step);
  for (const auto each : used_) {
    for (const auto& one : *buckets_[each]) measure(one.text);
  }
}

void pattern_table::measure(std::string_view pattern) {
  longest_ = std::max(longest_, pattern.size());
  if (pattern.size() < window_) narrow_window(pattern.size());
  take_steps_of(pattern);
}

// Windows end earlier in each pattern now.
void pattern_table::narrow_window(std::size_t to) {
  const auto narrower = static_cast<std::uint8_t>(window_ - to);
  for (auto& step : steps_) step -= std::min(step, narrower);
  window_ = to;
}

// Where four bytes of the pattern end the window, the pattern may begin so many bytes further on.
void pattern_table::take_steps_of(std::string_view pattern) {
  for (std::size_t end = shortest; end <= window_; ++end) {
    auto& step = steps_.at(step_slot_of(pattern, end - shortest));
    step = std::min(step, static_cast<std::uint8_t>(window_ - end));
  }
}

void pattern_table::add(const std::shared_ptr<const secret_forms>& forms) {
  for (const auto& each : forms->texts()) {
    const auto start = start_of(each.reveal());
    own_bucket(slot_of(start)).push_back({start, each.reveal(), forms});
    note(slot_of(start), true);
    measure(each.reveal());
    ++patterns_;
  }
}

void pattern_table::remove(const std::shared_ptr<const secret_forms>& forms) {
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
    note(slot, std::any_of(in.begin(), in.end(),
                           [&](const pattern& one) { return slot_of(one.start) == slot; }));
  }
  if (forgotten_ > patterns_) measure_again();
}

std::size_t pattern_table::longest_match(std::string_view text) const {
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

std::optional<pattern_table::match> pattern_table::next(std::string_view text,
                                                        std::size_t from) const {
  for (std::size_t at = from; at + window_ <= text.size(); ++at) {
    if (const std::size_t step = steps_[step_slot_of(text, at + window_ - shortest)]; step > 0) {
      at += step - 1;
      continue;
    }
    if (const std::size_t length = longest_match(text.substr(at)); length > 0) {
      return match{at, at + length};
    }
  }
  return std::nullopt;
}

std::size_t pattern_table::rest_at(std::string_view text) const {
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

}  // namespace worker::secrets
