#include "worker/secrets/listing.h"

#include <algorithm>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/json_scan.h"
#include "worker/secrets/references.h"

namespace worker::secrets {

namespace {

// The first position of `wanted` outside of quoted names, or with `last` the last one; or npos.
std::size_t find_unquoted(std::string_view text, char wanted, bool last) {
  std::size_t found = std::string_view::npos;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted && text[i] == '\\') ++i;
    if (quoted || i >= text.size() || text[i] != wanted) continue;
    found = i;
    if (!last) break;
  }
  return found;
}

}  // namespace

std::optional<listing> listing::read(std::string_view header) {
  listing out;
  while (!header.empty()) {
    const std::size_t comma = find_unquoted(header, ',', false);
    const auto entry = connector::ascii::trim(header.substr(0, comma));
    if (!entry.empty() && !out.add(entry)) return std::nullopt;
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  return out;
}

bool listing::add(std::string_view entry) {
  if (entries_.size() == max_entries) return false;
  const std::size_t colon = find_unquoted(entry, ':', true);
  const bool placed = colon != std::string_view::npos;
  const auto name = placed ? connector::ascii::trim(entry.substr(colon + 1)) : entry;
  if (!is_name(name)) return false;
  if (placed) {
    auto where = place_of_text(connector::ascii::trim(entry.substr(0, colon)));
    if (!where) return false;
    placed_.emplace(name, *std::move(where));
  } else {
    without_place_.emplace_back(name);
  }
  entries_.emplace_back(entry);
  return true;
}

bool listing::counts(std::string_view name, const std::optional<place>& where) const {
  if (std::find(without_place_.begin(), without_place_.end(), name) != without_place_.end()) {
    return true;
  }
  if (!where) return false;
  const auto [first, last] = placed_.equal_range(name);
  return std::any_of(first, last, [&](const auto& one) { return covers(one.second, *where); });
}

std::string entry_for(std::string_view name, const std::optional<place>& where) {
  std::string out = where ? text_of_place(*where) : "";
  if (out.empty() || out.size() > longest_place) return std::string(name);
  return out.append(":").append(name);
}

}  // namespace worker::secrets
