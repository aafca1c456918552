// When the gateway is not where it was.
#include "worker/engine/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>

#include "tests/unit/worker/engine/http2_script.h"
#include "tests/unit/worker/engine/name_server.h"
#include "tests/unit/worker/engine/scripted_gateway.h"
#include "worker/engine/grpc_gateway.h"

namespace worker::engine {
namespace {

namespace asio = boost::asio;
using connector::boot_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

const status of_a_proxy{status_code::unimplemented, "Received http2 header with status: 404"};

boot_clock::time_point at(seconds when) { return boot_clock::time_point(when); }

status ask(asio::io_context& loop, gateway& from) {
  topology ignored;
  auto out = asio::co_spawn(loop, from.ask_topology(ignored, seconds(5)), asio::use_future);
  loop.restart();
  loop.run();
  return out.get();
}

TEST(ProxyWatch, AMinuteOfNothingButAProxyIsEnough) {
  proxy_watch watch;
  EXPECT_FALSE(watch.observe(of_a_proxy, at(seconds(10))));
  EXPECT_FALSE(watch.observe({status_code::deadline_exceeded, ""}, at(seconds(40))));
  EXPECT_FALSE(watch.observe({status_code::cancelled, ""}, at(seconds(50))));
  EXPECT_FALSE(watch.observe({status_code::unavailable, "Received http2 header with status: 502"},
                             at(seconds(69))));
  EXPECT_TRUE(watch.observe(of_a_proxy, at(seconds(70))));
  EXPECT_FALSE(watch.observe(of_a_proxy, at(seconds(129))));
  EXPECT_TRUE(watch.observe(of_a_proxy, at(seconds(130))));
}

TEST(ProxyWatch, OneWordOfTheGatewayEndsTheMinute) {
  proxy_watch watch;
  EXPECT_FALSE(watch.observe(of_a_proxy, at(seconds(10))));
  EXPECT_FALSE(watch.observe({status_code::resource_exhausted, "busy"}, at(seconds(60))));
  EXPECT_FALSE(watch.observe(of_a_proxy, at(seconds(71))));
  EXPECT_FALSE(watch.observe({}, at(seconds(80))));
  EXPECT_FALSE(watch.observe(of_a_proxy, at(seconds(139))));
}

TEST(EngineChannel, IsOpenedAgainAfterAMinuteOfAProxys404) {
  script::server proxy([](script::peer& client) { serve_http2(client, answer_404); });
  asio::io_context loop(1);
  auto now = at(seconds(1000));
  channel_settings settings;
  settings.address = "127.0.0.1:" + std::to_string(proxy.port());
  settings.now = [&now] { return now; };
  grpc_gateway gateway(loop.get_executor(), settings);
  EXPECT_TRUE(is_from_proxy(ask(loop, gateway)));
  now += seconds(59);
  EXPECT_TRUE(is_from_proxy(ask(loop, gateway)));
  EXPECT_TRUE(is_from_proxy(ask(loop, gateway)));
  EXPECT_EQ(proxy.connections(), 1U);
  now += seconds(1);
  EXPECT_TRUE(is_from_proxy(ask(loop, gateway)));  // the minute is over with this answer
  EXPECT_TRUE(is_from_proxy(ask(loop, gateway)));
  EXPECT_EQ(proxy.connections(), 2U);
}

// A page that says "please log in", with 200.
TEST(EngineChannel, APageOfAWebServerIsAProxysAnswerToo) {
  const auto page = [](script::peer& client, std::uint32_t stream) {
    client.send(bytes_of({http2::headers, http2::end_headers, stream,
                          std::string("\x88\x0f\x10\x09text/html", 13)}) +
                bytes_of({http2::data, http2::end_stream, stream, "<html>please log in</html>"}));
  };
  script::server proxy([&page](script::peer& client) { serve_http2(client, page); });
  asio::io_context loop(1);
  channel_settings settings;
  settings.address = "127.0.0.1:" + std::to_string(proxy.port());
  grpc_gateway gateway(loop.get_executor(), settings);
  const auto answer = ask(loop, gateway);
  EXPECT_TRUE(is_from_proxy(answer)) << name_of(answer.code) << " " << answer.message;
}

TEST(EngineChannel, FindsAGatewayThatCameBackAtAnotherAddressWithinFiveSeconds) {
  const auto answer = [](const auto&, const auto&) { return played{{""}, {}}; };
  auto before = std::make_unique<scripted_gateway>(answer);
  const int port = before->port();
  name_server names("127.0.0.1");
  asio::io_context loop(1);
  channel_settings settings;
  settings.address = "dns://127.0.0.1:" + std::to_string(names.port()) +
                     "/gateway.sandbox.test:" + std::to_string(port);
  grpc_gateway gateway(loop.get_executor(), settings);
  ASSERT_TRUE(ask(loop, gateway).ok());

  before.reset();
  scripted_gateway after(answer, {"127.0.0.2", port});
  names.leads_to("127.0.0.2");
  const auto began = boot_clock::now();
  while (!ask(loop, gateway).ok() && boot_clock::now() - began < seconds(40)) {
    asio::steady_timer between(loop, milliseconds(50));
    between.async_wait([](boost::system::error_code) {});
    loop.restart();
    loop.run();
  }
  EXPECT_LT(boot_clock::now() - began, seconds(5));
}

}  // namespace
}  // namespace worker::engine
