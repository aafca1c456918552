#include "worker/feel/frame.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace worker::feel {

std::optional<value> frame::find(std::string_view name) const {
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (names[at] == name) return values[at];
  }
  if (within != nullptr) return within->member(name);
  const auto* const found = entries == nullptr ? nullptr : entries->find(name);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::size_t kept_frames::bytes_of(const frame* innermost) {
  std::size_t bytes = 0;
  for (; innermost != nullptr; innermost = innermost->outer) {
    bytes += sizeof(kept) + sizeof(frame) + innermost->names.size_bytes() +
             innermost->values.size_bytes();
    if (innermost->entries != nullptr) bytes += innermost->entries->bytes();
  }
  return bytes;
}

kept_frames::kept_frames(const frame* innermost) {
  std::vector<const frame*> all;
  for (; innermost != nullptr; innermost = innermost->outer) all.push_back(innermost);
  kept_.reserve(all.size());
  frames_.reserve(all.size());
  const auto deepen = [this](const value& reached) { depth_ = std::max(depth_, reached.depth()); };
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    const auto& from = **each;
    auto& to = kept_.emplace_back();
    to.names.assign(from.names.begin(), from.names.end());
    to.values.assign(from.values.begin(), from.values.end());
    if (from.entries != nullptr) to.entries = *from.entries;
    if (from.within != nullptr) to.within = *from.within;
    for (const auto& held : to.values) deepen(held);
    for (const auto& held : to.entries.variables()) deepen(held.value);
    for (const auto& held : to.entries.functions()) deepen(held.value);
    deepen(to.within);
    frames_.push_back({frames_.empty() ? nullptr : &frames_.back(), to.names, to.values,
                       from.entries == nullptr ? nullptr : &to.entries,
                       from.within == nullptr ? nullptr : &to.within});
  }
}

}  // namespace worker::feel
