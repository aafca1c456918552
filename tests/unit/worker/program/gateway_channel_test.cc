#include "worker/program/gateway_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "worker/config/load.h"

namespace worker::program {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

config::settings with(std::map<std::string, std::string> environment) {
  config::sources from;
  from.environment = std::move(environment);
  auto loaded = config::load(from);
  for (const auto& each : loaded.issues) ADD_FAILURE() << config::describe(each);
  return std::move(loaded.values);
}

TEST(GatewayChannel, TakesWhatTheSettingsSay) {
  const auto channel = channel_settings_of(with({{"CAMUNDA_GRPC_ADDRESS", "https://zeebe:1"},
                                                 {"CAMUNDA_CA_CERTIFICATE_PATH", "/root.pem"},
                                                 {"CAMUNDA_OVERRIDE_AUTHORITY", "gateway.corp"},
                                                 {"CAMUNDA_MTLS_CERT_PATH", "/own.pem"},
                                                 {"CAMUNDA_MTLS_KEY_PATH", "/own.key"},
                                                 {"CAMUNDA_PHYSICAL_TENANT", "blue"},
                                                 {"CAMUNDA_KEEP_ALIVE", "60000"}}));
  EXPECT_EQ(channel.address, "zeebe:1");
  EXPECT_TRUE(channel.tls);
  EXPECT_EQ(channel.ca_file, "/root.pem");
  EXPECT_EQ(channel.authority_override, "gateway.corp");
  EXPECT_EQ(channel.client_certificate, "/own.pem");
  EXPECT_EQ(channel.client_key, "/own.key");
  EXPECT_EQ(channel.keep_alive, std::chrono::seconds(60));
  EXPECT_THAT(channel.metadata, ElementsAre(Pair("camunda-physical-tenant", "blue")));
  EXPECT_EQ(channel.proxy.address, "");
}

TEST(GatewayChannel, HasAProxySettingOfItsOwn) {
  const auto others = with({{"https_proxy", "http://aws:1"}, {"HTTPS_PROXY", "http://aws:1"}});
  EXPECT_EQ(channel_settings_of(others).proxy.address, "");
  EXPECT_THAT(channel_settings_of(others).metadata, IsEmpty());
  for (const char* name : {"LAMBDA_CONNECTOR_GATEWAY_PROXY", "grpc_proxy"}) {
    const auto own = with({{name, "http://user:marked-pass@proxy.corp:3128"}});
    const auto channel = channel_settings_of(own);
    EXPECT_EQ(channel.proxy.address, "proxy.corp:3128");
    EXPECT_EQ(channel.proxy.authorization.reveal(), "Basic dXNlcjptYXJrZWQtcGFzcw==");
    EXPECT_EQ(gateway_proxy_text(own), std::string("proxy.corp:3128 (") + name + ")");
  }
}

TEST(GatewayChannel, AProxyThatCannotBeIsNamedWithoutItsValue) {
  for (const char* wrong : {"socks5://u:marked@p:1", "https://u:marked@p:1", "http://marked p"}) {
    try {
      channel_settings_of(with({{"grpc_proxy", wrong}}));
      FAIL() << wrong;
    } catch (const std::runtime_error& e) {
      EXPECT_THAT(e.what(), AllOf(HasSubstr("grpc_proxy: "), Not(HasSubstr("marked"))));
    }
  }
}

}  // namespace
}  // namespace worker::program
