#include "connector/base/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "connector/base/ascii.h"

namespace connector {

namespace {

constexpr std::array<bool, 256> make_alphabet() {
  std::array<bool, 256> out{};
  for (std::size_t c = 0; c < 0x80; ++c) out[c] = ascii::is_letter_or_digit(static_cast<char>(c));
  out['+'] = out['/'] = true;
  return out;
}
constexpr auto alphabet = make_alphabet();

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock adds a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  // EVP_DecodeBlock skips blanks and accepts '=' anywhere at the end of a block; be strict first.
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
    ++padding;
  }
  if (text.size() % 4 != 0 ||
      !std::all_of(text.begin(), text.end() - static_cast<std::ptrdiff_t>(padding),
                   [](char c) { return alphabet[static_cast<unsigned char>(c)]; })) {
    return std::nullopt;
  }
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) {
    return std::nullopt;
  }
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

}  // namespace connector
