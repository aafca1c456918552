// The spellings of a secret that redaction looks for in each reading of a text (readings.h).
// Together they are what the README promises: the table is in spellings.cc. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace worker::secrets {

// Shorter values are not masked: they would mask ordinary text.
inline constexpr std::size_t shortest_secret = 4;

// Each at least `shortest_secret` bytes long and there once; none for a value that is shorter. They
// are as secret as the value: wipe them after use.
std::vector<std::string> spellings_of(std::string_view value);

}  // namespace worker::secrets
