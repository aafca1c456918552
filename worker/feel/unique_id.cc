#include "worker/feel/unique_id.h"

#include <fmt/format.h>

#include <chrono>

namespace worker::feel {

std::string unique_id(const environment& surroundings) {
  const auto since =
      std::chrono::duration_cast<std::chrono::milliseconds>(surroundings.now.time_since_epoch());
  const auto moment = static_cast<std::uint64_t>(since.count()) & 0xFFFF'FFFF'FFFFU;
  const std::uint64_t first = random_bits(surroundings);
  const std::uint64_t second = random_bits(surroundings);
  return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", moment >> 16U, moment & 0xFFFFU,
                     first & 0xFFFU, 0x8000U | (second >> 50U), second & 0xFFFF'FFFF'FFFFU);
}

double random_fraction(const environment& surroundings) {
  return static_cast<double>(random_bits(surroundings) >> 11U) * 0x1.0p-53;
}

}  // namespace worker::feel
