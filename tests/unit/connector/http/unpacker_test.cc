// Packed answers: what is unpacked, what is refused, and that memory is taken step by step.
#include "connector/http/unpacker.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include "connector/base/memory_budget.h"
#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int gzip_window = 15 + 16;
constexpr int zlib_window = 15;
constexpr int raw_window = -15;

std::string pack(const std::string& text, int window = gzip_window) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string from = text;
  stream.next_in = reinterpret_cast<Bytef*>(from.data());
  stream.avail_in = static_cast<uInt>(from.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

// All of it in steps of so many bytes; "failed" when it is damaged.
std::string unpack(packing how, const std::string& packed, std::size_t step = 7) {
  unpacker reading(how, packed);
  std::string text;
  for (;;) {
    const std::size_t before = text.size();
    const unpack_state state = reading.next(text, step);
    EXPECT_LE(text.size(), before + step);
    if (state == unpack_state::done) return text;
    if (state == unpack_state::failed) return "failed";
  }
}

TEST(Unpacker, UnpacksWhatGzipAndDeflateMean) {
  std::string text = "{\"a\":1}";
  for (int i = 0; i < 100; ++i) text += std::to_string(i * i);
  for (const std::size_t step : {1UL, 7UL, 100'000UL}) {
    EXPECT_EQ(unpack(packing::gzip, pack(text), step), text);
    EXPECT_EQ(unpack(packing::deflate, pack(text, zlib_window), step), text);
    EXPECT_EQ(unpack(packing::deflate, pack(text, raw_window), step), text);
  }
  EXPECT_EQ(unpack(packing::gzip, pack("")), "");
  EXPECT_EQ(unpack(packing::gzip, pack("one ") + pack("") + pack("two")), "one two");
}

TEST(Unpacker, RefusesWhatIsDamagedCutOffOrGoesOn) {
  const std::string packed = pack("some text that is long enough to be cut");
  for (std::size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(unpack(packing::gzip, packed.substr(0, size)), "failed") << size;
  }
  EXPECT_EQ(unpack(packing::gzip, packed + "more"), "failed");
  EXPECT_EQ(unpack(packing::gzip, "{\"not\":\"packed\"}"), "failed");
  std::string wrong_sum = packed;
  wrong_sum[wrong_sum.size() - 5] = static_cast<char>(wrong_sum[wrong_sum.size() - 5] ^ 1);
  EXPECT_EQ(unpack(packing::gzip, wrong_sum), "failed");
  std::string empty_ones;
  for (int i = 0; i < 5000; ++i) empty_ones += pack("");
  EXPECT_EQ(unpack(packing::gzip, empty_ones), "failed");
}

TEST(Unpacker, KnowsTheCodingsByTheirNames) {
  const auto of = [](const headers& fields) { return packing_of(fields); };
  EXPECT_EQ(of({}), packing::none);
  EXPECT_EQ(of({{"content-encoding", "identity"}}), packing::none);
  EXPECT_EQ(of({{"Content-Encoding", ""}}), packing::none);
  EXPECT_EQ(of({{"Content-Encoding", " GZip "}}), packing::gzip);
  EXPECT_EQ(of({{"Content-Encoding", "x-gzip"}}), packing::gzip);
  EXPECT_EQ(of({{"Content-Encoding", "identity, deflate"}}), packing::deflate);
  EXPECT_EQ(of({{"Content-Encoding", "br"}}), packing::other);
  EXPECT_EQ(of({{"Content-Encoding", "gzip, gzip"}}), packing::other);
  EXPECT_EQ(of({{"Content-Encoding", "gzip"}, {"Content-Encoding", "br"}}), packing::other);
  EXPECT_EQ(packing_name({{"Content-Encoding", "gzip"}, {"content-encoding", "b\x01"}}),
            "gzip, b?");
}

class HttpPackedTest : public HttpTest {
 protected:
  result<response> answered(const std::string& body, const std::string& coding,
                            const limits& bounds = patient()) {
    script::server server([&](script::peer& here) {
      while (here.request()) here.answer(body, "Content-Encoding: " + coding + "\r\n");
    });
    return send(post(server.address()), bounds);
  }
};

TEST_F(HttpPackedTest, AnAnswerIsUnpackedAndSpeaksOfItNoMore) {
  const auto got = answered(pack("{\"a\":1}"), "gzip");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "{\"a\":1}");
  EXPECT_EQ(find_header(got->fields, "Content-Encoding"), std::nullopt);
  EXPECT_EQ(find_header(got->fields, "Content-Length"), std::nullopt);
  const std::string large(5'000'000, 'x');
  EXPECT_TRUE(body_of(answered(pack(large), "gzip")) == large);
}

TEST_F(HttpPackedTest, ABombIsRefusedAtTheLimitOfAnswers) {
  limits bounds = patient();
  bounds.body_bytes = 1'000'000;
  const auto got = answered(pack(std::string(100'000'000, 'x')), "gzip", bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::too_large);
  EXPECT_EQ(got.error().progress, request_progress::sent);
  EXPECT_THAT(got.error().message, AllOf(HasSubstr("unpacked"), HasSubstr("1000000 bytes")));
  ASSERT_NE(got.error().head, nullptr);
  EXPECT_EQ(got.error().head->status, 200);
  EXPECT_TRUE(got.error().head->body.empty());
  // Exactly the limit is taken.
  EXPECT_EQ(body_of(answered(pack(std::string(1'000'000, 'x')), "gzip", bounds)).size(),
            1'000'000U);
}

TEST_F(HttpPackedTest, AnotherCodingIsSaid) {
  const auto got = answered("packed", "br");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::malformed);
  EXPECT_EQ(got.error().progress, request_progress::sent);
  EXPECT_THAT(got.error().message, AllOf(HasSubstr("127.0.0.1"), HasSubstr("Content-Encoding br")));
  const auto damaged = answered("no gzip at all", "gzip");
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().kind, failure_kind::malformed);
  EXPECT_THAT(damaged.error().message, HasSubstr("damaged or cut off"));
}

TEST_F(HttpPackedTest, WhatIsUnpackedTakesRoomLikeAnyAnswer) {
  const auto room = std::make_shared<memory_budget>(10'000'000);
  settings_.response_budget = room;
  auto got = answered(pack(std::string(3'000'000, 'x')), "gzip");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(room->held(), 3'000'000U);
  got = failure{};
  EXPECT_EQ(room->held(), 0U);
}

TEST_F(HttpPackedTest, NoBodyIsNoPackedOne) {
  script::server server([&](script::peer& here) {
    while (here.request()) here.send("HTTP/1.1 204 No\r\nContent-Encoding: gzip\r\n\r\n");
  });
  const auto got = send(post(server.address()));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 204);
}

}  // namespace
}  // namespace connector::http
