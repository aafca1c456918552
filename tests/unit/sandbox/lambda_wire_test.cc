// Each wire fault as a plain client sees it: the bytes, and how the stream ended.
#include <set>

#include "tests/sandbox/lambda/functions.h"
#include "tests/unit/sandbox/lambda_fixture.h"

namespace sandbox::test {
namespace {

using std::chrono::milliseconds;

struct expected {
  const char* function;
  ending end;
  const char* text;  // somewhere in what came
};

class LambdaWire : public LambdaFixture, public ::testing::WithParamInterface<expected> {
 protected:
  std::string last_;
  ending end_ = ending::open;

  void play(const std::string& function, const std::string& body, std::size_t most) {
    const auto connection = connect();
    ASSERT_TRUE(connection->write(signed_bytes(invoke_of(function, body))));
    connection->set_timeout(milliseconds(300));  // an answer that hangs is told by it
    last_ = connection->read_all(most);
    end_ = connection->ended();
  }
};

TEST_P(LambdaWire, IsSeenByAPlainClient) {
  const expected& wanted = GetParam();
  play(wanted.function, "{\"bytes\":200000,\"ms\":1}", 1000000);
  EXPECT_EQ(end_, wanted.end);
  EXPECT_NE(last_.find(wanted.text), std::string::npos) << last_.substr(0, 500);
  EXPECT_EQ(server_.account().function(wanted.function).executions, 1U);
}

constexpr expected faults[] = {
    {"wire-short-length", ending::timeout, "Content-Length: 5\r\n\r\n{\"text\""},
    {"wire-long-length", ending::closed, "Content-Length: 500"},
    {"wire-two-lengths", ending::closed, "Content-Length: 2\r\nContent-Length: 39"},
    {"wire-length-and-chunked", ending::closed, "Content-Length: 2\r\nTransfer-Encoding: chunked"},
    {"wire-bad-length", ending::closed, "Content-Length: -1"},
    {"wire-no-length", ending::closed, "$LATEST\r\n\r\n{\"text\""},
    {"wire-bad-chunk", ending::closed, "chunked\r\n\r\nzz\r\n"},
    {"wire-huge-chunk", ending::closed, "FFFFFFFFFFFFFFFF1"},
    {"wire-half-chunks", ending::closed, "5\r\n{\"a\":\r\n"},
    {"wire-trailers", ending::timeout, "0\r\nX-Late: yes\r\n\r\n"},
    {"wire-endless-headers", ending::open, "X-Filler: 0123456789abcdef\r\nX-Filler: "},
    {"wire-huge-header", ending::open, "hhhhhhhh"},
    {"wire-huge-body", ending::timeout, "xxxx\""},
    {"wire-endless-body", ending::open, "4\r\naaaa\r\n4\r\naaaa\r\n"},
    {"wire-slow", ending::timeout, "{\"bytes\":200000,\"ms\":1}"},
    {"wire-close", ending::closed, ""},
    {"wire-cut", ending::truncated, ""},
    {"wire-reset", ending::reset, ""},
    {"wire-half-head", ending::closed, "HTTP/1.1 200 OK\r\nContent-Le"},
    {"wire-half-body", ending::closed, "{\"text\":\"half of th"},
    {"wire-half-body-cut", ending::truncated, "{\"text\":\"half of th"},
    {"wire-half-body-reset", ending::reset, "{\"text\":\"half of th"},
    {"wire-hang", ending::timeout, ""},
    {"wire-hang-body", ending::timeout, "Content-Length: 39\r\n\r\n"},
    {"wire-http10", ending::closed, "HTTP/1.0 200 OK"},
    {"wire-garbage", ending::closed, "SSH-2.0"},
    {"wire-1xx", ending::timeout, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK"},
    {"wire-1xx-storm", ending::open, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103"},
    {"wire-204-body", ending::timeout, "204 No Content\r\nContent-Length: 39\r\n\r\n{\"text\""},
    {"wire-redirect", ending::timeout, "Location: https://elsewhere.example/"},
    {"wire-two-answers", ending::timeout, "{\"n\":1}HTTP/1.1 200 OK"},
    {"wire-close-after", ending::closed, "{}"},
    {"wire-reset-after", ending::reset, "{}"},
};

std::string name_of(const ::testing::TestParamInfo<expected>& info) {
  std::string out;
  bool upper = true;
  for (const char* c = info.param.function; *c != '\0'; ++c) {
    if (*c != '-') out += upper ? static_cast<char>(std::toupper(*c)) : *c;
    upper = *c == '-';
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(EachFault, LambdaWire, ::testing::ValuesIn(faults), name_of);

TEST(LambdaWireTable, EveryWireFunctionIsTested) {
  std::set<std::string> tested;
  for (const expected& each : faults) tested.insert(each.function);
  for (const auto& [name, body] : wire_functions()) EXPECT_EQ(tested.count(name), 1U) << name;
}

TEST_F(LambdaWire, ScriptsFromTestsArePlayedAndTheConnectionGoesOn) {
  server_.register_function("mine", [](const invocation&) {
    answer out;
    out.wire = wire::drip("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", milliseconds(0));
    out.wire.push_back(wire::next());
    return out;
  });
  const auto connection = connect();
  for (int i = 0; i < 2; ++i) {
    connection->write(signed_bytes(invoke_of("mine")));
    const auto got = connection->read_response();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->body, "{}");
  }
  EXPECT_EQ(server_.account().counted().connections, 1U);
}

TEST_F(LambdaWire, HugeBodyIsAHundredMegabytesByDefault) {
  play("wire-huge-body", "", 1000);
  EXPECT_NE(last_.find("Content-Length: 1000"), std::string::npos);
}

TEST_F(LambdaWire, HangingConnectionsDoNotHoldTheServerUp) {
  const auto connection = connect();
  connection->write(signed_bytes(invoke_of("wire-hang")));
  EXPECT_TRUE(server_.account().wait_for([](const totals& all) { return all.executions == 1; },
                                         milliseconds(10000)));
}

}  // namespace
}  // namespace sandbox::test
