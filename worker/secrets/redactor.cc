#include "worker/secrets/redactor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "connector/base/utf8.h"
#include "worker/secrets/encodings.h"

namespace worker::secrets {

namespace {

constexpr std::string_view mark = "***";
constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::size_t slots_of_bucket = 16;
constexpr std::size_t buckets = 65'536 / slots_of_bucket;

std::uint32_t start_of(std::string_view text) {
  std::uint32_t four = 0;
  std::memcpy(&four, text.data(), sizeof four);
  return four;
}

// 16 bits of the first four bytes: an index into the 65,536 bits of maybe_.
std::size_t slot_of(std::uint32_t start) { return (start * 2654435761U) >> 16U; }

}  // namespace

secret_forms::secret_forms(const connector::secret_string& value) {
  if (value.reveal().size() < redactor::shortest) return;
  auto forms = forms_of(value.reveal());
  std::sort(forms.begin(), forms.end());
  for (std::size_t i = 0; i < forms.size(); ++i) {
    if (i + 1 < forms.size() && forms[i] == forms[i + 1]) continue;
    texts_.emplace_back(forms[i]);
    bytes_ += forms[i].size();
  }
  for (auto& form : forms) connector::wipe(form);
}

redactor::redactor(const std::vector<connector::secret_string>& values) {
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
  } else if (found.use_count() > 1) {
    found = std::make_shared<bucket>(*found);
  }
  return *found;
}

void redactor::note(std::size_t slot, bool there) {
  const auto bit = std::uint64_t{1} << (slot % 64);
  maybe_.at(slot / 64) = there ? maybe_.at(slot / 64) | bit : maybe_.at(slot / 64) & ~bit;
}

void redactor::add(const std::shared_ptr<const secret_forms>& forms) {
  for (const auto& each : forms->texts()) {
    const auto start = start_of(each.reveal());
    own_bucket(slot_of(start)).push_back({start, each.reveal(), forms});
    note(slot_of(start), true);
    ++patterns_;
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
    note(slot, std::any_of(in.begin(), in.end(),
                           [&](const pattern& one) { return slot_of(one.start) == slot; }));
  }
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

std::optional<std::string> redactor::masked(std::string_view text, std::size_t most) const {
  if (empty()) return std::nullopt;
  std::string out;
  std::size_t copied = 0;     // what lies before is in `out`
  std::size_t hidden_to = 0;  // end of the occurrence that is open, if beyond `copied`
  std::size_t hidden_from = 0;
  const auto close = [&] {
    out.append(text.substr(copied, hidden_from - copied)).append(mark);
    copied = hidden_to;
  };
  std::size_t at = 0;
  for (; at + shortest <= text.size(); ++at) {
    // What lies before `at` is settled, so it is enough as soon as it is long enough.
    if (at >= hidden_to && out.size() + (at - copied) >= most) {
      if (hidden_to > copied) close();
      if (out.size() + (at - copied) >= most) break;
    }
    const std::size_t length = longest_match(text.substr(at));
    if (length == 0) continue;
    if (at >= hidden_to) {
      if (hidden_to > copied) close();
      hidden_from = at;
    }
    hidden_to = std::max(hidden_to, at + length);
  }
  if (hidden_to > copied) close();
  if (copied == 0) return std::nullopt;
  const bool to_the_end = at + shortest > text.size();
  out.append(text.substr(copied, to_the_end ? text.npos : at - copied));
  return out;
}

bool redactor::finds(std::string_view text) const {
  return masked(text, std::string::npos).has_value();
}

std::string redactor::mask(std::string text) const {
  auto out = masked(text, std::string::npos);
  return out ? *std::move(out) : std::move(text);
}

std::string redactor::mask_front(std::string_view text, std::size_t most) const {
  const auto out = masked(text, most);
  return std::string(connector::cut_utf8(out ? std::string_view(*out) : text, most));
}

std::size_t redactor::rest_at_start(std::string_view text) const {
  if (text.size() < shortest) return 0;
  std::size_t longest = 0;
  for (const auto& in : buckets_) {
    if (!in) continue;
    for (const auto& each : *in) {
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

std::string redactor::mask_cut(std::string text) const {
  if (empty()) return text;
  std::string_view left = text;
  for (int broken = 0; broken <= 3; ++broken) {
    if (const auto rest = rest_at_start(left); rest > 0) {
      return std::string(mark) + mask(std::string(left.substr(rest)));
    }
    if (!left.starts_with(replacement)) break;
    left.remove_prefix(replacement.size());
  }
  return mask(std::move(text));
}

}  // namespace worker::secrets
