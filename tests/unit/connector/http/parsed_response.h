// What the parser makes of the bytes of an answer, whole or in pieces.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "connector/http/response_parser.h"

namespace connector::http {

struct parsed {
  parse_state state = parse_state::more;
  failure_kind kind = failure_kind::malformed;
  bool keep_alive = false;
  response got;
};

inline parsed finish(response_parser& reading, parse_state state) {
  parsed seen;
  seen.state = state;
  if (state == parse_state::failed) {
    seen.kind = reading.kind();
    EXPECT_FALSE(reading.reason().empty());
  }
  if (state == parse_state::done) {
    seen.keep_alive = reading.keep_alive();
    seen.got = reading.take();
  }
  return seen;
}

// Fed in pieces of `piece` bytes; then the stream ends.
inline parsed read(std::string_view bytes, std::size_t piece = 1 << 20,
                   const response_limits& bounds = {}) {
  response_parser reading(bounds);
  parse_state state = parse_state::more;
  for (std::size_t at = 0; at < bytes.size() && state == parse_state::more; at += piece) {
    state = reading.feed(bytes.substr(at, piece));
  }
  if (state == parse_state::more) state = reading.end_of_stream();
  return finish(reading, state);
}

inline void expect_same_in_pieces(std::string_view bytes) {
  const parsed whole = read(bytes);
  for (std::size_t piece : {1U, 2U, 3U, 7U}) {
    const parsed cut = read(bytes, piece);
    EXPECT_EQ(cut.state, whole.state) << piece << " of " << bytes;
    EXPECT_EQ(cut.got.status, whole.got.status);
    EXPECT_EQ(cut.got.fields, whole.got.fields);
    EXPECT_EQ(cut.got.body, whole.got.body);
  }
}

inline void expect_failure(std::string_view bytes, failure_kind kind) {
  for (std::size_t piece : {1U, 5U, 1U << 20U}) {
    const parsed seen = read(bytes, piece);
    EXPECT_EQ(seen.state, parse_state::failed) << piece << " of " << bytes.substr(0, 200);
    EXPECT_EQ(static_cast<int>(seen.kind), static_cast<int>(kind)) << bytes.substr(0, 200);
  }
}

}  // namespace connector::http
