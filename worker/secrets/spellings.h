// The spellings of a secret that redaction looks for in each reading of a text (readings.h).
// They are what the README promises; the table is in spellings.cc. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace worker::secrets {

// Shorter values are not masked: they would mask ordinary text.
inline constexpr std::size_t shortest_secret = 4;

// Each spelling once, each at least `shortest_secret` bytes long; empty for a shorter value. A
// spelling is as secret as the value: wipe it after use.
std::vector<std::string> spellings_of(std::string_view value);

}  // namespace worker::secrets
