#include "tests/sandbox/lambda/fault_proxy.h"
#include "tests/unit/sandbox/lambda_fixture.h"

namespace sandbox::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds long_enough{10000};

class FaultProxy : public ::testing::Test {
 protected:
  static lambda_options plain() {
    lambda_options options;
    options.tls = false;
    return options;
  }

  // What comes back through the proxy, and how it ended.
  std::string ask(const std::string& function, const std::string& body = "1") {
    client connection(proxy_.port());
    connection.set_timeout(patience_);
    connection.write(signed_bytes(invoke_of(function, body)));
    const std::string all = connection.read_all();
    end_ = connection.ended();
    return all;
  }

  lambda server_{plain()};
  fault_proxy proxy_{server_.port()};
  ending end_ = ending::open;
  milliseconds patience_{10000};
};

TEST_F(FaultProxy, PassesBytesBothWaysAndCountsThem) {
  const std::string got = ask("wire-http10");
  EXPECT_NE(got.find("{\"old\":true}"), std::string::npos);
  EXPECT_EQ(end_, ending::closed);
  EXPECT_EQ(proxy_.counts().connections, 1U);
  EXPECT_EQ(proxy_.counts().bytes_to_client, got.size());
  EXPECT_GT(proxy_.counts().bytes_to_target, 300U);
}

TEST_F(FaultProxy, ResetsAfterSoManyBytesOfTheAnswer) {
  fault set;
  set.reset_after = 10;
  proxy_.set_fault(direction::to_client, set);
  EXPECT_EQ(ask("echo"), "HTTP/1.1 2");
  EXPECT_EQ(end_, ending::reset);
  EXPECT_EQ(server_.account().function("echo").executions, 1U);
}

TEST_F(FaultProxy, ResetsBeforeTheRequestIsWhole) {
  fault set;
  set.reset_after = 100;
  proxy_.set_fault(direction::to_target, set);
  EXPECT_EQ(ask("echo"), "");
  EXPECT_EQ(end_, ending::reset);
  EXPECT_EQ(proxy_.counts().bytes_to_target, 100U);
  EXPECT_EQ(server_.account().function("echo").requests, 0U);
}

TEST_F(FaultProxy, HalfClosesAfterSoManyBytes) {
  fault set;
  set.half_close_after = 17;
  proxy_.set_fault(direction::to_client, set);
  EXPECT_EQ(ask("echo"), "HTTP/1.1 200 OK\r\n");
  EXPECT_EQ(end_, ending::closed);
}

TEST_F(FaultProxy, StallsUntilTheFaultIsCleared) {
  fault set;
  set.stall_after = 0;
  proxy_.set_fault(direction::to_target, set);
  client connection(proxy_.port());
  connection.write(signed_bytes(invoke_of("echo", "42")));
  connection.set_timeout(milliseconds(100));
  EXPECT_EQ(connection.read_some(), "");
  EXPECT_EQ(connection.ended(), ending::timeout);
  EXPECT_EQ(server_.account().counted().requests, 0U);
  proxy_.clear_faults();
  connection.set_timeout(long_enough);
  const auto got = connection.read_response();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "42");
}

TEST_F(FaultProxy, SlowsToSoManyBytesAnInterval) {
  fault set;
  set.bytes_per_interval = 50;
  set.interval = std::chrono::hours(1);
  proxy_.set_fault(direction::to_client, set);
  client connection(proxy_.port());
  connection.write(signed_bytes(invoke_of("echo", "42")));
  EXPECT_EQ(connection.read_some().size(), 50U);
  connection.set_timeout(milliseconds(100));
  EXPECT_EQ(connection.read_some(), "");
  EXPECT_EQ(connection.ended(), ending::timeout);
  proxy_.clear_faults();
  connection.set_timeout(long_enough);
  EXPECT_NE(connection.read_some(), "");
}

TEST_F(FaultProxy, CutsEveryOpenConnection) {
  client first(proxy_.port());
  client second(proxy_.port());
  ASSERT_TRUE(proxy_.wait_for_connections(2, long_enough));
  proxy_.reset_all();
  first.read_some();
  second.read_some();
  EXPECT_EQ(first.ended(), ending::reset);
  EXPECT_EQ(second.ended(), ending::reset);
  client third(proxy_.port());
  ASSERT_TRUE(proxy_.wait_for_connections(3, long_enough));
  proxy_.close_all();
  third.read_some();
  EXPECT_EQ(third.ended(), ending::closed);
}

TEST_F(FaultProxy, RefusesUntilToldOtherwise) {
  proxy_.refuse(true);
  EXPECT_FALSE(client(proxy_.port()).connected());
  proxy_.refuse(false);
  EXPECT_NE(ask("wire-http10").find("old"), std::string::npos);
}

TEST_F(FaultProxy, TargetThatIsAwayResetsTheClient) {
  server_.stop_listening();
  client connection(proxy_.port());
  connection.read_some();
  EXPECT_EQ(connection.ended(), ending::reset);
}

TEST_F(FaultProxy, NewConnectionsGoToTheNewTarget) {
  lambda other(plain());
  proxy_.set_target(other.port());
  ask("wire-http10");
  EXPECT_EQ(other.account().counted().executions, 1U);
  EXPECT_EQ(server_.account().counted().executions, 0U);
}

}  // namespace
}  // namespace sandbox::test
