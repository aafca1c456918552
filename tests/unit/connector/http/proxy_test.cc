// The way through a forward proxy: tunnels, refusals, proxies that are reached over TLS themselves.
#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

namespace asio = boost::asio;
using testing::AllOf;
using testing::HasSubstr;

void echo(script::peer& here) {
  while (auto got = here.request()) here.answer(got->substr(got->find("\r\n\r\n") + 4));
}

class HttpProxyTest : public HttpTest {
 protected:
  void use(const script::server& by, const std::string& authorization = "") {
    go_through(by.port(),
               [authorization](proxy& used) { used.authorization = secret_string(authorization); });
  }
};

TEST_F(HttpProxyTest, ATunnelIsAskedForAndUsed) {
  std::string asked;
  script::server by([&](script::peer& here) {
    asked = here.request().value_or("");
    here.send("HTTP/1.1 200 Connection established\r\nProxy-Agent: x\r\n\r\n");
    // From here on it plays the destination itself.
    echo(here);
  });
  use(by, "Basic dXNlcjpwYXNz");
  EXPECT_EQ(body_of(send(post({false, "lambda.example", 8080}, "1"))), "1");
  EXPECT_EQ(body_of(send(post({false, "lambda.example", 8080}, "2"))), "2");
  EXPECT_EQ(asked,
            "CONNECT lambda.example:8080 HTTP/1.1\r\nHost: lambda.example:8080\r\n"
            "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n");
  EXPECT_EQ(by.connections(), 1U);
}

TEST_F(HttpProxyTest, RefusalsAreSaidAndSendNothing) {
  for (const auto& [status, words] : std::vector<std::pair<std::string, std::string>>{
           {"407 Proxy Authentication Required",
            "does not accept the user name and password of HTTPS_PROXY"},
           {"401 Unauthorized", "password of HTTPS_PROXY"},
           {"403 Forbidden", "NO_PROXY"},
           {"502 Bad Gateway", "502"}}) {
    script::server by([&](script::peer& here) {
      here.request();
      here.send("HTTP/1.1 " + status + "\r\nContent-Length: 6\r\n\r\n<html>");
      here.wait_for_end();
    });
    use(by, "Basic secret");
    drop_client();
    const auto got = send(post({true, "lambda.example", 443}));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, failure_kind::proxy);
    EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
    EXPECT_THAT(got.error().message,
                AllOf(HasSubstr(words), HasSubstr("lambda.example"), HasSubstr("127.0.0.1"),
                      testing::Not(HasSubstr("secret"))));
  }
}

TEST_F(HttpProxyTest, AProxyThatWantsAPasswordSaysWhereToPutIt) {
  script::server by([&](script::peer& here) {
    here.request();
    here.send("HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n");
    here.wait_for_end();
  });
  go_through(by.port(), [](proxy& used) { used.variable = "https_proxy"; });
  EXPECT_THAT(send(post({true, "lambda.example", 443})).error().message,
              AllOf(HasSubstr("put them into https_proxy"), HasSubstr("127.0.0.1"),
                    HasSubstr("status 407")));
}

TEST_F(HttpProxyTest, NonsenseAndSilenceAreBounded) {
  script::server nonsense([](script::peer& here) {
    here.request();
    here.send("SSH-2.0-OpenSSH\r\n");
    here.wait_for_end();
  });
  use(nonsense);
  EXPECT_EQ(send(post({true, "lambda.example", 443})).error().kind, failure_kind::proxy);
  script::server silent([](script::peer& here) { here.wait_for_end(); });
  use(silent);
  drop_client();
  limits bounds = patient();
  bounds.handshake = std::chrono::milliseconds(50);
  const auto got = send(post({true, "lambda.example", 443}), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::proxy);
  EXPECT_THAT(got.error().message, HasSubstr("no answer in time"));
}

TEST_F(HttpProxyTest, AProxyThatIsAwayIsNamedAsProxy) {
  {
    script::server gone([](script::peer&) {});
    use(gone);
  }
  const auto got = send(post({true, "lambda.example", 443}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::proxy);
  EXPECT_THAT(got.error().message, AllOf(HasSubstr("proxy"), HasSubstr("Connection refused")));
}

TEST_F(HttpProxyTest, AProxyWhoseNameIsUnknownIsNamedAsProxy) {
  settings_.proxy_for = [](const destination&) {
    proxy found;
    found.host = "proxy.example";
    return std::optional<proxy>(found);
  };
  settings_.names = [](std::string host) -> asio::awaitable<result<addresses>> {
    co_return failure{failure_kind::resolve, request_progress::nothing_sent, host + " is unknown"};
  };
  const auto got = send(post({true, "lambda.example", 443}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::proxy);
  EXPECT_THAT(got.error().message, AllOf(HasSubstr("HTTPS_PROXY"), HasSubstr("proxy.example")));
}

// A proxy that speaks TLS itself: decrypts what comes, and relays it to a port of this machine.
class tls_proxy {
 public:
  tls_proxy(asio::io_context& loop, const sandbox::issued_certificate& own, std::uint16_t target)
      : listener_(loop, {asio::ip::make_address("127.0.0.1"), 0}), target_(target) {
    context_.use_certificate_chain(asio::buffer(own.chain));
    context_.use_private_key(asio::buffer(own.key), asio::ssl::context::pem);
    asio::co_spawn(loop, serve(), asio::detached);
  }
  ~tls_proxy() { listener_.close(); }

  [[nodiscard]] std::uint16_t port() const { return listener_.local_endpoint().port(); }
  std::string asked;

 private:
  using stream = asio::ssl::stream<asio::ip::tcp::socket>;

  asio::awaitable<void> serve() {
    const auto quietly = asio::as_tuple(asio::use_awaitable);
    auto [failed, socket] = co_await listener_.async_accept(quietly);
    if (failed) co_return;
    auto client = std::make_shared<stream>(std::move(socket), context_);
    auto [no_tls] = co_await client->async_handshake(stream::server, quietly);
    if (no_tls) co_return;
    auto [no_head, size] =
        co_await asio::async_read_until(*client, asio::dynamic_buffer(asked), "\r\n\r\n", quietly);
    if (no_head || size != asked.size()) co_return;
    auto target = std::make_shared<asio::ip::tcp::socket>(listener_.get_executor());
    const asio::ip::tcp::endpoint where(asio::ip::make_address("127.0.0.1"), target_);
    auto [no_target] = co_await target->async_connect(where, quietly);
    if (no_target) co_return;
    const std::string yes = "HTTP/1.1 200 Yes\r\n\r\n";
    co_await asio::async_write(*client, asio::buffer(yes), quietly);
    asio::co_spawn(listener_.get_executor(), relay(client, target), asio::detached);
    asio::co_spawn(listener_.get_executor(), relay(target, client), asio::detached);
  }

  template <class From, class To>
  static asio::awaitable<void> relay(std::shared_ptr<From> from, std::shared_ptr<To> to) {
    const auto quietly = asio::as_tuple(asio::use_awaitable);
    std::vector<char> bytes(8192);
    for (;;) {
      auto [ended, size] = co_await from->async_read_some(asio::buffer(bytes), quietly);
      if (ended) break;
      auto [failed, sent] = co_await asio::async_write(*to, asio::buffer(bytes, size), quietly);
      if (failed) break;
    }
    boost::system::error_code ignored;
    to->lowest_layer().close(ignored);
  }

  asio::ssl::context context_{asio::ssl::context::tls_server};
  asio::ip::tcp::acceptor listener_;
  std::uint16_t target_;
};

class HttpTlsProxyTest : public HttpProxyTest {
 public:
  ~HttpTlsProxyTest() override { std::filesystem::remove(bundle_); }

 protected:
  HttpTlsProxyTest() {
    bundle_ = std::filesystem::temp_directory_path() /
              ("http_tls_proxy_test." + std::to_string(::getpid()) + ".pem");
    sandbox::write_file(bundle_, authority_.root_pem());
    settings_.ca_bundle = bundle_;
  }

  void use(const tls_proxy& by) { go_through(by.port(), over_tls); }

  sandbox::certificate_authority authority_;
  std::filesystem::path bundle_;
};

TEST_F(HttpTlsProxyTest, TlsToTheServerGoesThroughTlsToTheProxy) {
  sandbox::leaf_options leaf;
  leaf.dns_names = {"lambda.example"};
  const auto certificate = authority_.issue(leaf);
  script::options how;
  how.tls = true;
  how.chain = certificate.chain;
  how.key = certificate.key;
  script::server server(echo, how);
  tls_proxy by(loop_, authority_.issue(), server.port());
  use(by);
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(body_of(send(post({true, "lambda.example", 443}, "1"))), "1");
  EXPECT_TRUE(body_of(send(post({true, "lambda.example", 443}, large))) == large);
  EXPECT_THAT(by.asked, testing::StartsWith("CONNECT lambda.example:443 "));
  EXPECT_EQ(server.connections(), 1U);
  drop_client();
  run_until([&] { return true; });
}

TEST_F(HttpTlsProxyTest, AProxyWithAWrongCertificateIsRefusedAsProxy) {
  tls_proxy by(loop_, sandbox::make_certificate(authority_, sandbox::certificate_kind::wrong_name),
               1);
  use(by);
  const auto got = send(post({true, "lambda.example", 443}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::proxy);
  EXPECT_THAT(got.error().message, AllOf(HasSubstr("localhost"), HasSubstr("another host")));
}

}  // namespace
}  // namespace connector::http
