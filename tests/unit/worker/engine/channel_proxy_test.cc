// The gateway through a forward proxy, and without one whatever the environment says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <mutex>
#include <thread>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/connector/http/script_server.h"
#include "tests/unit/worker/engine/scripted_gateway.h"
#include "worker/engine/channel.h"
#include "worker/engine/grpc_gateway.h"

namespace worker::engine {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

status ask_by(const channel_settings& settings) {
  asio::io_context loop(1);
  grpc_gateway gateway(loop.get_executor(), settings);
  topology ignored;
  auto out = asio::co_spawn(loop, gateway.ask_topology(ignored, seconds(10)), asio::use_future);
  loop.run();
  return out.get();
}

// Carries what follows a CONNECT to the port on this machine that it names.
class connect_proxy {
 public:
  connect_proxy() : server_([this](script::peer& client) { carry(client); }) {}

  [[nodiscard]] std::string address() const {
    return "127.0.0.1:" + std::to_string(server_.port());
  }
  [[nodiscard]] std::string asked() {
    const std::lock_guard lock(guard_);
    return asked_;
  }

 private:
  void carry(script::peer& client) {
    const auto head = client.request();
    if (!head) return;
    {
      const std::lock_guard lock(guard_);
      asked_ = *head;
    }
    const auto port = head->substr(head->find(':') + 1, head->find(" HTTP") - head->find(':') - 1);
    asio::io_context io(1);
    tcp::socket target(io);
    boost::system::error_code failed;
    target.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoi(port))},
                   failed);
    if (failed || !client.send("HTTP/1.1 200 OK\r\n\r\n")) return;
    std::thread back([&] {
      std::array<char, 4096> piece{};
      boost::system::error_code over;
      for (;;) {
        const auto got = target.read_some(asio::buffer(piece), over);
        if (over || !client.send({piece.data(), got})) return;
      }
    });
    for (;;) {
      const auto piece = client.some_bytes(4096);
      asio::write(target, asio::buffer(piece), failed);
      if (piece.empty() || failed) break;
    }
    target.shutdown(tcp::socket::shutdown_both, failed);
    back.join();
  }

  std::mutex guard_;
  std::string asked_;
  script::server server_;
};

TEST(GatewayProxy, TheTunnelLeadsToTheGateway) {
  const scripted_gateway served(topology_of);
  connect_proxy proxy;
  channel_settings settings;
  settings.address = "gateway.behind.test:" + std::to_string(served.port());
  settings.proxy = {proxy.address(), connector::secret_string("Basic dXNlcjpwYXNz")};
  const auto answer = ask_by(settings);
  EXPECT_TRUE(answer.ok()) << answer.message;
  EXPECT_THAT(proxy.asked(), StartsWith("CONNECT " + settings.address + " HTTP/1.1\r\n"));
  EXPECT_THAT(proxy.asked(), HasSubstr("\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n"));
  ASSERT_FALSE(served.seen().empty());
  EXPECT_EQ(served.seen().back().authority, settings.address);
}

TEST(GatewayProxy, TlsInsideTheTunnelIsCheckedAgainstTheGatewaysName) {
  const sandbox::certificate_authority authority;
  const auto own = authority.issue();
  grpc::SslServerCredentialsOptions how;
  how.pem_key_cert_pairs.push_back({own.key, own.chain});
  const scripted_gateway served(topology_of, {"127.0.0.1", 0, grpc::SslServerCredentials(how)});
  connect_proxy proxy;
  channel_settings settings;
  settings.tls = true;
  settings.roots = authority.root_pem();
  settings.proxy.address = proxy.address();
  settings.address = "lambda.sandbox.test:" + std::to_string(served.port());
  const auto answer = ask_by(settings);
  EXPECT_TRUE(answer.ok()) << answer.message;
  settings.address = "elsewhere.example:" + std::to_string(served.port());
  EXPECT_THAT(ask_by(settings).message, HasSubstr("does not name elsewhere.example"));
}

TEST(GatewayProxy, AProxyThatRefusesIsSaid) {
  script::server refusing([](script::peer& client) {
    if (client.request()) client.send("HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n");
    client.wait_for_end();
  });
  channel_settings settings;
  settings.address = "gateway.behind.test:26500";
  settings.proxy.address = "127.0.0.1:" + std::to_string(refusing.port());
  const auto answer = ask_by(settings);
  EXPECT_EQ(answer.code, status_code::unavailable);
  EXPECT_THAT(answer.message, HasSubstr("407"));
}

// Each of these variables would send gRPC to a port where nothing listens.
TEST(GatewayProxy, TheVariablesOfOtherProxiesDoNotCount) {
  const scripted_gateway served(topology_of);
  for (const char* name :
       {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "grpc_proxy"}) {
    ::setenv(name, "http://127.0.0.1:1", 1);
  }
  channel_settings settings;
  settings.address = served.address();
  const auto answer = ask_by(settings);
  EXPECT_TRUE(answer.ok()) << answer.message;
}

}  // namespace
}  // namespace worker::engine
