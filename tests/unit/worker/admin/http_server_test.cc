#include "worker/admin/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "tests/unit/worker/admin/plain_client.h"

namespace worker::admin {
namespace {

using admin_tests::get;
using admin_tests::plain_client;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

class HttpServer : public testing::Test {
 protected:
  void start(server_limits bounds = {}, std::size_t page_bytes = 5) {
    server_ = std::make_unique<http_server>(
        loop_.get_executor(),
        [page_bytes](std::string_view path, std::string_view /*host*/) {
          if (path != "/page") return reply{404, "text/plain", "none"};
          return reply{200, "text/plain", std::string(page_bytes, 'x')};
        },
        bounds);
    config::listen_address where;
    where.host = "127.0.0.1";
    ASSERT_EQ(server_->listen(where), "");
    boost::asio::co_spawn(loop_, server_->run(), boost::asio::detached);
    thread_ = std::thread([this] { loop_.run(); });
  }

  void TearDown() override {
    if (!server_) return;
    boost::asio::post(loop_, [this] { server_->stop(); });
    thread_.join();
    EXPECT_EQ(server_->open_connections(), 0U);
  }

  std::uint16_t port() const { return server_->port(); }

  // Waits until the server has let go of every connection.
  bool all_closed() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < end) {
      std::promise<std::size_t> seen;
      boost::asio::post(loop_, [&] { seen.set_value(server_->open_connections()); });
      if (seen.get_future().get() == 0) return true;
    }
    return false;
  }

  boost::asio::io_context loop_{1};
  std::unique_ptr<http_server> server_;
  std::thread thread_;
};

TEST_F(HttpServer, AnswersGetAndIgnoresTheQuery) {
  start();
  const auto page = get(port(), "/page?name=value");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "xxxxx");
  EXPECT_THAT(page.head, HasSubstr("Connection: close"));
  EXPECT_THAT(page.head, HasSubstr("Content-Length: 5"));
}

TEST_F(HttpServer, HeadHasTheLengthAndNoBody) {
  start();
  const auto page = get(port(), "/page", "HEAD");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.head, HasSubstr("Content-Length: 5"));
  EXPECT_EQ(page.body, "");
}

TEST_F(HttpServer, OtherMethodsAndPathsAreRefused) {
  start();
  EXPECT_EQ(get(port(), "/other").status, 404);
  EXPECT_EQ(get(port(), "/page", "DELETE").status, 405);
}

TEST_F(HttpServer, BodyOfARequestDoesNotCostItsAnswer) {
  start();
  plain_client client(port());
  client.send("GET /page HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" +
              std::string(20000, 'b'));
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServer, GarbageIsClosedWithoutAnAnswer) {
  start();
  plain_client client(port());
  client.send("\x16\x03\x01\x02 this is no HTTP\r\n\r\n");
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(get(port(), "/page").status, 200);
}

TEST_F(HttpServer, HeadOverTheLimitIsClosed) {
  start();
  plain_client client(port());
  client.send("GET /page HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(9000, 'y'));
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, SlowRequestIsClosedWhenItsTimeIsOver) {
  server_limits bounds;
  bounds.reading = milliseconds(50);
  start(bounds);
  plain_client client(port());
  client.send("GET /pa");
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, ReaderThatTakesNothingIsClosedWhenItsTimeIsOver) {
  server_limits bounds;
  bounds.writing = milliseconds(50);
  const std::size_t more_than_buffers = 64 * 1024 * 1024;
  start(bounds, more_than_buffers);
  plain_client client(port());
  client.send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(all_closed());
  EXPECT_LT(client.read_all().size(), more_than_buffers);
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, IdleConnectionsNeverKeepAProbeOut) {
  server_limits bounds;
  bounds.connections = 4;
  bounds.reading = std::chrono::minutes(10);
  start(bounds);
  std::vector<std::unique_ptr<plain_client>> idle;
  for (int i = 0; i < 20; ++i) idle.push_back(std::make_unique<plain_client>(port()));
  EXPECT_EQ(get(port(), "/page").status, 200);
  // The oldest made room.
  EXPECT_EQ(idle.front()->read_all(), "");
  EXPECT_TRUE(idle.front()->closed());
}

TEST_F(HttpServer, PortThatIsTakenIsSaid) {
  start();
  http_server second(loop_.get_executor(),
                     [](std::string_view, std::string_view) { return reply{}; });
  config::listen_address where;
  where.host = "127.0.0.1";
  where.port = port();
  EXPECT_THAT(second.listen(where), HasSubstr("in use"));
}

}  // namespace
}  // namespace worker::admin
