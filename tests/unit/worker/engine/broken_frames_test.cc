// Answers with the status OK whose HTTP/2 is whole and whose gRPC is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <string>

#include "tests/unit/worker/engine/http2_script.h"
#include "worker/engine/grpc_gateway.h"

namespace worker::engine {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

status complete(const std::string& data) {
  script::server gateway([&data](script::peer& client) {
    serve_http2(client,
                [&data](script::peer& to, std::uint32_t stream) { answer_ok(to, stream, data); });
  });
  asio::io_context loop(1);
  channel_settings settings;
  settings.address = "127.0.0.1:" + std::to_string(gateway.port());
  grpc_gateway tested(loop.get_executor(), settings);
  auto ended = asio::co_spawn(loop, tested.complete({1, ""}, shared("{}"), milliseconds(10'000)),
                              asio::use_future);
  loop.run();
  return ended.get();
}

TEST(BrokenFrames, OfACommandAreNotTakenForAYes) {
  const std::pair<const char*, std::string> all[] = {
      {"nothing", ""},
      {"half a head", std::string("\0\0\0", 3)},
      {"half a message", std::string("\0\0\0\0\x64half", 9)},
      {"a kind of frame that does not exist", std::string("\x02\0\0\0\x01x", 6)},
      {"a message of 2 GiB announced", std::string("\0\x7f\xff\xff\xffx", 6)},
      {"a page", "<html>please log in</html>"},
  };
  for (const auto& [called, data] : all) {
    const auto answer = complete(data);
    EXPECT_EQ(answer.defect, response_defect::unreadable) << called << ": " << answer.message;
    EXPECT_EQ(classify(answer), status_class::transient) << called;
  }
  EXPECT_TRUE(complete(std::string(5, '\0')).ok());
}

}  // namespace
}  // namespace worker::engine
