// Code points of secrets, which may be any bytes: what is no UTF-8 is read as far as it goes. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace worker::secrets {

struct code_point {
  std::uint32_t code;
  std::size_t length;
};

// Of UTF-8.
inline code_point code_point_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0x80 ? 2 : 1;
  std::uint32_t code = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length && at + k < text.size(); ++k) {
    code = code << 6U | (static_cast<unsigned char>(text[at + k]) & 0x3FU);
  }
  return {code, length};
}

}  // namespace worker::secrets
