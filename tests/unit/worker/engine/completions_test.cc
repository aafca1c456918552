// gRPC's completions on the loop: from a thread that waits for them, and from the loop itself. The
// other end is no gRPC server, so that no other thread of this process does gRPC's work.
#include "worker/engine/completions.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <set>
#include <thread>

#include "proto/gateway.pb.h"
#include "tests/unit/worker/engine/http2_script.h"
#include "worker/engine/library_start.h"
#include "worker/engine/rpc_await.h"

namespace worker::engine {
namespace {

namespace asio = boost::asio;
namespace pb = gateway_protocol;
using std::chrono::milliseconds;
using std::chrono::seconds;

// The empty message.
void answer(script::peer& client, std::uint32_t stream) {
  answer_ok(client, stream, std::string(5, '\0'));
}

void never_answer(script::peer&, std::uint32_t) {}

class Completions : public testing::TestWithParam<bool> {
 protected:
  Completions() {
    start_grpc();
    std::optional<int> epoll_set;
    if (GetParam()) {
      epoll_set = epoll_of_grpc();
      EXPECT_TRUE(epoll_set.has_value()) << "gRPC does not say in which epoll set it waits";
    }
    events_ = std::make_unique<completions>(loop_.get_executor(), epoll_set);
  }

  std::shared_ptr<grpc::Channel> channel_to(std::uint16_t port) {
    grpc::ChannelArguments args;
    args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port),
                                     grpc::InsecureChannelCredentials(), args);
  }

  asio::awaitable<grpc::StatusCode> call(std::shared_ptr<grpc::Channel> over, milliseconds limit) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(std::chrono::system_clock::now() + limit);
    const pb::TopologyRequest request;
    const rpc_target target{std::move(over), "/gateway_protocol.Gateway/Topology"};
    const auto done =
        co_await await_unary<pb::TopologyResponse>(*events_, target, std::move(context), request);
    on_.insert(std::this_thread::get_id());
    co_return done.status.error_code();
  }

  grpc::StatusCode run(std::shared_ptr<grpc::Channel> over, milliseconds limit = seconds(10)) {
    auto out = asio::co_spawn(loop_, call(std::move(over), limit), asio::use_future);
    loop_.restart();
    loop_.run();  // comes back: no call, no work
    return out.get();
  }

  asio::io_context loop_{1};
  std::unique_ptr<completions> events_;
  std::set<std::thread::id> on_;  // the threads on which calls went on
};

TEST_P(Completions, ACallEndsOnTheLoop) {
  script::server other([](script::peer& client) { serve_http2(client, answer); });
  EXPECT_EQ(run(channel_to(other.port())), grpc::StatusCode::OK);
  EXPECT_EQ(on_, std::set{std::this_thread::get_id()});
}

TEST_P(Completions, AThousandCallsAtOnceAllEndAndOthersHaveTheirTurnMeanwhile) {
  // given
  script::server other([](script::peer& client) { serve_http2(client, answer); });
  const auto over = channel_to(other.port());
  int ended = 0;
  int turns = 0;
  std::function<void()> take_turns = [&] {
    if (ended == 1000) return;
    if (ended > 0) ++turns;
    asio::post(loop_, take_turns);
  };
  // when
  for (int i = 0; i < 1000; ++i) {
    asio::co_spawn(loop_, call(over, seconds(20)),
                   [&](const std::exception_ptr&, grpc::StatusCode how) {
                     EXPECT_EQ(how, grpc::StatusCode::OK);
                     ++ended;
                   });
  }
  take_turns();
  loop_.run();
  // then
  EXPECT_EQ(ended, 1000);
  EXPECT_GE(turns, 1);
}

TEST_P(Completions, OneCallAfterTheOtherEndsEach) {
  script::server other([](script::peer& client) { serve_http2(client, answer); });
  const auto over = channel_to(other.port());
  for (int i = 0; i < 200; ++i) ASSERT_EQ(run(over), grpc::StatusCode::OK) << i;
  EXPECT_EQ(other.connections(), 1U);
}

// Nothing arrives: a thread of gRPC ends the call.
TEST_P(Completions, ACallWithoutAnAnswerEndsWithItsTime) {
  script::server other([](script::peer& client) { serve_http2(client, never_answer); });
  EXPECT_EQ(run(channel_to(other.port()), milliseconds(100)), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_P(Completions, ACallToAClosedPortEnds) {
  std::uint16_t port = 0;
  {
    const script::server gone([](script::peer&) {});
    port = gone.port();
  }
  const auto over = channel_to(port);
  EXPECT_EQ(run(over), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(run(over), grpc::StatusCode::UNAVAILABLE);  // fails at once: no socket is asked
}

TEST_P(Completions, ACancelledCallEnds) {
  script::event asked;
  script::server other([&asked](script::peer& client) {
    serve_http2(client, [&asked](script::peer&, std::uint32_t) { asked.set(); });
  });
  asio::cancellation_signal stop;
  std::optional<grpc::StatusCode> how;
  asio::co_spawn(
      loop_, call(channel_to(other.port()), seconds(30)),
      asio::bind_cancellation_slot(
          stop.slot(), [&](const std::exception_ptr&, grpc::StatusCode code) { how = code; }));
  std::thread another([&] {
    EXPECT_TRUE(asked.wait());
    asio::post(loop_, [&stop] { stop.emit(asio::cancellation_type::terminal); });
  });
  loop_.run();
  another.join();
  EXPECT_EQ(how, grpc::StatusCode::CANCELLED);
}

// A thread may be late to see the end of the connection.
class CompletionsFromTheLoop : public Completions {};

TEST_P(CompletionsFromTheLoop, FailNoCallWhenAConnectionEndedBetweenTwo) {
  script::server other([](script::peer& client) { serve_http2(client, answer); });
  const auto over = channel_to(other.port());
  EXPECT_EQ(run(over), grpc::StatusCode::OK);
  other.close_all();
  EXPECT_EQ(run(over), grpc::StatusCode::OK);
  EXPECT_EQ(other.connections(), 2U);
}

INSTANTIATE_TEST_SUITE_P(, Completions, testing::Values(false, true), [](const auto& info) {
  return std::string(info.param ? "FromTheLoop" : "FromAThread");
});
INSTANTIATE_TEST_SUITE_P(, CompletionsFromTheLoop, testing::Values(true));

}  // namespace
}  // namespace worker::engine
