#include "worker/program/http_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "worker/config/load.h"

namespace worker::program {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

config::settings settings_of(std::map<std::string, std::string> environment) {
  config::sources from;
  from.environment = std::move(environment);
  from.read_file = [](const std::string& path, std::size_t) -> connector::file_text {
    if (path != "/run/proxy") return {connector::file_text::state::missing, {}, "not there"};
    return {connector::file_text::state::read, "http://u:from-a-file@proxy.corp:3128", {}};
  };
  auto loaded = config::load(from);
  for (const auto& each : loaded.issues) ADD_FAILURE() << config::describe(each);
  return std::move(loaded.values);
}

std::string way_to_aws(const config::settings& settings) {
  const auto client = client_settings_of(settings);
  if (!client.proxy_for) return "direct";
  const auto by = client.proxy_for({true, "lambda.us-east-1.amazonaws.com", 443});
  return by ? name_of(*by) + " of " + by->variable : "direct";
}

TEST(ProxySettings, EitherSpellingIsRead) {
  EXPECT_EQ(way_to_aws(settings_of({})), "direct");
  EXPECT_EQ(way_to_aws(settings_of({{"HTTPS_PROXY", "http://a:1"}})), "a:1 of HTTPS_PROXY");
  EXPECT_EQ(way_to_aws(settings_of({{"https_proxy", "http://a:1"}})), "a:1 of https_proxy");
  EXPECT_EQ(way_to_aws(settings_of({{"https_proxy", "b:2"}, {"HTTPS_PROXY", "http://a:1"}})),
            "b:2 of https_proxy");
  EXPECT_EQ(way_to_aws(settings_of({{"HTTPS_PROXY_FILE", "/run/proxy"}})),
            "proxy.corp:3128 of HTTPS_PROXY_FILE");
  EXPECT_EQ(way_to_aws(settings_of({{"HTTP_PROXY", "http://a:1"}})), "direct");
}

TEST(ProxySettings, ExceptionsAreReadInEitherSpelling) {
  for (const char* name : {"NO_PROXY", "no_proxy"}) {
    EXPECT_EQ(
        way_to_aws(settings_of({{"HTTPS_PROXY", "a:1"}, {name, "x.example, .amazonaws.com"}})),
        "direct");
    EXPECT_EQ(way_to_aws(settings_of({{"HTTPS_PROXY", "a:1"}, {name, "x.example"}})),
              "a:1 of HTTPS_PROXY");
  }
}

TEST(ProxySettings, ThePasswordIsShownNowhere) {
  const auto settings = settings_of({{"HTTPS_PROXY", "http://user:marked-password@a:1"}});
  for (const auto& one : settings.shown) EXPECT_THAT(one.value, Not(HasSubstr("marked")));
  EXPECT_EQ(describe(proxy_of(settings)), "a:1 (HTTPS_PROXY)");
}

TEST(ProxySettings, AWrongOneStopsTheStartWithoutShowingIt) {
  const auto settings = settings_of({{"https_proxy", "socks5://user:marked-password@a:1"}});
  try {
    client_settings_of(settings);
    FAIL() << "it was taken";
  } catch (const std::runtime_error& wrong) {
    EXPECT_THAT(wrong.what(), AllOf(HasSubstr("https_proxy: "), Not(HasSubstr("marked"))));
  }
}

TEST(ClientCertificate, IsGivenByPath) {
  const auto client =
      client_settings_of(settings_of({{"LAMBDA_CONNECTOR_CLIENT_CERTIFICATE", "/a.pem"},
                                      {"LAMBDA_CONNECTOR_CLIENT_KEY", "/a.key"},
                                      {"AWS_CA_BUNDLE", "/ca.pem"}}));
  EXPECT_EQ(client.client_certificate, "/a.pem");
  EXPECT_EQ(client.client_key, "/a.key");
  EXPECT_EQ(client.ca_bundle, "/ca.pem");
}

TEST(Descriptors, SomeAreLeftToWhatIsNotAConnection) {
  EXPECT_EQ(max_connections(1024, 32), 896U);
  EXPECT_EQ(max_connections(64, 32), 32U);
  EXPECT_EQ(max_connections(256, 32), 192U);
  EXPECT_EQ(max_connections(0, 32), 1U);
  EXPECT_EQ(max_connections(65'536, 32), 4096U);
  EXPECT_EQ(max_connections(~std::uint64_t{0}, 32), 4096U);
  const auto client = client_settings_of(settings_of({}));
  EXPECT_LE(client.idle, client.connections);
}

TEST(Descriptors, EverySlotMayHaveAConnectionToTheSameFunction) {
  EXPECT_EQ(max_connections(65'536, 10'000), 20'000U);
  EXPECT_EQ(max_connections(8'192, 10'000), 7'168U);
  const auto few =
      client_settings_of(settings_of({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "32"}}));
  EXPECT_EQ(few.connections_per_destination, 1024U);
  const auto many =
      client_settings_of(settings_of({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "10000"}}));
  EXPECT_EQ(many.connections_per_destination, 10'000U);
  EXPECT_EQ(many.idle_per_destination, 10'000U);
}

}  // namespace
}  // namespace worker::program
