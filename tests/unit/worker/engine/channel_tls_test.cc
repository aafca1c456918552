// The worker's own certificate at a gateway that asks for one: shown, replaced, damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/worker/engine/scripted_gateway.h"
#include "tests/unit/worker/temporary_folder.h"
#include "worker/engine/channel.h"
#include "worker/engine/grpc_gateway.h"

namespace worker::engine {
namespace {

namespace asio = boost::asio;
using connector::boot_clock;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;

class GatewayCertificates : public testing::Test {
 protected:
  GatewayCertificates() {
    folder_.write("root.pem", authority_.root_pem());
    settings_.address = "localhost:" + std::to_string(gateway_.port());
    settings_.tls = true;
    settings_.ca_file = folder_.at("root.pem");
    settings_.now = [this] { return now_; };
  }

  [[nodiscard]] scripted_gateway::where asking_for_certificates() const {
    const auto own = authority_.issue();
    grpc::SslServerCredentialsOptions how(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    how.pem_root_certs = authority_.root_pem();
    how.pem_key_cert_pairs.push_back({own.key, own.chain});
    return {"127.0.0.1", 0, grpc::SslServerCredentials(how)};
  }

  // Writes the certificate of a client with this name.
  void give(const std::string& name, const std::string& certificate_file = "own.pem",
            const std::string& key_file = "own.key") {
    sandbox::leaf_options how;
    how.common_name = name;
    const auto made = authority_.issue(how);
    folder_.write(certificate_file, made.chain);
    folder_.write(key_file, made.key);
    settings_.client_certificate = folder_.at(certificate_file);
    settings_.client_key = folder_.at(key_file);
  }

  status ask(gateway& of) {
    topology ignored;
    auto out = asio::co_spawn(loop_, of.ask_topology(ignored, seconds(10)), asio::use_future);
    loop_.restart();
    loop_.run();
    return out.get();
  }

  // The name that the gateway saw last.
  [[nodiscard]] std::string seen() const {
    const auto all = gateway_.seen();
    return all.empty() ? "nobody" : all.back().client_name;
  }

  // Two looks at the files, a second apart.
  void time_passes(gateway& of) {
    for (int i = 0; i < 2; ++i) {
      now_ += seconds(2);
      EXPECT_TRUE(ask(of).ok());
    }
  }

  tests::temporary_folder folder_;
  sandbox::certificate_authority authority_;
  scripted_gateway gateway_{topology_of, asking_for_certificates()};
  boot_clock::time_point now_{seconds(1000)};
  channel_settings settings_;
  asio::io_context loop_{1};
};

TEST_F(GatewayCertificates, TheCertificateIsShownToAGatewayThatAsks) {
  give("worker-1");
  grpc_gateway with(loop_.get_executor(), settings_);
  const auto answer = ask(with);
  EXPECT_TRUE(answer.ok()) << answer.message;
  EXPECT_EQ(seen(), "worker-1");
}

TEST_F(GatewayCertificates, WithoutOneTheGatewayRefuses) {
  grpc_gateway without(loop_.get_executor(), settings_);
  const auto answer = ask(without);
  EXPECT_EQ(answer.code, status_code::unavailable);
  EXPECT_THAT(answer.message, HasSubstr("Socket closed"));
  EXPECT_EQ(seen(), "nobody");
}

TEST_F(GatewayCertificates, TheKeyMayStandInTheCertificatesFile) {
  const auto made = authority_.issue();
  folder_.write("both.pem", made.key + made.chain);
  settings_.client_certificate = folder_.at("both.pem");
  grpc_gateway with(loop_.get_executor(), settings_);
  EXPECT_TRUE(ask(with).ok());
  EXPECT_EQ(seen(), "localhost");
}

TEST_F(GatewayCertificates, AReplacedPairIsShownByNewCalls) {
  give("worker-1");
  grpc_gateway with(loop_.get_executor(), settings_);
  ASSERT_TRUE(ask(with).ok());
  give("worker-2");
  EXPECT_TRUE(ask(with).ok());
  EXPECT_EQ(seen(), "worker-1");
  time_passes(with);
  EXPECT_EQ(seen(), "worker-2");
}

TEST_F(GatewayCertificates, APairThatDoesNotFitLeavesTheOneBefore) {
  give("worker-1");
  grpc_gateway with(loop_.get_executor(), settings_);
  ASSERT_TRUE(ask(with).ok());
  give("worker-2", "own.pem", "elsewhere.key");
  time_passes(with);
  EXPECT_EQ(seen(), "worker-1");
  // Then the key of the new certificate comes.
  give("worker-3");
  time_passes(with);
  EXPECT_EQ(seen(), "worker-3");
}

TEST_F(GatewayCertificates, AReplacedAuthorityCountsToo) {
  give("worker-1");
  grpc_gateway with(loop_.get_executor(), settings_);
  ASSERT_TRUE(ask(with).ok());
  folder_.write("root.pem", sandbox::certificate_authority("Another").root_pem());
  now_ += seconds(2);
  EXPECT_TRUE(ask(with).ok());
  now_ += seconds(2);
  EXPECT_THAT(ask(with).message, HasSubstr("not trusted"));
}

TEST_F(GatewayCertificates, TheAuthorityIsTheNameOfCertificateAndCalls) {
  give("worker-1");
  settings_.authority_override = "lambda.sandbox.test";
  grpc_gateway named(loop_.get_executor(), settings_);
  EXPECT_TRUE(ask(named).ok());
  EXPECT_EQ(gateway_.seen().back().authority, "lambda.sandbox.test");
  settings_.authority_override = "elsewhere.example";
  grpc_gateway wrong(loop_.get_executor(), settings_);
  EXPECT_THAT(ask(wrong).message, HasSubstr("does not name elsewhere.example"));
}

TEST_F(GatewayCertificates, FilesThatCannotBeUsedAreNamedAtStart) {
  const auto complaint = [this](const std::string& certificate, const std::string& key) {
    auto how = settings_;
    how.client_certificate = folder_.at(certificate);
    how.client_key = key.empty() ? "" : folder_.at(key);
    try {
      const grpc_gateway made(loop_.get_executor(), how);
    } catch (const std::runtime_error& e) {
      return std::string(e.what());
    }
    return std::string("it was accepted");
  };
  give("worker-1");
  give("worker-2", "second.pem", "second.key");
  sandbox::leaf_options locked;
  locked.passphrase = "s3cret";
  folder_.write("locked.key", authority_.issue(locked).key);
  folder_.write("junk.pem", "no certificate here");
  EXPECT_THAT(complaint("absent.pem", "own.key"),
              AllOf(HasSubstr("CAMUNDA_MTLS_CERT_PATH"), HasSubstr("absent.pem")));
  EXPECT_THAT(complaint("junk.pem", "own.key"), HasSubstr("holds no certificate"));
  EXPECT_THAT(complaint("own.pem", "absent.key"),
              AllOf(HasSubstr("CAMUNDA_MTLS_KEY_PATH"), HasSubstr("absent.key")));
  EXPECT_THAT(complaint("own.pem", "junk.pem"), HasSubstr("holds no private key"));
  EXPECT_THAT(complaint("own.pem", ""), HasSubstr("holds no private key"));
  EXPECT_THAT(complaint("own.pem", "second.key"), HasSubstr("does not belong to the certificate"));
  EXPECT_THAT(complaint("own.pem", "locked.key"), HasSubstr("encrypted"));
}

TEST(EngineChannel, MetadataGoesWithEveryCall) {
  const scripted_gateway served(topology_of);
  channel_settings settings;
  settings.address = served.address();
  settings.metadata = {{"camunda-physical-tenant", "blue"}};
  asio::io_context loop(1);
  grpc_gateway gateway(loop.get_executor(), settings);
  topology ignored;
  auto asked = asio::co_spawn(loop, gateway.ask_topology(ignored, seconds(10)), asio::use_future);
  read_switch reading;
  auto streamed = asio::co_spawn(loop,
                                 gateway.stream(
                                     {}, [](const job&) {}, reading),
                                 asio::use_future);
  loop.run();
  EXPECT_TRUE(asked.get().ok());
  EXPECT_TRUE(streamed.get().ok());
  ASSERT_EQ(served.seen().size(), 2U);
  for (const auto& call : served.seen()) {
    EXPECT_EQ(call.metadata.at("camunda-physical-tenant"), "blue") << call.method;
  }
}

}  // namespace
}  // namespace worker::engine
