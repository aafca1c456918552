// The limits of an answer: body, header, framing.
#include <gtest/gtest.h>

#include "tests/unit/connector/http/parsed_response.h"

namespace connector::http {
namespace {

TEST(ResponseParser, ABodyOverTheLimitIsRefusedByItsAnnouncement) {
  response_limits bounds;
  bounds.body_bytes = 100;
  response_parser reading(bounds);
  EXPECT_EQ(reading.feed("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n"), parse_state::failed);
  EXPECT_EQ(reading.kind(), failure_kind::too_large);
  response_parser chunked(bounds);
  EXPECT_EQ(chunked.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n"),
            parse_state::failed);
  EXPECT_EQ(chunked.kind(), failure_kind::too_large);
}

TEST(ResponseParser, AnEmptyChunkedBodyMayComeByteByByte) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const auto* body : {"0\r\n\r\n", "0\r\nX: y\r\n\r\n", "1\r\na\r\n0\r\n\r\n"}) {
    expect_same_in_pieces(head + body);
    EXPECT_EQ(read(head + body, 1).state, parse_state::done) << body;
  }
  expect_failure(head + "0\r\nnull\r\n", failure_kind::read);
}

TEST(ResponseParser, ABodyWithoutLengthIsRefusedWhenItPassesTheLimit) {
  response_limits bounds;
  bounds.body_bytes = 100;
  response_parser reading(bounds);
  EXPECT_EQ(reading.feed("HTTP/1.1 200 OK\r\n\r\n"), parse_state::more);
  EXPECT_EQ(reading.feed(std::string(100, 'x')), parse_state::more);
  EXPECT_EQ(reading.feed("x"), parse_state::failed);
  EXPECT_EQ(reading.kind(), failure_kind::too_large);
}

TEST(ResponseParser, ABodyOfExactlyTheLimitIsTaken) {
  response_limits bounds;
  bounds.body_bytes = 5;
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 1, bounds).got.body, "hello");
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n"
                 "\r\n",
                 1, bounds)
                .got.body,
            "hello");
}

// Feeds `piece` for ever; the number of bytes after which it was refused.
std::size_t refused_after(std::string_view start, std::string_view piece, failure_kind expected) {
  response_parser reading(response_limits{});
  std::size_t fed = start.size();
  parse_state state = reading.feed(start);
  while (state == parse_state::more && fed < (64U << 20U)) {
    state = reading.feed(piece);
    fed += piece.size();
  }
  if (state != parse_state::failed) return std::string::npos;
  EXPECT_EQ(static_cast<int>(reading.kind()), static_cast<int>(expected)) << reading.reason();
  return fed;
}

TEST(ResponseParser, WhatNeverEndsIsRefusedWithinTheLimits) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_LT(refused_after(ok, "X-Header: value\r\n", failure_kind::header_limit), 70'000U);
  EXPECT_LT(refused_after(ok + "X: ", "aaaaaaaaaaaaaaaa", failure_kind::header_limit), 70'000U);
  EXPECT_LT(refused_after(ok + "X: y\r\n", " folded\r\n", failure_kind::header_limit), 70'000U);
  EXPECT_LT(refused_after(chunked + "5;", "x=y;", failure_kind::header_limit), 200'000U);
  EXPECT_LT(refused_after(chunked + "0\r\n", "T: trailer\r\n", failure_kind::header_limit),
            200'000U);
  EXPECT_LT(refused_after(chunked, "1;extension=long-long-long-long-long\r\nx\r\n",
                          failure_kind::header_limit),
            1'000'000U);
  // The size of the body allows many chunks, but none of them may be of any length.
  const std::string body = "7A1200\r\n" + std::string(8'000'000, 'b') + "\r\n";
  EXPECT_LT(refused_after(chunked + body + "1;", "x=y;", failure_kind::header_limit), 8'200'000U);
  EXPECT_LT(refused_after(chunked + body + "0\r\n", "T: trailer\r\n", failure_kind::header_limit),
            8'200'000U);
  EXPECT_LT(refused_after("", "HTTP/1.1 100 Continue\r\n\r\n", failure_kind::malformed), 1000U);
  EXPECT_LT(refused_after(ok + "\r\n", std::string(64 * 1024, 'x'), failure_kind::too_large),
            9U << 20U);
}

TEST(ResponseParser, HeaderOverTheLimitIsRefusedHoweverItIsCut) {
  response_limits bounds;
  bounds.header_bytes = 1024;
  // Status line and fields are below the limit each, and above it together.
  const std::string bytes = "HTTP/1.1 200 " + std::string(300, 'r') +
                            "\r\nX: " + std::string(800, 'v') + "\r\nContent-Length: 0\r\n\r\n";
  for (const std::size_t piece : {bytes.size(), std::size_t{1}, std::size_t{7}}) {
    const parsed seen = read(bytes, piece, bounds);
    EXPECT_EQ(seen.state, parse_state::failed) << piece;
    EXPECT_EQ(static_cast<int>(seen.kind), static_cast<int>(failure_kind::header_limit)) << piece;
  }
}

TEST(ResponseParser, HeaderOfExactlyTheLimitIsTakenHoweverItIsCut) {
  const std::string bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nA: b\r\n\r\n";
  response_limits bounds;
  bounds.header_bytes = bytes.size();
  response_limits tighter;
  tighter.header_bytes = bytes.size() - 1;
  for (const std::size_t piece : {bytes.size(), std::size_t{1}, std::size_t{7}}) {
    EXPECT_EQ(read(bytes, piece, bounds).state, parse_state::done) << piece;
    EXPECT_EQ(read(bytes, piece, tighter).state, parse_state::failed) << piece;
  }
}

TEST(ResponseParser, ChunkExtensionsOverTheLimitAreRefusedHoweverTheyAreCut) {
  response_limits bounds;
  bounds.header_bytes = 1024;
  // The large body comes after the extension that is too long for what has arrived by then.
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=" + std::string(4000, 'e') +
      "\r\na\r\n7D0\r\n" + std::string(2000, 'b') + "\r\n0\r\n\r\n";
  for (const std::size_t piece : {bytes.size(), std::size_t{1}, std::size_t{7}}) {
    const parsed seen = read(bytes, piece, bounds);
    EXPECT_EQ(seen.state, parse_state::failed) << piece;
    EXPECT_EQ(static_cast<int>(seen.kind), static_cast<int>(failure_kind::header_limit)) << piece;
  }
}

TEST(ResponseParser, ALineOfAChunkHasTheLimitOfTheHeaderHoweverItIsCut) {
  response_limits bounds;
  bounds.header_bytes = 1024;
  const std::string start =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFA0\r\n" + std::string(4000, 'b');
  // The line that ends the chunk before it counts too.
  const auto fills = [](const std::string& from, std::size_t size, const std::string& to) {
    return from + std::string(size - from.size() - to.size(), 'e') + to;
  };
  for (const std::size_t size : {1024U, 1025U}) {
    const parse_state expected = size == 1024 ? parse_state::done : parse_state::failed;
    const std::string last[] = {fills("\r\n1;x=", size, "\r\n") + "a\r\n0\r\n\r\n",
                                fills("\r\n0\r\nT: ", size, "\r\n\r\n")};
    for (const auto& rest : last) {
      const std::string bytes = start + rest;
      for (const std::size_t piece : {bytes.size(), std::size_t{1}, std::size_t{7}}) {
        const parsed seen = read(bytes, piece, bounds);
        EXPECT_EQ(seen.state, expected) << size << " in pieces of " << piece;
        if (seen.state == parse_state::failed) {
          EXPECT_EQ(static_cast<int>(seen.kind), static_cast<int>(failure_kind::header_limit));
        }
      }
    }
  }
}

// They may prove what became of the request, however the body ends.
TEST(ResponseParser, StatusAndHeadersAreThereWithoutTheWholeBody) {
  response_limits bounds;
  bounds.body_bytes = 5;
  const std::string start = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Busy\r\nX-Why: load\r\n";
  const std::string_view rests[] = {
      "Content-Length: 6\r\n\r\n",                      // over the limit by its announcement
      "Content-Length: 5\r\n\r\nhel",                   // cut off
      "Connection: close\r\n\r\nhello!",                // over the limit as it comes
      "Transfer-Encoding: chunked\r\n\r\n6\r\nhello!",  // the same, in a chunk
  };
  for (const auto rest : rests) {
    for (const std::size_t piece : {1U, 1U << 20U}) {
      const auto bytes = start + std::string(rest);
      response_parser reading(bounds);
      for (std::size_t at = 0; at < bytes.size(); at += piece) {
        if (at + piece < start.size()) EXPECT_FALSE(reading.head()) << at;
        reading.feed(std::string_view(bytes).substr(at, piece));
      }
      EXPECT_NE(reading.end_of_stream(), parse_state::done) << rest;
      const auto head = reading.head();
      ASSERT_TRUE(head) << rest;
      EXPECT_EQ(head->status, 429);
      EXPECT_EQ(find_header(head->fields, "x-why"), "load");
      EXPECT_TRUE(head->body.empty());
    }
  }
}

TEST(ResponseParser, BytesThatAreNoAnswerHaveNoStatus) {
  for (const std::string_view bytes :
       {"", "HTTP/1.1 429 Busy\r\nX: y\r\n", "HTTP/1.1 429 Busy\r\nX y\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 429 Busy\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 429 Busy\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n"}) {
    response_parser reading(response_limits{});
    reading.feed(bytes);
    EXPECT_NE(reading.end_of_stream(), parse_state::done);
    EXPECT_FALSE(reading.head()) << bytes;
  }
}

}  // namespace
}  // namespace connector::http
