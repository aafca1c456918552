#include "connector/base/eight_bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace connector::eight_bytes {
namespace {

// Each byte, in each of the eight places, between each of some others.
template <class Test, class Meant>
void holds_for_all_bytes(Test test, Meant meant) {
  for (const char around : {'a', '\0', '\x7f', '\x80', '\xff', ' ', '"'}) {
    if (meant(around)) continue;
    for (int byte = 0; byte < 256; ++byte) {
      for (std::size_t place = 0; place < 8; ++place) {
        std::string text(8, around);
        text[place] = static_cast<char>(byte);
        EXPECT_EQ(test(load(text.data())) != 0, meant(static_cast<char>(byte)))
            << byte << " at " << place << " in " << static_cast<int>(around);
      }
    }
  }
}

TEST(EightBytes, BelowABound) {
  for (const int bound : {1, 0x20, 0x21, 0x80}) {
    holds_for_all_bytes(
        [bound](std::uint64_t eight) { return below(eight, static_cast<std::uint8_t>(bound)); },
        [bound](char c) { return static_cast<unsigned char>(c) < bound; });
  }
}

TEST(EightBytes, EqualToOne) {
  for (const char wanted : {'"', '\\', '\x7f', '\0', '\xff'}) {
    holds_for_all_bytes([wanted](std::uint64_t eight) { return equal(eight, wanted); },
                        [wanted](char c) { return c == wanted; });
  }
}

TEST(EightBytes, AboveAscii) {
  holds_for_all_bytes(above_ascii, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

TEST(EightBytes, ARunEndsAtTheFirstByteThatStops) {
  const auto may_stop = [](std::uint64_t eight) { return below(eight, 0x20); };
  // Not each byte that may stop does.
  const auto stops = [](char c) { return c == '\n'; };
  for (std::size_t size = 0; size < 40; ++size) {
    std::string text(size, 'x');
    EXPECT_EQ(run(text, may_stop, stops), size);
    for (std::size_t at = 0; at < size; ++at) {
      text.assign(size, 'x');
      text[at / 2] = '\t';
      text[at] = '\n';
      EXPECT_EQ(run(text, may_stop, stops), at);
    }
  }
}

}  // namespace
}  // namespace connector::eight_bytes
