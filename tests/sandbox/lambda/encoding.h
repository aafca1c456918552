// Hex, base64, percent codes and SHA-256 of the embedded Lambda: its own, on purpose, so that it
// never agrees with the product by sharing the product's mistakes. Any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

using digest = std::array<unsigned char, 32>;

digest sha256(std::string_view data);
digest hmac_sha256(std::string_view key, std::string_view data);
std::string_view as_text(const digest& bytes);

std::string hex(const digest& bytes);  // lower case

std::string base64_encode(std::string_view bytes);
// Standard alphabet with padding; nothing else is taken.
std::optional<std::string> base64_decode(std::string_view text);

// A-Z a-z 0-9 - . _ ~
bool is_unreserved(char c);
// Appends %XX with upper-case digits.
void append_percent(std::string& out, unsigned char byte);
// Everything but the unreserved characters becomes %XX.
std::string percent_encode(std::string_view text);
// Decodes once; nothing when a % is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);

bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace sandbox
