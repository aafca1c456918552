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

  // A comma list. Nothing when an entry is not valid, or when there are too many.
  static std::optional<listing> read(std::string_view header);

  // Whether a reference to `name` counts at the place `where`; without a place: in a member's name.
  [[nodiscard]] bool counts(std::string_view name, const std::optional<place>& where) const;

  [[nodiscard]] const std::vector<std::string>& entries() const { return entries_; }
  [[nodiscard]] const std::vector<std::string>& without_place() const { return without_place_; }

 private:
  bool add(std::string_view entry);

  std::vector<std::string> entries_;  // as they are written
  std::vector<std::string> without_place_;
  std::multimap<std::string, place, std::less<>> placed_;
};

// The entry that lets a reference count at that place only; the name alone when the place cannot be
// written.
std::string entry_for(std::string_view name, const std::optional<place>& where);

}  // namespace worker::secrets
