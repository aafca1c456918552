// An HTTP answer out of plain bytes, for targets that look at answers: a status line's number, then
// header lines, an empty line, the body. Plain values.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "connector/http/message.h"

namespace fuzz {

inline connector::http::response answer_of(std::string_view input) {
  connector::http::response out;
  out.status = 100;
  const auto next = [&] {
    const auto end = std::min(input.find('\n'), input.size());
    const auto line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    return line;
  };
  for (const char c : next().substr(0, 3)) {
    if (c >= '0' && c <= '9') out.status = (out.status * 10 + (c - '0')) % 1000;
  }
  while (!input.empty()) {
    const auto line = next();
    if (line.empty()) break;
    const auto colon = std::min(line.find(':'), line.size());
    out.fields.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
  }
  out.body = input;
  return out;
}

}  // namespace fuzz
