// Answers put together from bytes, without a socket: framing, limits, and what is refused.
#include "connector/http/response_parser.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/connector/http/parsed_response.h"

namespace connector::http {
namespace {

TEST(ResponseParser, HeadersAndBodyAreTakenAsTheyAre) {
  const std::string bytes = std::string(
                                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-A:  1 \r\nx-a: 2"
                                "\r\n\r\n") +
                            std::string("\0\xff{}", 4);
  const parsed binary = read(bytes);
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
  const parsed seen = read(
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

// They have no body (RFC 9112 6.3), so what such a server sends of it comes behind the answer.
TEST(ResponseParser, ConnectionIsNotKeptWhenAnAnswerWithoutBodyAnnouncesOne) {
  for (const std::string status : {"204 No Content", "304 Not Modified"}) {
    const auto kept = [&](const std::string& field) {
      const parsed seen = read("HTTP/1.1 " + status + "\r\n" + field + "\r\n", 7);
      EXPECT_EQ(seen.state, parse_state::done) << field;
      return seen.keep_alive;
    };
    EXPECT_TRUE(kept(""));
    EXPECT_TRUE(kept("Content-Length: 0\r\n"));
    EXPECT_FALSE(kept("Content-Length: 5\r\n"));
    EXPECT_FALSE(kept("content-length: 5\r\n"));
    EXPECT_FALSE(kept("Transfer-Encoding: chunked\r\n"));
    EXPECT_FALSE(kept("Transfer-Encoding: identity\r\n"));
  }
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

TEST(ResponseParser, ALogTailOfFullLengthFits) {
  const std::string tail(5464, 'A');
  const parsed seen = read("HTTP/1.1 200 OK\r\nX-Amz-Log-Result: " + tail +
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
    const parsed seen = read(bytes, 1 + random() % 40);
    if (seen.state != parse_state::more) ++ended;
  }
  EXPECT_EQ(ended, 6000);
}

}  // namespace
}  // namespace connector::http
