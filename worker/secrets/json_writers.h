// How the JSON writers of common languages write a text. Redaction takes their escapes off a text
// (readings.h), but not below base64: there it needs what each of them makes of a secret. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace worker::secrets {

struct json_writer {
  std::string_view called;
  std::string_view escaped;  // besides what JSON asks for
  bool ascii_only;
  bool upper_hex;
};

inline constexpr std::array json_writers = {
    json_writer{"JavaScript, Python with ensure_ascii off, Jackson", "", false, false},
    json_writer{"Go", "<>&", false, false},
    json_writer{"Python", "", true, false},
    json_writer{"PHP", "/", true, false},
    json_writer{"Gson", "<>&='", false, false},
    json_writer{"System.Text.Json", "<>&'+`\"", true, true},
};

// The text between the quotes.
std::string json_of(std::string_view value, const json_writer& by);

}  // namespace worker::secrets
