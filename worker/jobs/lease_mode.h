// Whether jobs of a type are activated with a lease token of the engine (8.10), and whether they
// run without one. Plain values.
#pragma once

#include <optional>
#include <string_view>

namespace worker::jobs {

enum class lease_mode {
  off,       // no token is asked for
  offered,   // asked for; a job that came without one runs by our own clock
  required,  // asked for; a job that came without one goes back, with its retries and a back-off
};

constexpr std::string_view name_of(lease_mode mode) {
  switch (mode) {
    case lease_mode::offered:
      return "offered";
    case lease_mode::required:
      return "required";
    case lease_mode::off:
      break;
  }
  return "off";
}

constexpr std::optional<lease_mode> find_lease_mode(std::string_view name) {
  for (const auto mode : {lease_mode::off, lease_mode::offered, lease_mode::required}) {
    if (name_of(mode) == name) return mode;
  }
  return std::nullopt;
}

}  // namespace worker::jobs
