// The header `secrets`: which secrets the model lets variables refer to, and where. An entry is
// NAME, which counts in every variable, or place:NAME, which counts at that place alone. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/secrets/places.h"

namespace worker::secrets {

class listing {
 public:
  static constexpr std::size_t max_entries = 100;

  // A comma list; nothing when one of its entries is none, or there are too many.
  static std::optional<listing> read(std::string_view header);

  // A reference to `name` counts there. Nothing for `where`: in a name of a member.
  [[nodiscard]] bool counts(std::string_view name, const std::optional<place>& where) const;

  [[nodiscard]] const std::vector<std::string>& entries() const { return entries_; }
  [[nodiscard]] const std::vector<std::string>& without_place() const { return without_place_; }

 private:
  bool add(std::string_view entry);

  std::vector<std::string> entries_;  // as they are written
  std::vector<std::string> without_place_;
  std::multimap<std::string, place, std::less<>> placed_;
};

// The entry that makes a reference count there and nowhere else; without a place that can be
// written, the name alone.
std::string entry_for(std::string_view name, const std::optional<place>& where);

}  // namespace worker::secrets
