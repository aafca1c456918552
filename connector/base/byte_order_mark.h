// The UTF-8 byte order mark that some tools write in front of a text. The program reads JSON and
// XML from outside as if the mark were not there. Pure.
#pragma once

#include <string_view>

namespace connector {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// One mark at the front taken off.
inline std::string_view without_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

}  // namespace connector
