// Where the gateway is and how it is reached, from all the names that say it; and names that
// disagree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/worker/config/loading.h"
#include "worker/config/load.h"
#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* cluster = "0a1b2c3d-1111-2222-3333-444455556666";

class GatewaySettings : public tests::loading {
 protected:
  std::vector<std::string> warnings() { return load(from_).warnings; }
  void only(std::map<std::string, std::string> environment) {
    from_.environment = std::move(environment);
  }
};

TEST_F(GatewaySettings, EveryNameOfTheAddressCounts) {
  for (const char* name :
       {"CAMUNDA_GRPC_ADDRESS", "ZEEBE_GRPC_ADDRESS", "ZEEBE_ADDRESS", "CAMUNDA_CLIENT_GRPCADDRESS",
        "CAMUNDA_CLIENT_GRPC_ADDRESS", "camunda.client.grpc-address",
        "CAMUNDA_CLIENT_ZEEBE_GRPCADDRESS", "ZEEBE_CLIENT_BROKER_GRPCADDRESS",
        "ZEEBE_CLIENT_BROKER_GATEWAY-ADDRESS"}) {
    only({{name, "http://zeebe:1234"}});
    EXPECT_EQ(good().gateway.target, "zeebe:1234") << name;
    EXPECT_THAT(warnings(), IsEmpty()) << name;
  }
}

TEST_F(GatewaySettings, AClusterOfTheCloudHasAnAddress) {
  for (const char* id :
       {"CAMUNDA_CLIENT_CLOUD_CLUSTERID", "CAMUNDA_CLIENT_CLOUD_CLUSTER_ID", "CAMUNDA_CLUSTER_ID",
        "ZEEBE_CLIENT_CLOUD_CLUSTERID", "camunda.client.cloud.cluster-id"}) {
    only({{id, cluster}});
    const auto values = good();
    EXPECT_EQ(values.gateway.target, std::string(cluster) + ".bru-2.zeebe.camunda.io:443") << id;
    EXPECT_TRUE(values.gateway.tls);
    EXPECT_THAT(warnings(), IsEmpty()) << id;
  }
  set("CAMUNDA_CLIENT_CLOUD_REGION", "dsm-1");
  set("CAMUNDA_CLIENT_MODE", "saas");
  const auto values = good();
  EXPECT_EQ(values.gateway.target, std::string(cluster) + ".dsm-1.zeebe.camunda.io:443");
  EXPECT_THAT(values.shown, testing::Contains(testing::Field(&shown_setting::source,
                                                             testing::Eq("gateway.clusterId"))));
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(GatewaySettings, AnAddressCountsBeforeACluster) {
  const auto same = std::string("grpcs://") + cluster + ".bru-2.zeebe.camunda.io:443";
  only({{"CAMUNDA_CLUSTER_ID", cluster}, {"ZEEBE_GRPC_ADDRESS", same}});
  EXPECT_THAT(warnings(), IsEmpty());
  set("ZEEBE_GRPC_ADDRESS", "http://zeebe:26500");
  EXPECT_EQ(good().gateway.target, "zeebe:26500");
  EXPECT_THAT(warnings(),
              ElementsAre(AllOf(HasSubstr("ZEEBE_GRPC_ADDRESS (gateway.address) counts"),
                                HasSubstr("gateway.clusterId"))));
}

TEST_F(GatewaySettings, AClusterIsAHostLabel) {
  for (const char* wrong : {"a.b", "x/y", "A", "a:1", "-a"}) {
    only({{"CAMUNDA_CLUSTER_ID", wrong}});
    EXPECT_THAT(issues(), ElementsAre(HasSubstr("gateway.clusterId"))) << wrong;
    only({{"CAMUNDA_CLUSTER_ID", cluster}, {"CAMUNDA_CLUSTER_REGION", wrong}});
    EXPECT_THAT(issues(), ElementsAre(HasSubstr("gateway.clusterRegion"))) << wrong;
  }
  only({{"CAMUNDA_CLUSTER_REGION", "bru-2"}});
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("names no cluster")));
}

TEST_F(GatewaySettings, CertificatesAndTheirKeysBelongTogether) {
  only({{"CAMUNDA_GRPC_ADDRESS", "https://zeebe"},
        {"CAMUNDA_MTLS_CERT_PATH", "/own.pem"},
        {"CAMUNDA_MTLS_KEY_PATH", "/own.key"},
        {"CAMUNDA_MTLS_CA_PATH", "/root.pem"}});
  const auto values = good();
  EXPECT_EQ(values.gateway.client_certificate, "/own.pem");
  EXPECT_EQ(values.gateway.client_key, "/own.key");
  EXPECT_EQ(values.gateway.ca_file, "/root.pem");
  EXPECT_THAT(warnings(), IsEmpty());
  only({{"CAMUNDA_MTLS_KEY_PATH", "/own.key"}});
  EXPECT_THAT(issues(), ElementsAre(AllOf(HasSubstr("gateway.clientKey"),
                                          HasSubstr("CAMUNDA_MTLS_CERT_PATH"))));
  only({{"CAMUNDA_MTLS_CERT_PATH", "/own.pem"}, {"ZEEBE_ADDRESS", "http://zeebe"}});
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("means plaintext")));
  only({{"CAMUNDA_MTLS_CERT", "-----BEGIN"}});
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("set CAMUNDA_MTLS_CERT_PATH")));
}

TEST_F(GatewaySettings, ThePhysicalTenantIsAWord) {
  only({{"CAMUNDA_PHYSICAL_TENANT", "blue2"}});
  EXPECT_EQ(good().gateway.physical_tenant, "blue2");
  for (const char* wrong : {"Blue", "a b", "a-b", "a\r\nx: y"}) {
    only({{"CAMUNDA_PHYSICAL_TENANT", wrong}});
    EXPECT_THAT(issues(), ElementsAre(HasSubstr("gateway.physicalTenant"))) << wrong;
  }
}

TEST_F(GatewaySettings, TheSchemeDecidesAndAnExplicitNoIsTold) {
  only({{"ZEEBE_GRPC_ADDRESS", "http://zeebe:26500"}, {"ZEEBE_INSECURE_CONNECTION", "false"}});
  EXPECT_FALSE(good().gateway.tls);
  EXPECT_THAT(warnings(),
              ElementsAre(AllOf(HasSubstr("plaintext"), HasSubstr("ZEEBE_INSECURE_CONNECTION"))));
}

// The first name of each row counts; that another one says something else is told.
TEST_F(GatewaySettings, OfTwoNamesThatDisagreeTheWarningSaysWhichCounts) {
  only({{"CAMUNDA_GRPC_ADDRESS", "http://a:1"}, {"ZEEBE_ADDRESS", "b:2"}});
  EXPECT_EQ(good().gateway.target, "a:1");
  EXPECT_THAT(
      warnings(),
      ElementsAre("CAMUNDA_GRPC_ADDRESS (gateway.address) counts; ZEEBE_ADDRESS has another "
                  "value and is not used."));
  set("ZEEBE_ADDRESS", "http://a:1");
  EXPECT_THAT(warnings(), IsEmpty());
  only({{"CAMUNDA_CLIENT_KEEPALIVE", "60s"}, {"CAMUNDA_CLIENT_KEEP_ALIVE", "50s"}});
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("gateway.keepAlive) counts; CAMUNDA_CLIENT_KEEP")));
  // A flag is meant to count before the environment.
  only({{"CAMUNDA_GRPC_ADDRESS", "http://a:1"}});
  from_.flags = {{"--gateway-address", "http://c:3"}};
  EXPECT_EQ(good().gateway.target, "c:3");
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(GatewaySettings, ValuesOfSecretsThatDisagreeAreNotShown) {
  only({{"LAMBDA_CONNECTOR_GATEWAY_PROXY", "http://u:marked-1@p:1"},
        {"grpc_proxy", "http://u:marked-2@p:1"}});
  EXPECT_THAT(warnings(), ElementsAre(AllOf(HasSubstr("gateway.proxy"), HasSubstr("grpc_proxy"),
                                            testing::Not(HasSubstr("marked")))));
}

// Every row, whatever its type: two of its names with two values.
TEST_F(GatewaySettings, EveryRowTellsOfTwoNamesThatDisagree) {
  for (const auto& spec : settings_table()) {
    const auto names = variables_of(spec);
    if (names.size() < 2) continue;
    only({{std::string(names.front()), "1"}, {std::string(names.back()), "2"}});
    EXPECT_THAT(warnings(), testing::Contains(HasSubstr(std::string(names.front()) + " (" +
                                                        std::string(spec.key) + ") counts; " +
                                                        std::string(names.back()))))
        << spec.key;
  }
}

}  // namespace
}  // namespace worker::config
