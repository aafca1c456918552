// TLS: what is verified, what is said when it fails, and that sessions are resumed.
#include "connector/http/tls.h"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <filesystem>

#include "tests/unit/connector/http/tls_fixture.h"

namespace connector::http {
namespace {

using sandbox::certificate_kind;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(HttpTlsTest, AVerifiedServerAnswersByNameAndByAddress) {
  script::server server(echo, with(certificate_kind::good));
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "by name"))), "by name");
  EXPECT_EQ(body_of(send(post(server.named("127.0.0.1"), "by address"))), "by address");
}

TEST_F(HttpTlsTest, RsaAndIntermediatesAreAccepted) {
  for (const auto kind : {certificate_kind::rsa, certificate_kind::with_intermediate}) {
    script::server server(echo, with(kind));
    EXPECT_EQ(body_of(send(post(server.named("localhost"), "x"))), "x");
  }
}

TEST_F(HttpTlsTest, NamesAreAnnouncedAndAddressesAreNot) {
  std::vector<std::string> names;
  script::server server(
      [&](script::peer& here) {
        names.push_back(here.server_name());
        echo(here);
      },
      with(certificate_kind::good));
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "x"))), "x");
  EXPECT_EQ(body_of(send(post(server.named("127.0.0.1"), "x"))), "x");
  EXPECT_THAT(names, testing::ElementsAre("localhost", ""));
}

TEST_F(HttpTlsTest, AnExpiredCertificateIsRefusedWithItsDate) {
  EXPECT_THAT(refusal(with(certificate_kind::expired)),
              AllOf(HasSubstr("has expired on "), HasSubstr("GMT"), HasSubstr("renewed")));
}

TEST_F(HttpTlsTest, ACertificateOfTomorrowPointsAtTheClock) {
  EXPECT_THAT(refusal(with(certificate_kind::not_yet_valid)),
              AllOf(HasSubstr("not valid yet"), HasSubstr("clock")));
}

TEST_F(HttpTlsTest, ACertificateForAnotherHostIsRefusedWithItsNames) {
  EXPECT_THAT(refusal(with(certificate_kind::wrong_name)),
              AllOf(HasSubstr("another host"), HasSubstr("elsewhere.example")));
}

TEST_F(HttpTlsTest, AnAddressMustBeInTheCertificateToo) {
  sandbox::leaf_options only_name;
  only_name.ip_addresses = {"10.1.2.3", "2001:db8::1"};
  EXPECT_THAT(refusal(with(authority_.issue(only_name)), "127.0.0.1"),
              AllOf(HasSubstr("another host"), HasSubstr("10.1.2.3"), HasSubstr("2001:db8::1")));
}

TEST_F(HttpTlsTest, ANameInTheCommonNameAloneDoesNotCount) {
  sandbox::leaf_options old;
  old.common_name = "localhost";
  old.dns_names = {};
  old.ip_addresses = {};
  EXPECT_THAT(refusal(with(authority_.issue(old))),
              AllOf(HasSubstr("another host"), HasSubstr("no alternative name")));
  // The same where there are alternative names of another kind only.
  old.ip_addresses = {"192.0.2.1"};
  EXPECT_THAT(refusal(with(authority_.issue(old))), HasSubstr("another host"));
  old.common_name = "127.0.0.1";
  EXPECT_THAT(refusal(with(authority_.issue(old)), "127.0.0.1"), HasSubstr("another host"));
}

TEST_F(HttpTlsTest, RootsAreFoundWhereSslCertFileSays) {
  settings_.ca_bundle.clear();
  ::setenv("SSL_CERT_FILE", bundle().c_str(), 1);
  script::server server(echo, with(certificate_kind::good));
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "x"))), "x");
  ::unsetenv("SSL_CERT_FILE");
}

TEST_F(HttpTlsTest, AnUnknownIssuerPointsAtTheBundle) {
  EXPECT_THAT(refusal(with(certificate_kind::other_authority)),
              AllOf(HasSubstr("unknown issuer"), HasSubstr("AWS_CA_BUNDLE")));
}

TEST_F(HttpTlsTest, AnUnknownIssuerPointsAtTheSettingOfThisClient) {
  settings_.trust_setting = "LAMBDA_CONNECTOR_LOGIN_CA_FILE";
  EXPECT_THAT(refusal(with(certificate_kind::other_authority)),
              AllOf(HasSubstr("LAMBDA_CONNECTOR_LOGIN_CA_FILE"), Not(HasSubstr("AWS_CA_BUNDLE"))));
}

TEST_F(HttpTlsTest, AMissingIntermediatePointsAtTheChain) {
  EXPECT_THAT(refusal(with(certificate_kind::missing_intermediate)),
              AllOf(HasSubstr("unknown issuer"), HasSubstr("whole chain")));
}

TEST_F(HttpTlsTest, ThePrivateRootIsNotTrustedWithoutTheBundle) {
  settings_.ca_bundle.clear();
  EXPECT_THAT(refusal(with(certificate_kind::good)), HasSubstr("unknown issuer"));
}

TEST_F(HttpTlsTest, OldProtocolVersionsAreRefused) {
  for (const int newest : {TLS1_VERSION, TLS1_1_VERSION}) {
    script::options how = with(certificate_kind::good);
    how.newest_version = newest;
    EXPECT_THAT(refusal(how), HasSubstr("no protocol version from TLS 1.2 on"));
  }
}

TEST_F(HttpTlsTest, Tls12IsStillSpoken) {
  script::options how = with(certificate_kind::good);
  how.newest_version = TLS1_2_VERSION;
  script::server server(echo, how);
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "x"))), "x");
}

// The client would compute for a second, within one call of OpenSSL.
TEST_F(HttpTlsTest, AKeyExchangeThatTakesTooLongIsRefused) {
  auto how = with(certificate_kind::rsa);
  how.dh_bits = 4104;
  EXPECT_THAT(refusal(how), HasSubstr("asks for a key exchange with more than 4096 bits"));
  how.dh_bits = 2048;
  script::server server(echo, how);
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "x"))), "x");
}

TEST_F(HttpTlsTest, APlainServerIsRecognised) {
  script::server server([](script::peer& here) {
    here.some_bytes(1000);
    here.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    here.wait_for_end();
  });
  destination to = server.address();
  to.tls = true;
  const auto got = send(post(to));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::tls);
  EXPECT_THAT(got.error().message, AllOf(HasSubstr("does not speak TLS"), HasSubstr("http://")));
}

TEST_F(HttpTlsTest, AServerThatClosesInTheHandshakeIsNamed) {
  script::server server([](script::peer& here) { here.some_bytes(1000); });
  destination to = server.address();
  to.tls = true;
  const auto got = send(post(to));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::tls);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
  EXPECT_THAT(got.error().message, HasSubstr("127.0.0.1"));
}

TEST_F(HttpTlsTest, AClientCertificateIsShownToAServerThatAsks) {
  const auto own = authority_.issue();
  sandbox::write_file(file("own.pem"), own.chain);
  sandbox::write_file(file("own.key"), own.key);
  script::options how = with(certificate_kind::good);
  how.client_ca = authority_.root_pem();
  script::server server(echo, how);
  const auto without = send(post(server.named("localhost"), "x"));
  ASSERT_FALSE(without);
  EXPECT_THAT(without.error().message, HasSubstr("certificate"));
  drop_client();
  settings_.client_certificate = file("own.pem");
  settings_.client_key = file("own.key");
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "x"))), "x");
}

TEST_F(HttpTlsTest, FilesThatCannotBeUsedAreNamedAtStart) {
  const auto complaint = [](const tls_settings& wrong) -> std::string {
    try {
      const tls_context context(wrong);
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "it was accepted";
  };
  sandbox::write_file(file("junk.pem"), "no certificate here");
  EXPECT_THAT(complaint({file("absent.pem"), "", "", ""}),
              AllOf(HasSubstr("CA bundle"), HasSubstr("absent.pem"), HasSubstr("No such file")));
  EXPECT_THAT(complaint({file("junk.pem"), "", "", ""}), HasSubstr("junk.pem"));
  EXPECT_THAT(complaint({bundle(), file("junk.pem"), "", ""}), HasSubstr("client certificate"));
  EXPECT_THAT(complaint({bundle(), bundle(), "", ""}), HasSubstr("key"));
}

TEST_F(HttpTlsTest, FilesThatCannotBeUsedAreNamedWithTheirSettings) {
  // given
  const auto own = authority_.issue();
  sandbox::write_file(file("own.pem"), own.chain);
  sandbox::write_file(file("other.key"), authority_.issue().key);
  sandbox::leaf_options locked;
  locked.passphrase = "s3cret";
  const auto with_locked_key = authority_.issue(locked);
  sandbox::write_file(file("locked.key"), with_locked_key.key);
  sandbox::write_file(file("both.pem"), with_locked_key.chain + with_locked_key.key);
  settings_.certificate_setting = "CERTIFICATE";
  settings_.key_setting = "KEY";
  const auto complaint = [this](const std::string& certificate, const std::string& key) {
    auto how = settings_;
    how.client_certificate = file(certificate);
    how.client_key = key.empty() ? "" : file(key);
    const auto out = take_out_unusable_files(how);
    EXPECT_EQ(how.client_certificate + how.client_key, "");
    EXPECT_EQ(how.ca_bundle, bundle());
    return out.size() == 1 ? out.front() : "not one complaint";
  };
  // then
  EXPECT_THAT(complaint("absent.pem", "other.key"),
              HasSubstr("CERTIFICATE: client certificate " + file("absent.pem")));
  EXPECT_THAT(complaint("own.pem", "other.key"),
              AllOf(HasSubstr("KEY: "), HasSubstr(file("other.key")), HasSubstr("mismatch")));
  // Nothing asks for the passphrase.
  EXPECT_THAT(complaint("own.pem", "locked.key"),
              AllOf(HasSubstr("KEY: "), HasSubstr(file("locked.key") + " is encrypted")));
  EXPECT_THAT(complaint("both.pem", ""),
              AllOf(HasSubstr("CERTIFICATE: "), HasSubstr(file("both.pem") + " is encrypted")));
}

TEST_F(HttpTlsTest, ABundleThatCannotBeUsedIsTakenOutAloneAndAGoodOneStays) {
  auto good = settings_;
  EXPECT_THAT(take_out_unusable_files(good), testing::IsEmpty());
  EXPECT_EQ(good.ca_bundle, bundle());
  const auto own = authority_.issue();
  sandbox::write_file(file("own.pem"), own.chain + own.key);
  const auto folder = std::filesystem::temp_directory_path().string();
  for (const auto& unusable : {file("absent.pem"), folder}) {
    auto how = settings_;
    how.client_certificate = file("own.pem");
    how.ca_bundle = unusable;
    EXPECT_THAT(take_out_unusable_files(how),
                testing::ElementsAre(HasSubstr("AWS_CA_BUNDLE: CA bundle " + unusable)));
    EXPECT_EQ(how.ca_bundle, "");
    EXPECT_EQ(how.client_certificate, file("own.pem"));
  }
}

}  // namespace
}  // namespace connector::http
