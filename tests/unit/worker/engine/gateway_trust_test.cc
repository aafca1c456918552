// Certificates of a gateway, good and bad: what is trusted, and what is said of the others; alone
// and over the wire.
#include "worker/engine/gateway_trust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>

#include "tests/sandbox/engine/engine.h"
#include "tests/sandbox/lambda/certificates.h"
#include "worker/engine/grpc_gateway.h"

namespace worker::engine {
namespace {

namespace asio = boost::asio;
using sandbox::certificate_kind;
using testing::HasSubstr;

const sandbox::certificate_authority& authority() {
  static const sandbox::certificate_authority the_authority("The company's own");
  return the_authority;
}

sandbox::issued_certificate of_kind(certificate_kind kind) {
  return sandbox::make_certificate(authority(), kind);
}

// Its common name is the host's, and nothing else names the host.
sandbox::issued_certificate common_name_alone(std::vector<std::string> others) {
  sandbox::leaf_options how;
  how.common_name = "localhost";
  how.dns_names = std::move(others);
  how.ip_addresses = {};
  return authority().issue(how);
}

std::string refusal(const sandbox::issued_certificate& sent, const std::string& host) {
  return gateway_trust(authority().root_pem(), "test").why_refused(sent.chain, host);
}

TEST(GatewayTrust, TakesAGoodCertificateByNameAndByAddress) {
  EXPECT_EQ(refusal(of_kind(certificate_kind::good), "localhost"), "");
  EXPECT_EQ(refusal(of_kind(certificate_kind::good), "localhost."), "");
  EXPECT_EQ(refusal(of_kind(certificate_kind::good), "127.0.0.1"), "");
  EXPECT_EQ(refusal(of_kind(certificate_kind::good), "::1"), "");
  EXPECT_EQ(refusal(of_kind(certificate_kind::with_intermediate), "localhost"), "");
}

TEST(GatewayTrust, ACommonNameCountsForNothing) {
  EXPECT_THAT(refusal(common_name_alone({"elsewhere.example"}), "localhost"),
              HasSubstr("does not name localhost"));
  EXPECT_THAT(refusal(common_name_alone({}), "localhost"), HasSubstr("does not name localhost"));
}

TEST(GatewayTrust, NamesWhatIsWrongAndTheSetting) {
  EXPECT_THAT(refusal(of_kind(certificate_kind::expired), "localhost"), HasSubstr("expired on"));
  EXPECT_THAT(refusal(of_kind(certificate_kind::not_yet_valid), "localhost"),
              HasSubstr("valid only from"));
  EXPECT_THAT(
      refusal(of_kind(certificate_kind::wrong_name), "localhost"),
      testing::AllOf(HasSubstr("CAMUNDA_GRPC_ADDRESS"), HasSubstr("CAMUNDA_OVERRIDE_AUTHORITY")));
  for (const auto kind :
       {certificate_kind::other_authority, certificate_kind::missing_intermediate}) {
    EXPECT_THAT(refusal(of_kind(kind), "localhost"),
                testing::AllOf(HasSubstr("not trusted"), HasSubstr("CAMUNDA_CA_CERTIFICATE_PATH"),
                               HasSubstr("SSL_CERT_FILE")));
  }
}

TEST(GatewayTrust, NothingSentIsNothingTrusted) {
  const gateway_trust trust(authority().root_pem(), "test");
  EXPECT_NE(trust.why_refused("", "localhost"), "");
  EXPECT_NE(trust.why_refused("no certificate", "localhost"), "");
  EXPECT_NE(trust.why_refused(of_kind(certificate_kind::good).chain, ""), "");
}

TEST(GatewayTrust, RootsWithoutACertificateAreAMistake) {
  for (const char* text : {"", "no certificate\n", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
    try {
      gateway_trust(text, "the CA file 'x.pem'");
      FAIL() << "taken: " << text;
    } catch (const std::runtime_error& e) {
      EXPECT_THAT(e.what(), HasSubstr("the CA file 'x.pem' holds no certificate"));
    }
  }
}

// What the worker says of a gateway that shows this certificate; empty: it answered.
std::string over_the_wire(const sandbox::issued_certificate& shown) {
  sandbox::engine::options how;
  how.certificate_chain_pem = shown.chain;
  how.private_key_pem = shown.key;
  const sandbox::engine::engine served(how);
  asio::io_context loop(1);
  channel_settings settings;
  settings.address = "localhost:" + std::to_string(served.port());
  settings.tls = true;
  settings.roots = authority().root_pem();
  grpc_gateway gateway(loop.get_executor(), settings);
  topology ignored;
  auto out = asio::co_spawn(loop, gateway.ask_topology(ignored, std::chrono::seconds(10)),
                            asio::use_future);
  loop.run();
  const auto answer = out.get();
  return answer.ok() ? "" : std::string(name_of(answer.code)) + " " + answer.message;
}

TEST(GatewayTrust, DecidesForTheChannel) {
  EXPECT_EQ(over_the_wire(of_kind(certificate_kind::good)), "");
  EXPECT_THAT(over_the_wire(of_kind(certificate_kind::other_authority)),
              testing::StartsWith("UNAVAILABLE the gateway's certificate comes from"));
  EXPECT_THAT(over_the_wire(of_kind(certificate_kind::expired)), HasSubstr("expired on"));
  EXPECT_THAT(over_the_wire(of_kind(certificate_kind::wrong_name)),
              HasSubstr("does not name localhost"));
  EXPECT_THAT(over_the_wire(common_name_alone({})), HasSubstr("does not name localhost"));
}

}  // namespace
}  // namespace worker::engine
