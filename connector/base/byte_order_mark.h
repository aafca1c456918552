// The UTF-8 byte order mark that some tools write in front of a text. JSON and XML from outside are
// read as if it were not there; it is no character of theirs. Pure.
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
