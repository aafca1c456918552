// Assertions as a token server reads them.
#include "connector/oauth/client_assertion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <set>
#include <string>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/sandbox/oauth/jwt.h"

namespace connector::oauth {
namespace {

using sandbox::refusal_of_assertion;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr auto endpoint = "https://login.example/realms/x/token";
const wall_clock::time_point now = wall_clock::from_time_t(1'796'000'000);

sandbox::issued_certificate issue(bool rsa) {
  static const sandbox::certificate_authority authority;
  sandbox::leaf_options how;
  how.rsa = rsa;
  return authority.issue(how);
}

std::string assertion_by(const sandbox::issued_certificate& who, const assertion_claims& claims) {
  const auto identity = read_key_store({secret_string(who.certificate + who.key), {}, {}, {}, {}});
  if (!identity) return "!" + identity.error();
  const auto made = signed_assertion(*identity, claims);
  return made ? std::string(made->reveal()) : "!not signed";
}

assertion_claims claims() { return {"worker", endpoint, now, random_assertion_id()}; }

TEST(ClientAssertion, IsTakenByAServerThatKnowsTheCertificate) {
  for (const bool rsa : {true, false}) {
    const auto who = issue(rsa);
    const auto text = assertion_by(who, claims());
    EXPECT_EQ(refusal_of_assertion(text, who.certificate, "worker", endpoint, now), "");
    EXPECT_EQ(refusal_of_assertion(text, who.certificate, "worker", endpoint, now + 299s), "");
    EXPECT_NE(refusal_of_assertion(text, who.certificate, "worker", endpoint, now + 301s), "");
    EXPECT_NE(refusal_of_assertion(text, who.certificate, "worker", endpoint, now - 60s), "");
    EXPECT_NE(refusal_of_assertion(text, who.certificate, "other", endpoint, now), "");
    EXPECT_NE(refusal_of_assertion(text, who.certificate, "worker", "https://x.example", now), "");
    EXPECT_NE(refusal_of_assertion(text, issue(rsa).certificate, "worker", endpoint, now), "");
    const auto token = sandbox::read_signed_token(text, who.certificate);
    EXPECT_EQ(token.head.at("alg").as_string(), rsa ? "RS256" : "ES256");
  }
}

TEST(ClientAssertion, EcSignaturesAreOfOneLength) {
  // The two numbers are shorter than 32 bytes once in 128 signatures.
  const auto who = issue(false);
  for (int i = 0; i < 400; ++i) {
    const auto text = assertion_by(who, claims());
    ASSERT_EQ(refusal_of_assertion(text, who.certificate, "worker", endpoint, now), "");
    ASSERT_EQ(text.size() - text.rfind('.') - 1, 86U);
  }
}

TEST(ClientAssertion, KeyThatCannotSignIsNamed) {
  const auto why = [](const sandbox::leaf_options& how) {
    const auto who = sandbox::certificate_authority().issue(how);
    return why_no_signer(read_private_key(who.key, {}).key.get());
  };
  EXPECT_EQ(why({.rsa = true}), "");
  EXPECT_EQ(why({.curve = "P-256"}), "");
  EXPECT_EQ(why({.curve = "P-384"}), "the EC key is not on the curve P-256");
  const private_key_ptr short_one(EVP_RSA_gen(1024));
  EXPECT_EQ(why_no_signer(short_one.get()), "the RSA key is shorter than 2048 bits");
  const private_key_ptr other(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  EXPECT_EQ(why_no_signer(other.get()), "the private key must be RSA or EC");
}

TEST(ClientAssertion, WordsOfTheOperatorStayWhereTheyBelong) {
  const auto who = issue(false);
  auto changed = claims();
  changed.client_id = R"(a","sub":"b)";
  const auto text = assertion_by(who, changed);
  EXPECT_EQ(refusal_of_assertion(text, who.certificate, changed.client_id, endpoint, now), "");
}

TEST(ClientAssertion, EachHasAnIdOfItsOwn) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(random_assertion_id());
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_EQ(ids.begin()->size(), 24U);
}

}  // namespace
}  // namespace connector::oauth
