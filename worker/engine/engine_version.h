// The version that a gateway or a broker says it has. Pure.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace worker::engine {

struct engine_version {
  int major = 0;
  int minor = 0;

  friend auto operator<=>(const engine_version&, const engine_version&) = default;
};

// The first version with job leases, business ids and secrets that the engine puts into variables.
inline constexpr engine_version version_of_leases{8, 10};

// Of "8.10.2" or "8.10.0-SNAPSHOT"; nothing of other texts.
std::optional<engine_version> read_version(std::string_view text);

}  // namespace worker::engine
