// Looks at text eight bytes at a time: most texts are read for a byte that they do not hold. Each
// test gives a number that is zero when none of the eight bytes is meant. A number that is not zero
// says only that one is: the caller then looks at them one by one. Pure.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace connector::eight_bytes {

inline constexpr std::uint64_t ones = 0x0101010101010101U;
inline constexpr std::uint64_t high_bits = 0x8080808080808080U;

inline std::uint64_t load(const char* from) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, from, sizeof eight);
  return eight;
}

// Bytes of 0x80 and above.
constexpr std::uint64_t above_ascii(std::uint64_t eight) { return eight & high_bits; }

// Bytes below `bound`, which is at most 0x80.
constexpr std::uint64_t below(std::uint64_t eight, std::uint8_t bound) {
  return (eight - ones * bound) & ~eight & high_bits;
}

constexpr std::uint64_t equal(std::uint64_t eight, char wanted) {
  return below(eight ^ (ones * static_cast<unsigned char>(wanted)), 1);
}

// The length of the front of `text` without a byte that `stops`; `may_stop` is the same question
// about eight bytes.
template <class MayStop, class Stops>
std::size_t run(std::string_view text, MayStop may_stop, Stops stops) {
  std::size_t at = 0;
  while (at + 8 <= text.size() && may_stop(load(text.data() + at)) == 0) at += 8;
  while (at < text.size() && !stops(text[at])) ++at;
  return at;
}

}  // namespace connector::eight_bytes
