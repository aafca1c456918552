#include "connector/aws/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

#include "connector/http/pooled_client.h"
#include "tests/sandbox/aws/sts.h"

namespace connector::aws {
namespace {

using kind = probe_finding::kind;
using testing::AllOf;
using testing::HasSubstr;

http::response answer(int status, std::string name, std::string body) {
  http::response out;
  out.status = status;
  if (!name.empty()) out.fields = {{"x-amzn-ErrorType", std::move(name)}};
  out.body = std::move(body);
  return out;
}

TEST(ProbeAnswer, OfLambdaProvesKeysWhetherListingIsAllowedOrNot) {
  EXPECT_EQ(read_probe_answer("lambda", answer(200, "", R"({"Functions":[]})"), "h").result,
            kind::accepted);
  const auto denied = read_probe_answer(
      "lambda", answer(403, "AccessDeniedException", R"({"Message":"not authorized"})"), "h");
  EXPECT_EQ(denied.result, kind::accepted);
  EXPECT_EQ(denied.text, "h takes the signature and answers AccessDeniedException");
}

TEST(ProbeAnswer, ThatSpeaksOfKeysRefuses) {
  for (const char* name : {"UnrecognizedClientException", "InvalidSignatureException",
                           "ExpiredTokenException", "MissingAuthenticationTokenException"}) {
    const auto found =
        read_probe_answer("lambda", answer(403, name, R"({"message":"no such key"})"), "h");
    EXPECT_EQ(found.result, kind::refused) << name;
    EXPECT_THAT(found.text, AllOf(HasSubstr(name), HasSubstr("no such key")));
  }
}

// A proxy, a stand-in, a page of something else: it is there, and proves nothing.
TEST(ProbeAnswer, OfSomethingElseProvesNothing) {
  for (const auto& one :
       {answer(200, "", "null"), answer(200, "", "<html>"), answer(403, "", "<html>"),
        answer(404, "", ""), answer(503, "ServiceUnavailableException", ""),
        answer(403, "SomethingNew", ""), answer(429, "TooManyRequestsException", "")}) {
    EXPECT_EQ(read_probe_answer("lambda", one, "h").result, kind::reached) << one.status;
    EXPECT_EQ(read_probe_answer("sts", one, "h").result, kind::reached) << one.status;
  }
}

class Probe : public testing::Test {
 protected:
  static credentials keys() {
    const sandbox::access_key key;
    credentials out;
    out.access_key_id = key.id;
    std::string secret = key.secret;
    out.secret_access_key = secret_string::take(secret);
    return out;
  }

  probe_finding ask(credentials with, const std::string& url) {
    probe_settings how;
    how.endpoint_of = [&](std::string_view, std::string_view) { return parse_endpoint(url); };
    how.user_agent = "test";
    boost::asio::io_context loop;
    auto client = http::make_client(loop.get_executor(), {});
    probe asking(std::move(how), *client);
    probe_finding out;
    boost::asio::co_spawn(
        loop,
        asking.caller(std::move(with), "us-east-1", boot_clock::now() + std::chrono::seconds(20)),
        [&](const std::exception_ptr& bug, probe_finding found) {
          if (bug != nullptr) std::rethrow_exception(bug);
          out = std::move(found);
          client->close_idle();
        });
    loop.run_for(std::chrono::seconds(30));
    return out;
  }

  sandbox::sts sts_;
};

TEST_F(Probe, StsNamesTheCallerOfGoodKeys) {
  const auto found = ask(keys(), sts_.url());
  EXPECT_EQ(found.result, kind::accepted);
  EXPECT_EQ(found.text, "arn:aws:iam::123456789012:user/" + sandbox::access_key{}.id);
  EXPECT_EQ(sts_.callers_asked(), 1U);
}

TEST_F(Probe, StsRefusesAWrongSecretAndAnUnknownKey) {
  auto wrong = keys();
  std::string secret = "another-secret";
  wrong.secret_access_key = secret_string::take(secret);
  auto found = ask(wrong, sts_.url());
  EXPECT_EQ(found.result, kind::refused);
  EXPECT_THAT(found.text,
              AllOf(HasSubstr("SignatureDoesNotMatch"), testing::Not(HasSubstr("another"))));
  auto unknown = keys();
  unknown.access_key_id = "AKIANOBODY";
  found = ask(unknown, sts_.url());
  EXPECT_EQ(found.result, kind::refused);
  EXPECT_THAT(found.text, HasSubstr("InvalidClientTokenId"));
}

// As a call would: it corrects itself.
TEST_F(Probe, TakesAClockThatDiffersAsCallsDo) {
  sts_.set_clock(std::chrono::minutes(40));
  EXPECT_EQ(ask(keys(), sts_.url()).result, kind::accepted);
}

TEST_F(Probe, IsBoundedWhenNoServerAnswers) {
  const auto found = ask(keys(), "http://127.0.0.1:1");
  EXPECT_EQ(found.result, kind::silent);
  EXPECT_THAT(found.text, HasSubstr("127.0.0.1"));
}

}  // namespace
}  // namespace connector::aws
