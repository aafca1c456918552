// SHA-256 and HMAC-SHA-256, the two functions a signature is made of. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace connector::aws {

// 32 raw bytes.
std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// Lower-case hex digits.
std::string hex(std::string_view bytes);

// hex(sha256(bytes)).
std::string sha256_hex(std::string_view bytes);

}  // namespace connector::aws
