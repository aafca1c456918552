// From a name to a connection: several addresses, dead ones, IPv6, addresses that are not allowed,
// and the way through a proxy.
#include <gmock/gmock.h>

#include "connector/base/base64.h"
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

// A resolver that knows one answer, and counts.
struct known_names {
  std::shared_ptr<int> asked = std::make_shared<int>(0);
  result<addresses> answer = addresses{};

  asio::awaitable<result<addresses>> operator()(std::string) const {
    ++*asked;
    auto copy = answer;
    co_return copy;
  }
};

known_names leads_to(std::initializer_list<const char*> literals) {
  addresses all;
  for (const char* one : literals) all.push_back(asio::ip::make_address(one));
  known_names names;
  names.answer = all;
  return names;
}

class HttpOpenerTest : public HttpTest {};

TEST_F(HttpOpenerTest, TheNextAddressIsTriedWhenOneIsDead) {
  // 127.0.0.2 is this machine too, but nobody listens there.
  settings_.names = leads_to({"127.0.0.2", "127.0.0.1"});
  script::server server(echo);
  EXPECT_EQ(body_of(send(post(server.named("two.example"), "x"))), "x");
  EXPECT_EQ(http().count().connections_opened, 1U);
  EXPECT_EQ(http().count().connections_failed, 0U);
}

TEST_F(HttpOpenerTest, EveryAddressIsNamedWhenAllAreDead) {
  destination nobody;
  {
    script::server gone([](script::peer&) {});
    nobody = gone.named("two.example");
  }
  settings_.names = leads_to({"127.0.0.2", "127.0.0.3"});
  const auto got = send(post(nobody));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::connect);
  EXPECT_THAT(got.error().message,
              AllOf(HasSubstr("two.example"), HasSubstr("127.0.0.2: Connection refused"),
                    HasSubstr("127.0.0.3: Connection refused")));
}

TEST_F(HttpOpenerTest, Ipv6LiteralsAreConnectedTo) {
  script::options how;
  how.ipv6 = true;
  script::server server(echo, how);
  EXPECT_EQ(body_of(send(post(server.address(), "six"))), "six");
}

TEST_F(HttpOpenerTest, Ipv6IsTriedBesideIpv4) {
  settings_.names = leads_to({"::1", "127.0.0.1"});
  script::server server(echo);
  EXPECT_EQ(body_of(send(post(server.named("both.example"), "four"))), "four");
}

TEST_F(HttpOpenerTest, LocalhostIsFoundByTheSystem) {
  script::server server(echo);
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "x"))), "x");
}

TEST_F(HttpOpenerTest, ANameThatLeadsNowhereIsSaid) {
  known_names names;
  names.answer = failure{failure_kind::resolve, progress::nothing_sent, "no such host"};
  settings_.names = names;
  const auto got = send(post({false, "nowhere.invalid", 80}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::resolve);
  EXPECT_EQ(got.error().request, progress::nothing_sent);
  settings_.names = known_names();
  drop_client();
  const auto empty = send(post({false, "nowhere.invalid", 80}));
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().kind, failure_kind::resolve);
  EXPECT_THAT(empty.error().message, HasSubstr("nowhere.invalid"));
}

TEST_F(HttpOpenerTest, ManyConnectionsShareOneLookUp) {
  const known_names names = leads_to({"127.0.0.1"});
  settings_.names = names;
  script::server server(echo);
  std::vector<std::shared_ptr<std::optional<result<response>>>> all;
  for (int i = 0; i < 30; ++i) all.push_back(start(post(server.named("a.example"))));
  ASSERT_TRUE(run_until([&] {
    return std::all_of(all.begin(), all.end(), [](const auto& one) { return one->has_value(); });
  }));
  EXPECT_EQ(*names.asked, 1);
}

// Never comes back.
asio::awaitable<result<addresses>> silent_names(std::string) {
  asio::steady_timer never(co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
  co_return addresses{};
}

TEST_F(HttpOpenerTest, ASilentResolverHasALimit) {
  settings_.names = silent_names;
  limits bounds = patient();
  bounds.handshake = std::chrono::milliseconds(50);
  const auto got = send(post({false, "slow.example", 80}), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::resolve);
  EXPECT_THAT(got.error().message, AllOf(HasSubstr("slow.example"), HasSubstr("50 ms")));
}

TEST_F(HttpOpenerTest, AddressesThatAreNotAllowedAreNotConnectedTo) {
  settings_.names = leads_to({"127.0.0.1", "127.0.0.2"});
  settings_.may_connect = [](const destination& to, const asio::ip::address& address) {
    return to.host == "allowed.example" || !address.is_loopback();
  };
  script::server server(echo);
  const auto got = send(post(server.named("rebound.example")));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::connect);
  EXPECT_EQ(got.error().request, progress::nothing_sent);
  EXPECT_EQ(server.connections(), 0U);
  const auto literal = send(post(server.address()));
  ASSERT_FALSE(literal);
  EXPECT_EQ(server.connections(), 0U);
  EXPECT_EQ(body_of(send(post(server.named("allowed.example"), "x"))), "x");
}

class HttpProxyTest : public HttpTest {
 protected:
  void use(const script::server& by, const std::string& authorization = "") {
    settings_.proxy_for = [port = by.port(), authorization](const destination&) {
      return std::optional<proxy>({"127.0.0.1", port, secret_string(authorization)});
    };
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
           {"407 Proxy Authentication Required", "HTTPS_PROXY"},
           {"401 Unauthorized", "HTTPS_PROXY"},
           {"403 Forbidden", "does not allow"},
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
    EXPECT_EQ(got.error().request, progress::nothing_sent);
    EXPECT_THAT(got.error().message,
                AllOf(HasSubstr(words), HasSubstr("lambda.example"), HasSubstr("127.0.0.1"),
                      testing::Not(HasSubstr("secret"))));
  }
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

}  // namespace
}  // namespace connector::http
