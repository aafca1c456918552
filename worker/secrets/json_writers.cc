#include "worker/secrets/json_writers.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>

#include "connector/base/json.h"
#include "worker/secrets/code_points.h"

namespace worker::secrets {

namespace {

void append_unit(std::string& out, std::uint32_t unit, const json_writer& by) {
  out += by.upper_hex ? fmt::format("\\u{:04X}", unit) : fmt::format("\\u{:04x}", unit);
}

}  // namespace

std::string json_of(std::string_view value, const json_writer& by) {
  const auto quoted = connector::json::quote(value);
  const auto text = std::string_view(quoted).substr(1, quoted.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (text[i] == '\\' && i + 1 < text.size()) {
      const bool by_number = by.escaped.find(text[i + 1]) != std::string_view::npos;
      if (by_number) {
        append_unit(out, static_cast<unsigned char>(text[i + 1]), by);
      } else {
        out.append(text.substr(i, 2));
      }
      i += 2;
    } else if (first < 0x80) {
      if (by.escaped == "/" && text[i] == '/') {
        out += "\\/";
      } else if (by.escaped.find(text[i]) != std::string_view::npos) {
        append_unit(out, first, by);
      } else {
        out += text[i];
      }
      ++i;
    } else {
      const auto [code, length] = code_point_at(text, i);
      if (!by.ascii_only) {
        out.append(text.substr(i, length));
      } else if (code < 0x10000) {
        append_unit(out, code, by);
      } else {
        append_unit(out, 0xD800 + ((code - 0x10000) >> 10U), by);
        append_unit(out, 0xDC00 + ((code - 0x10000) & 0x3FFU), by);
      }
      i += length;
    }
  }
  return out;
}

}  // namespace worker::secrets
