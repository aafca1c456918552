// The texts are those of gRPC 1.51 and OpenSSL 3.0, as they were met.
#include "worker/cli/gateway_hint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker::cli {
namespace {

using engine::status_code;
using testing::HasSubstr;

config::gateway_settings over(bool tls, bool by_default = false) {
  config::gateway_settings out;
  out.tls = tls;
  out.tls_by_default = by_default;
  return out;
}

TEST(GatewayHint, PlaintextMetWithTlsNamesTheSettings) {
  const auto hint = gateway_hint(
      over(true),
      {status_code::unavailable,
       "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:33181: Tls "
       "handshake failed: SSL_ERROR_SSL: error:0A00010B:SSL routines::wrong version number"});
  EXPECT_THAT(hint, HasSubstr("http://"));
  EXPECT_THAT(hint, HasSubstr("CAMUNDA_INSECURE_CONNECTION=true"));
}

TEST(GatewayHint, TlsMetWithPlaintextNamesTheScheme) {
  EXPECT_THAT(gateway_hint(over(false), {status_code::unavailable,
                                         "failed to connect to all addresses; last error: "
                                         "UNAVAILABLE: ipv4:127.0.0.1:34835: Socket closed"}),
              HasSubstr("https://"));
}

TEST(GatewayHint, AGatewayThatAsksForACertificateIsNamedAsOne) {
  const engine::status cut{status_code::unavailable,
                           "failed to connect to all addresses; last error: UNAVAILABLE: "
                           "ipv4:127.0.0.1:34835: Socket closed"};
  auto gateway = over(true);
  EXPECT_THAT(gateway_hint(gateway, cut), HasSubstr("CAMUNDA_MTLS_CERT_PATH"));
  gateway.client_certificate = "own.pem";
  EXPECT_THAT(gateway_hint(gateway, cut), HasSubstr("end date"));
}

TEST(GatewayHint, AProxyThatRefusesNamesItsSetting) {
  EXPECT_THAT(gateway_hint(over(false),
                           {status_code::unavailable, "HTTP proxy returned response code 407"}),
              HasSubstr("LAMBDA_CONNECTOR_GATEWAY_PROXY"));
}

TEST(GatewayHint, AWebServerIsNamedAsOne) {
  for (const char* text :
       {"Received http2 header with status: 404", "Trying to connect an http1.x server"}) {
    EXPECT_THAT(gateway_hint(over(false), {status_code::unavailable, text}), HasSubstr("26500"));
  }
}

TEST(GatewayHint, ACertificatesOwnWordsAreEnough) {
  EXPECT_EQ(gateway_hint(over(true, true),
                         {status_code::unavailable,
                          "failed to connect to all addresses; last error: UNKNOWN: "
                          "ipv4:127.0.0.1:1: Custom verification check failed with error: "
                          "UNAUTHENTICATED: the gateway's certificate has expired"}),
            "");
}

TEST(GatewayHint, OfAnAbsentGatewayOnlyAGuessedSchemeIsWorthAWord) {
  const engine::status refused{status_code::unavailable, "ipv4:127.0.0.1:1: Connection refused"};
  EXPECT_EQ(gateway_hint(over(true), refused), "");
  EXPECT_EQ(gateway_hint(over(false), refused), "");
  EXPECT_THAT(gateway_hint(over(true, true), refused), HasSubstr("without scheme means TLS"));
}

}  // namespace
}  // namespace worker::cli
