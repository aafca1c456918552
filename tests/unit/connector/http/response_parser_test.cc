// Answers put together from bytes, without a socket: framing, limits, and what is refused.
#include "connector/http/response_parser.h"

#include <gtest/gtest.h>

#include <random>

namespace connector::http {
namespace {

struct outcome {
  parse_state state = parse_state::more;
  failure_kind kind = failure_kind::malformed;
  bool keep_alive = false;
  response got;
};

outcome finish(response_parser& reading, parse_state state) {
  outcome seen;
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
outcome read(std::string_view bytes, std::size_t piece = 1 << 20,
             const response_limits& bounds = {}) {
  response_parser reading(bounds);
  parse_state state = parse_state::more;
  for (std::size_t at = 0; at < bytes.size() && state == parse_state::more; at += piece) {
    state = reading.feed(bytes.substr(at, piece));
  }
  if (state == parse_state::more) state = reading.end_of_stream();
  return finish(reading, state);
}

void expect_same_in_pieces(std::string_view bytes) {
  const outcome whole = read(bytes);
  for (std::size_t piece : {1U, 2U, 3U, 7U}) {
    const outcome cut = read(bytes, piece);
    EXPECT_EQ(cut.state, whole.state) << piece << " of " << bytes;
    EXPECT_EQ(cut.got.status, whole.got.status);
    EXPECT_EQ(cut.got.fields, whole.got.fields);
    EXPECT_EQ(cut.got.body, whole.got.body);
  }
}

void expect_failure(std::string_view bytes, failure_kind kind) {
  for (std::size_t piece : {1U, 5U, 1U << 20U}) {
    const outcome seen = read(bytes, piece);
    EXPECT_EQ(seen.state, parse_state::failed) << piece << " of " << bytes.substr(0, 200);
    EXPECT_EQ(static_cast<int>(seen.kind), static_cast<int>(kind)) << bytes.substr(0, 200);
  }
}

TEST(ResponseParser, HeadersAndBodyAreTakenAsTheyAre) {
  const std::string bytes = std::string(
                                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-A:  1 \r\nx-a: 2"
                                "\r\n\r\n") +
                            std::string("\0\xff{}", 4);
  const outcome binary = read(bytes);
  ASSERT_EQ(binary.state, parse_state::done);
  EXPECT_EQ(binary.got.status, 200);
  EXPECT_EQ(binary.got.body, std::string("\0\xff{}", 4));
  EXPECT_EQ(find_header(binary.got.fields, "X-a"), "1");
  EXPECT_EQ(binary.got.fields.size(), 3U);
  EXPECT_TRUE(binary.keep_alive);
}

TEST(ResponseParser, TheSameBytesGiveTheSameAnswerHoweverTheyAreCut) {
  expect_same_in_pieces("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello");
  expect_same_in_pieces(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
  expect_same_in_pieces("HTTP/1.0 200 OK\r\nServer: old\r\n\r\nuntil the end");
  expect_same_in_pieces("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseParser, ChunksAreJoinedAndTrailersAreNoHeaders) {
  const outcome seen = read(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n"
      "X-Amz-Function-Error: Unhandled\r\n\r\n");
  ASSERT_EQ(seen.state, parse_state::done);
  EXPECT_EQ(seen.got.body, "hello!");
  EXPECT_EQ(find_header(seen.got.fields, "X-Amz-Function-Error"), std::nullopt);
  EXPECT_TRUE(seen.keep_alive);
}

TEST(ResponseParser, ConnectionIsNotKeptAfterCloseHttp10OrAnOpenEnd) {
  EXPECT_FALSE(
      read("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").keep_alive);
  EXPECT_FALSE(read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").keep_alive);
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\n\r\nx").keep_alive);
  EXPECT_FALSE(read("HTTP/1.1 204 No Content\r\n\r\nstray").keep_alive);
}

TEST(ResponseParser, CutOffAnswersAreReadFailures) {
  for (const char* bytes :
       {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nA: b\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n"}) {
    expect_failure(bytes, failure_kind::read);
  }
}

TEST(ResponseParser, WhatIsNotHttpIsMalformed) {
  for (const char* bytes :
       {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01 hello there, this is no text at all",
        "HTTP/2 200\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 99999 OK\r\n\r\n",
        "<html>nothing here</html>\r\n\r\n", "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\nhello",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"}) {
    expect_failure(bytes, failure_kind::malformed);
  }
}

// Each would give a body with the marks of its coding in it.
TEST(ResponseParser, TransferCodingsBesidesChunkedAreMalformed) {
  for (const std::string coding :
       {"gzip, chunked", "chunked, chunked", "gzip", "xchunked", "chunked, identity", "chunked;q=1",
        "identity, chunked", "", "gzip\r\nTransfer-Encoding: chunked"}) {
    expect_failure(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + coding + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        failure_kind::malformed);
  }
  EXPECT_EQ(
      read("HTTP/1.1 200 OK\r\nTransfer-Encoding:  CHUNKED \r\n\r\n1\r\na\r\n0\r\n\r\n").got.body,
      "a");
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\na").got.body, "a");
}

TEST(ResponseParser, WhatIsNotHttpIsRefusedAtItsFirstBytes) {
  response_parser reading(response_limits{});
  EXPECT_EQ(reading.feed("H"), parse_state::more);
  EXPECT_EQ(reading.feed("TTP/2"), parse_state::failed);
}

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

// Feeds `piece` for ever; the number of bytes after which it was refused, or nothing.
std::optional<std::size_t> refused_after(std::string_view start, std::string_view piece,
                                         failure_kind expected) {
  response_parser reading(response_limits{});
  std::size_t fed = start.size();
  parse_state state = reading.feed(start);
  while (state == parse_state::more && fed < (64U << 20U)) {
    state = reading.feed(piece);
    fed += piece.size();
  }
  if (state != parse_state::failed) return std::nullopt;
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
    const outcome seen = read(bytes, piece, bounds);
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
    const outcome seen = read(bytes, piece, bounds);
    EXPECT_EQ(seen.state, parse_state::failed) << piece;
    EXPECT_EQ(static_cast<int>(seen.kind), static_cast<int>(failure_kind::header_limit)) << piece;
  }
}

TEST(ResponseParser, ALogTailOfFullLengthFits) {
  const std::string tail(5464, 'A');
  const outcome seen = read("HTTP/1.1 200 OK\r\nX-Amz-Log-Result: " + tail +
                            "\r\nX-Amz-Durable-Execution-Arn: " + std::string(1024, 'd') +
                            "\r\nContent-Length: 0\r\n\r\n");
  ASSERT_EQ(seen.state, parse_state::done);
  EXPECT_EQ(find_header(seen.got.fields, "x-amz-log-result"), tail);
}

// Not a search for bugs of Beast: nothing that a server sends may crash us or keep us waiting after
// it has closed.
TEST(ResponseParser, DamagedAnswersAlwaysEnd) {
  std::mt19937 random(20'240'817);  // fixed: the same inputs in every run
  const std::string samples[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;x=\"y\"\r\nhello\r\n0\r\nTrailer: t\r\n\r\n",
      "HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\nX: y\r\n folded\r\n\r\nuntil the end"};
  const std::string alphabet = "\r\n :;,=\"0159afAFxX\t\x80HTP/.";
  int ended = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string bytes = samples[static_cast<std::size_t>(round) % 3];
    const std::size_t changes = 1 + random() % 4;
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t at = random() % bytes.size();
      const char c = alphabet[random() % alphabet.size()];
      switch (random() % 4) {
        case 0:
          bytes[at] = c;
          break;
        case 1:
          bytes.insert(at, 1 + random() % 3, c);
          break;
        case 2:
          bytes.erase(at, 1 + random() % 3);
          break;
        default:
          bytes.insert(at, bytes.substr(at, random() % 20));
      }
      if (bytes.empty()) bytes = " ";
    }
    const outcome seen = read(bytes, 1 + random() % 40);
    if (seen.state != parse_state::more) ++ended;
  }
  EXPECT_EQ(ended, 6000);
}

}  // namespace
}  // namespace connector::http
