// Base64 (RFC 4648, with padding) over OpenSSL. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace connector {

std::string base64_encode(std::string_view bytes);

// Nothing when `text` is not base64 with correct padding. No blanks or line breaks are skipped.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace connector
