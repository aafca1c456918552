// UTF-8 as RFC 3629 defines it: overlong forms, surrogates and values above U+10FFFF are not
// characters.
// Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace connector {

// Bytes of the character at the front of `text`; 0 when `text` is empty or does
// not begin with UTF-8.
std::size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

// Each byte that is part of no character becomes U+FFFD.
std::string repaired_utf8(std::string_view text);

// The longest part from the front that has at most `most` bytes and cuts no character in two.
std::string_view cut_utf8(std::string_view text, std::size_t most);

}  // namespace connector
