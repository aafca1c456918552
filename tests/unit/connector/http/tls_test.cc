// TLS: what is verified, what is said when it fails, and that sessions are resumed.
#include "connector/http/tls.h"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <filesystem>
#include <future>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

using sandbox::certificate_kind;
using testing::AllOf;
using testing::HasSubstr;

class HttpTlsTest : public HttpTest {
 public:
  ~HttpTlsTest() override { std::filesystem::remove_all(folder_); }

 protected:
  HttpTlsTest() {
    std::string name = "/http_tls_test.XXXXXX";
    name = std::filesystem::temp_directory_path().string() + name;
    folder_ = ::mkdtemp(name.data());
    sandbox::write_file(bundle(), authority_.root_pem());
    settings_.ca_bundle = bundle();
  }

  [[nodiscard]] std::string bundle() const { return folder_ + "/root.pem"; }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }

  static script::options with(const sandbox::issued_certificate& certificate) {
    script::options how;
    how.tls = true;
    how.chain = certificate.chain;
    how.key = certificate.key;
    return how;
  }

  script::options with(certificate_kind kind) const {
    return with(sandbox::make_certificate(authority_, kind));
  }

  static void echo(script::peer& here) {
    while (auto got = here.request()) here.answer(got->substr(got->find("\r\n\r\n") + 4));
  }

  // A send to a server with this certificate must fail in the handshake; the failure's words.
  std::string refusal(const script::options& how, const std::string& host = "localhost") {
    script::server server(echo, how);
    const auto got = send(post(server.named(host)));
    if (got) return "it was accepted";
    EXPECT_EQ(got.error().kind, failure_kind::tls) << got.error().message;
    EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
    EXPECT_THAT(got.error().message, HasSubstr(host));
    return got.error().message;
  }

  sandbox::certificate_authority authority_;

 private:
  std::string folder_;
};

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

TEST_F(HttpTlsTest, ANameInTheCommonNameAloneIsNone) {
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

TEST_F(HttpTlsTest, SessionsAreResumed) {
  for (const int newest : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    script::options how = with(certificate_kind::good);
    how.newest_version = newest;
    std::vector<bool> resumed;
    script::server server(
        [&](script::peer& here) {
          resumed.push_back(here.resumed());
          if (here.request()) here.answer("x", "Connection: close\r\n");
          here.wait_for_end();
        },
        how);
    const std::uint64_t before = http().count().tls_resumed;
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "x");
    EXPECT_THAT(resumed, testing::ElementsAre(false, true, true)) << newest;
    EXPECT_EQ(http().count().tls_resumed - before, 2U);
  }
}

TEST_F(HttpTlsTest, AServerThatForgotTheSessionGetsAFullHandshake) {
  const auto certificate = sandbox::make_certificate(authority_, certificate_kind::good);
  const auto once = [](script::peer& here) {
    if (here.request()) here.answer("x", "Connection: close\r\n");
    here.wait_for_end();
  };
  // The same port, served by another process with ticket keys of its own.
  auto first = std::make_unique<script::server>(once, with(certificate));
  const destination to = first->named("localhost");
  EXPECT_EQ(body_of(send(post(to))), "x");
  first.reset();
  script::options how = with(certificate);
  how.port = to.port;
  script::server second(once, how);
  EXPECT_EQ(body_of(send(post(to))), "x");
  EXPECT_EQ(body_of(send(post(to))), "x");
  EXPECT_EQ(http().count().tls_resumed, 1U);
}

TEST_F(HttpTlsTest, AnEndWithoutTlsGoodbyeIsNoEndOfAnAnswer) {
  script::server server(
      [](script::peer& here) {
        here.request();
        here.send("HTTP/1.1 200 OK\r\n\r\nperhaps not all");
        here.cut();
      },
      with(certificate_kind::good));
  const auto got = send(post(server.named("localhost")));
  ASSERT_FALSE(got) << got->body;
  EXPECT_EQ(got.error().kind, failure_kind::read);
  EXPECT_EQ(got.error().progress, request_progress::sent);
  EXPECT_THAT(got.error().message, HasSubstr("without ending TLS"));
}

TEST_F(HttpTlsTest, AnAnswerThatEndsWithTheGoodbyeIsComplete) {
  script::server server(
      [](script::peer& here) {
        here.request();
        here.send("HTTP/1.1 200 OK\r\n\r\nall");
        here.close();
      },
      with(certificate_kind::good));
  EXPECT_EQ(body_of(send(post(server.named("localhost")))), "all");
}

TEST_F(HttpTlsTest, LargeBodiesGoBothWays) {
  script::server server(echo, with(certificate_kind::good));
  const std::string body(6 * 1024 * 1024, 'x');
  const auto got = send(post(server.named("localhost"), body));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->body == body);
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "small"))), "small");
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpTlsTest, AKeptConnectionThatTheServerClosedIsReplacedSilently) {
  for (const bool orderly : {true, false}) {
    script::event closed;
    script::server server(
        [&](script::peer& here) {
          if (here.request()) here.answer(std::to_string(here.number));
          if (here.number == 0) {
            orderly ? here.close() : here.cut();
            closed.set();
          }
          here.wait_for_end();
        },
        with(certificate_kind::good));
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "0");
    ASSERT_TRUE(closed.wait());
    EXPECT_EQ(body_of(send(post(server.named("localhost")))), "1");
  }
  EXPECT_EQ(http().count().found_dead, 2U);
}

TEST_F(HttpTlsTest, AnEarlyAnswerIsTakenBeforeTheWholeRequestIsOut) {
  script::server server(
      [](script::peer& here) {
        here.some_bytes(100);
        here.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
        here.settle();
        here.stay();
      },
      with(certificate_kind::good));
  const auto got = send(post(server.named("localhost"), std::string(64 * 1024 * 1024, 'x')));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 413);
}

TEST_F(HttpTlsTest, ARequestTakesWhicheverConnectionComesFirst) {
  script::event first_asked;
  script::event second_connected;
  script::event over;
  script::options how = with(certificate_kind::good);
  how.handshake = false;
  script::server server(
      [&](script::peer& here) {
        if (here.number > 0) {  // never gets as far as TLS
          second_connected.set();
          over.wait();
          return;
        }
        here.shake_hands();
        here.request();
        first_asked.set();
        second_connected.wait();
        here.answer("first");
        if (here.request()) here.answer("second");
        here.wait_for_end();
      },
      how);
  const auto first = start(post(server.named("localhost")));
  ASSERT_TRUE(run_until([&] { return first_asked.is_set(); }));
  const auto second = start(post(server.named("localhost")));
  ASSERT_TRUE(run_until([&] { return first->has_value() && second->has_value(); }));
  EXPECT_EQ(body_of(**first), "first");
  EXPECT_EQ(body_of(**second), "second");
  EXPECT_EQ(http().count().connections_opened, 1U);
  over.set();
}

TEST_F(HttpTlsTest, NoMoreHandshakesRunAtATimeThanAllowed) {
  settings_.parallel_handshakes = 4;
  std::promise<void> go;
  const std::shared_future<void> going = go.get_future().share();
  script::options how = with(certificate_kind::good);
  how.handshake = false;
  script::server server(
      [going](script::peer& here) {
        going.wait_for(std::chrono::seconds(20));
        if (here.shake_hands()) echo(here);
      },
      how);
  std::vector<std::shared_ptr<std::optional<result<response>>>> all;
  for (int i = 0; i < 40; ++i) all.push_back(start(post(server.named("localhost"), "x")));
  ASSERT_TRUE(run_until([&] { return server.connections() >= 4; }));
  while (loop_.poll() > 0) {
  }
  EXPECT_EQ(server.connections(), 4U);
  go.set_value();
  ASSERT_TRUE(run_until([&] {
    return std::all_of(all.begin(), all.end(), [](const auto& one) { return one->has_value(); });
  }));
  for (const auto& one : all) EXPECT_EQ(body_of(**one), "x");
}

TEST_F(HttpTlsTest, AClientCertificateIsShownToWhoAsks) {
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
  EXPECT_THAT(complaint({file("absent.pem"), "", ""}),
              AllOf(HasSubstr("CA bundle"), HasSubstr("absent.pem"), HasSubstr("No such file")));
  EXPECT_THAT(complaint({file("junk.pem"), "", ""}), HasSubstr("junk.pem"));
  EXPECT_THAT(complaint({bundle(), file("junk.pem"), ""}), HasSubstr("client certificate"));
  EXPECT_THAT(complaint({bundle(), bundle(), ""}), HasSubstr("key"));
}

}  // namespace
}  // namespace connector::http
