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
#include "tests/sandbox/lambda/certificates.h"
#include "tests/sandbox/oauth/token_server.h"

namespace connector::oauth {
namespace {

using sandbox::certificate_authority;
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
    http::client_settings settings;
    if (material_) settings.material = [this] { return material_; };
    auto http = http::make_client(loop.get_executor(), std::move(settings));
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

  // Trusts `server_roots`, and shows what `client` issues when it is not null.
  void use_tls(const certificate_authority& server_roots, const certificate_authority* client) {
    auto made = std::make_shared<http::tls_material>();
    made->roots = read_certificates(server_roots.root_pem(), 1).certificates;
    if (client != nullptr) {
      const auto own = client->issue();
      made->chain = read_certificates(own.chain, 5).certificates;
      made->key = read_private_key(own.key, {}).key;
    }
    material_ = std::move(made);
  }

  std::shared_ptr<const http::tls_material> material_;
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

TEST_F(TokenClient, ServerThatAsksForACertificateIsToldApart) {
  const certificate_authority authority;
  const certificate_authority other("Another root");
  const auto certificate = authority.issue();
  server.use_tls({certificate.chain, certificate.key, authority.root_pem()});

  use_tls(authority, nullptr);
  const auto none = fetch();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().reason, kind::unavailable);
  EXPECT_THAT(none.error().message, AllOf(HasSubstr("asks for a client certificate"),
                                          HasSubstr("CAMUNDA_SSL_CLIENT_KEYSTORE_PATH")));
  use_tls(authority, &other);
  const auto wrong = fetch();
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, AllOf(HasSubstr("refuses our client certificate"),
                                           HasSubstr("CAMUNDA_SSL_CLIENT_KEYSTORE_PATH")));
  use_tls(other, &authority);
  const auto untrusted = fetch();
  ASSERT_FALSE(untrusted);
  EXPECT_THAT(untrusted.error().message, HasSubstr("unknown issuer (CN = Sandbox root)"));
  EXPECT_EQ(server.asked(), 0);

  use_tls(authority, &authority);
  const auto good = fetch();
  EXPECT_TRUE(good) << good.error().message;
}

}  // namespace
}  // namespace connector::oauth
