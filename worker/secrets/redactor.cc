#include "worker/secrets/redactor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "worker/secrets/encodings.h"

namespace worker::secrets {

namespace {

constexpr std::string_view mark = "***";

std::uint32_t start_of(std::string_view text) {
  std::uint32_t four = 0;
  std::memcpy(&four, text.data(), sizeof four);
  return four;
}

// 16 bits of the first four bytes: an index into the 65,536 bits of maybe_.
std::size_t slot_of(std::uint32_t start) { return (start * 2654435761U) >> 16U; }

}  // namespace

redactor::redactor(const std::vector<connector::secret_string>& values) {
  for (const auto& value : values) add(value);
}

void redactor::add(const connector::secret_string& value) {
  if (value.reveal().size() < shortest) return;
  auto forms = forms_of(value.reveal());
  std::sort(forms.begin(), forms.end());
  for (std::size_t i = 0; i < forms.size(); ++i) {
    if (i + 1 == forms.size() || forms[i] != forms[i + 1]) add_pattern(forms[i]);
  }
  for (auto& form : forms) connector::wipe(form);
}

void redactor::add_pattern(const std::string& pattern) {
  const std::uint32_t start = start_of(pattern);
  by_start_.emplace(start, patterns_.size());
  maybe_[slot_of(start) / 64] |= std::uint64_t{1} << (slot_of(start) % 64);
  patterns_.emplace_back(pattern);
}

std::size_t redactor::longest_match(std::string_view text) const {
  const std::uint32_t start = start_of(text);
  const std::size_t slot = slot_of(start);
  if ((maybe_[slot / 64] >> (slot % 64) & 1U) == 0) return 0;
  std::size_t longest = 0;
  const auto [from, to] = by_start_.equal_range(start);
  for (auto it = from; it != to; ++it) {
    const auto pattern = patterns_[it->second].reveal();
    if (pattern.size() > longest && text.starts_with(pattern)) longest = pattern.size();
  }
  return longest;
}

std::string redactor::mask(std::string text) const {
  if (patterns_.empty() || text.size() < shortest) return text;
  std::string out;
  std::size_t copied = 0;     // what lies before is in `out`
  std::size_t hidden_to = 0;  // end of the occurrence that is open, if beyond `copied`
  std::size_t hidden_from = 0;
  const std::string_view all = text;
  const auto close = [&] {
    out.append(all.substr(copied, hidden_from - copied)).append(mark);
    copied = hidden_to;
  };
  for (std::size_t at = 0; at + shortest <= all.size(); ++at) {
    const std::size_t length = longest_match(all.substr(at));
    if (length == 0) continue;
    if (at >= hidden_to) {
      if (hidden_to > copied) close();
      hidden_from = at;
    }
    hidden_to = std::max(hidden_to, at + length);
  }
  if (hidden_to > copied) close();
  if (copied == 0) return text;
  out.append(all.substr(copied));
  return out;
}

std::size_t redactor::rest_at_start(std::string_view text) const {
  std::size_t longest = 0;
  for (const auto& each : patterns_) {
    const auto pattern = each.reveal();
    for (std::size_t from = 1; from + std::max(shortest, longest + 1) <= pattern.size(); ++from) {
      if (pattern[from] != text.front() || !text.starts_with(pattern.substr(from))) continue;
      longest = pattern.size() - from;
    }
  }
  return longest;
}

std::string redactor::mask_cut(std::string text) const {
  if (text.empty()) return text;
  const std::size_t rest = rest_at_start(text);
  if (rest == 0) return mask(std::move(text));
  return std::string(mark) + mask(text.substr(rest));
}

redaction_registry::redaction_registry() : current_(std::make_shared<const redactor>()) {}
redaction_registry::~redaction_registry() = default;

void redaction_registry::add(const connector::secret_string& value) {
  add(std::vector<connector::secret_string>{value});
}

void redaction_registry::add(const std::vector<connector::secret_string>& values) {
  bool changed = false;
  bool dropped = false;
  for (const auto& value : values) {
    if (value.reveal().size() < redactor::shortest || known_.contains(value.reveal())) continue;
    values_.push_back(value);
    known_.insert(values_.back().reveal());
    changed = true;
    if (values_.size() > most_values) {
      known_.erase(values_.front().reveal());
      values_.pop_front();
      dropped = true;
    }
  }
  if (!changed) return;
  // Readers keep the copy they have; a new one is put in its place in one step.
  std::shared_ptr<redactor> next;
  if (dropped) {
    next = std::make_shared<redactor>(
        std::vector<connector::secret_string>(values_.begin(), values_.end()));
  } else {
    next = std::make_shared<redactor>(*current_);
    for (const auto& value : values) next->add(value);
  }
  std::atomic_store(&current_, std::shared_ptr<const redactor>(std::move(next)));
}

std::string redaction_registry::mask(std::string text) const {
  return std::atomic_load(&current_)->mask(std::move(text));
}

std::string redaction_registry::mask_cut(std::string text) const {
  return std::atomic_load(&current_)->mask_cut(std::move(text));
}

}  // namespace worker::secrets
