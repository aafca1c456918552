// The client against a token server on the loopback, and against what such servers should not do.
#include "connector/oauth/token_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connector/http/pooled_client.h"
#include "tests/sandbox/oauth/token_server.h"

namespace connector::oauth {
namespace {

using sandbox::token_fault;
using sandbox::token_server;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;
using kind = token_failure::kind;

class TokenClient : public testing::Test {
 protected:
  result<access_token> fetch(std::string secret = token_server::client_secret) {
    token_client_settings how;
    how.request.where = *http::read_url(server.url());
    how.request.client_id = token_server::client_id;
    how.prove = [secret] {
      return boost::system::result<client_proof, std::string>(
          client_proof{secret_string(secret), {}});
    };
    how.connect_time = 2s;
    how.read_time = 300ms;
    boost::asio::io_context loop(1);
    auto http = http::make_client(loop.get_executor(), {});
    token_client tested(*http, std::move(how));
    std::optional<result<access_token>> got;
    boost::asio::co_spawn(loop, tested.fetch(boot_clock::now() + 10s),
                          [&](std::exception_ptr bug, result<access_token> outcome) {
                            EXPECT_FALSE(bug);
                            got = std::move(outcome);
                            http->close_idle();
                          });
    loop.run();
    return *got;
  }

  token_server server;
};

TEST_F(TokenClient, GetsAToken) {
  const auto got = fetch();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->value.reveal(), server.tokens().back());
  EXPECT_EQ(got->expires - got->since, 60s);
}

TEST_F(TokenClient, WrongSecretIsRejected) {
  const auto got = fetch("wrong-secret");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reason, kind::rejected);
  EXPECT_THAT(got.error().message,
              AllOf(HasSubstr("401 invalid_client"), HasSubstr("CAMUNDA_CLIENT_SECRET"),
                    HasSubstr(server.url()), Not(HasSubstr("wrong-secret"))));
}

TEST_F(TokenClient, EachFaultIsAFailureInTime) {
  for (const auto fault : {token_fault::closed, token_fault::error_500, token_fault::hang,
                           token_fault::huge, token_fault::garbage, token_fault::redirect,
                           token_fault::no_token, token_fault::blank_token, token_fault::mac_token,
                           token_fault::life_zero, token_fault::life_negative}) {
    server.set_fault(fault, 1);
    const auto began = std::chrono::steady_clock::now();
    const auto got = fetch();
    ASSERT_FALSE(got) << static_cast<int>(fault);
    EXPECT_EQ(got.error().reason,
              fault == token_fault::redirect ? kind::rejected : kind::unavailable)
        << got.error().message;
    EXPECT_LT(std::chrono::steady_clock::now() - began, 8s);
  }
  EXPECT_TRUE(fetch());
}

TEST_F(TokenClient, LongestLifeIsADay) {
  server.set_fault(token_fault::life_huge, 1);
  const auto got = fetch();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->expires - got->since, 24h);
}

TEST_F(TokenClient, ServerThatIsAwayIsNamed) {
  server.stop();
  const auto got = fetch();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reason, kind::unavailable);
  EXPECT_THAT(got.error().message, HasSubstr("CAMUNDA_AUTHORIZATION_SERVER_URL"));
}

}  // namespace
}  // namespace connector::oauth
