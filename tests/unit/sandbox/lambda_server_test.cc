#include "tests/unit/sandbox/lambda_fixture.h"

namespace sandbox::test {
namespace {

using LambdaServer = LambdaFixture;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds patience{10000};

TEST_F(LambdaServer, OneConnectionCarriesManyRequests) {
  const auto connection = connect();
  for (int i = 0; i < 20; ++i) {
    const std::string body = std::to_string(i);
    ASSERT_TRUE(connection->write(signed_bytes(invoke_of("echo", body))));
    const auto got = connection->read_response();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->body, body);
  }
  EXPECT_EQ(server_.account().counted().connections, 1U);
  EXPECT_EQ(server_.account().counted().handshakes, 1U);
  EXPECT_EQ(server_.account().counted().requests, 20U);
}

TEST_F(LambdaServer, ConnectionEndsAfterTheLastRequestItTakes) {
  server_.set_keep_alive({.max_requests = 2, .idle_time = {}, .announce = true});
  const auto connection = connect();
  for (int i = 0; i < 2; ++i) {
    connection->write(signed_bytes(invoke_of("echo", "1")));
    const auto got = connection->read_response();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->header("Connection"), i == 0 ? "keep-alive" : "close");
  }
  EXPECT_EQ(connection->read_some(), "");
  EXPECT_EQ(connection->ended(), ending::closed);
}

TEST_F(LambdaServer, ClientMayAskForTheEndOfTheConnection) {
  const auto connection = connect();
  connection->write(signed_bytes(invoke_of("echo", "1", {{"Connection", "close"}})));
  const auto got = connection->read_response();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->header("Connection"), "close");
  EXPECT_EQ(connection->read_some(), "");
  EXPECT_EQ(connection->ended(), ending::closed);
}

TEST_F(LambdaServer, IdleConnectionIsEnded) {
  server_.set_keep_alive({.max_requests = 0, .idle_time = milliseconds(20), .announce = false});
  const auto connection = connect();
  EXPECT_EQ(connection->read_some(), "");
  EXPECT_NE(connection->ended(), ending::timeout);
  EXPECT_TRUE(server_.account().wait_for(
      [](const totals& all) { return all.open_connections == 0; }, patience));
}

TEST_F(LambdaServer, RefusesConnectionsUntilItListensAgain) {
  const auto before = connect();
  server_.stop_listening();
  EXPECT_FALSE(client(server_.port()).connected());
  before->write(signed_bytes(invoke_of("echo", "1")));
  EXPECT_TRUE(before->read_response());
  server_.listen_again();
  EXPECT_EQ(invoke("echo", "1").status, 200);
}

TEST_F(LambdaServer, HandshakesHangWhenTold) {
  server_.hang_handshakes(true);
  client connection(server_.port());
  ASSERT_TRUE(connection.connected());
  connection.set_timeout(milliseconds(100));
  EXPECT_FALSE(connection.secure(server_.ca_pem()));
  server_.hang_handshakes(false);
  EXPECT_EQ(invoke("echo").status, 200);
}

TEST_F(LambdaServer, ThrottlesEverythingWhenTold) {
  server_.throttle_all(true);
  EXPECT_EQ(invoke("echo").status, 429);
  EXPECT_EQ(server_.account().counted().executions, 0U);
  server_.throttle_all(false);
  EXPECT_EQ(invoke("echo").status, 200);
}

TEST_F(LambdaServer, EndsOpenConnectionsWithAFinOrAnRst) {
  // After an answer: bytes that the server has not read yet would turn a FIN into an RST.
  const auto first = connect();
  first->write(signed_bytes(invoke_of("echo", "1")));
  EXPECT_TRUE(first->read_response());
  server_.close_connections();
  EXPECT_EQ(first->read_some(), "");
  EXPECT_EQ(first->ended(), ending::truncated);
  const auto second = connect();
  server_.reset_connections();
  second->read_all();
  EXPECT_EQ(second->ended(), ending::reset);
}

TEST_F(LambdaServer, SlowFunctionHoldsTheAnswerWithoutHoldingOthers) {
  const auto waiting = connect();
  waiting->write(signed_bytes(invoke_of("slow", R"({"ms":600000})")));
  ASSERT_TRUE(
      server_.account().wait_for([](const totals& all) { return all.running == 1; }, patience));
  EXPECT_EQ(invoke("echo", "1").body, "1");
  server_.reset_connections();
  EXPECT_TRUE(
      server_.account().wait_for([](const totals& all) { return all.running == 0; }, patience));
  ASSERT_EQ(server_.account().invocations().size(), 2U);
  EXPECT_EQ(server_.account().invocations()[1].status, 0);
}

TEST_F(LambdaServer, EventRunsOnAfterItsAnswer) {
  call event = invoke_of("slow", R"({"ms":600000})", {{"X-Amz-Invocation-Type", "Event"}});
  EXPECT_EQ(ask(event).status, 202);
  EXPECT_EQ(server_.account().counted().running, 1U);
}

TEST_F(LambdaServer, ExpectContinueIsAnswered) {
  const auto connection = connect();
  const std::string all =
      signed_bytes(invoke_of("echo", R"({"a":1})", {{"Expect", "100-continue"}}));
  const std::size_t body = all.find("\r\n\r\n") + 4;
  connection->write(all.substr(0, body));
  const auto interim = connection->read_response();
  ASSERT_TRUE(interim);
  EXPECT_EQ(interim->status, 100);
  connection->write(all.substr(body));
  const auto got = connection->read_response();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, R"({"a":1})");
}

TEST_F(LambdaServer, OversizedBodyIsRefusedWithoutBeingRead) {
  const auto connection = connect();
  connection->write(
      "POST /2015-03-31/functions/echo/invocations HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Length: 100000000\r\n\r\n");
  const auto got = connection->read_response();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 413);
}

TEST_F(LambdaServer, ResetOfTheAccountStartsFromZero) {
  invoke("echo", "1");
  server_.account().reset();
  EXPECT_EQ(server_.account().counted().requests, 0U);
  EXPECT_TRUE(server_.account().invocations().empty());
  EXPECT_EQ(server_.account().function("echo").requests, 0U);
}

TEST(LambdaServerOptions, SecondHandshakeResumesTheSession) {
  lambda_options options;
  options.tls12_only = true;
  lambda server(std::move(options));
  client first(server.port());
  ASSERT_TRUE(first.secure(server.ca_pem()));
  EXPECT_STREQ(SSL_get_version(first.native()), "TLSv1.2");
  SSL_SESSION* session = SSL_get1_session(first.native());
  client second(server.port());
  EXPECT_TRUE(second.secure(server.ca_pem(), "localhost", session));
  SSL_SESSION_free(session);
  EXPECT_TRUE(
      server.account().wait_for([](const totals& all) { return all.handshakes == 2; }, patience));
  EXPECT_EQ(server.account().counted().resumptions, 1U);
}

TEST(LambdaServerOptions, PlainPortSpeaksTheSameApi) {
  lambda_options options;
  options.plain_port = 0;
  options.threads = 2;
  lambda server(std::move(options));
  EXPECT_EQ(server.plain_endpoint(), "http://localhost:" + std::to_string(server.plain_port()));
  client connection(server.plain_port());
  ASSERT_TRUE(connection.write(signed_bytes(invoke_of("echo", "[1]"))));
  const auto got = connection.read_response();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "[1]");
}

TEST(LambdaServerOptions, WithoutRecordingOnlyCountersAreKept) {
  lambda_options options;
  options.tls = false;
  options.record = false;
  options.verify_signatures = false;
  lambda server(std::move(options));
  client connection(server.port());
  connection.write(
      "POST /2015-03-31/functions/echo/invocations HTTP/1.1\r\nHost: x\r\n"
      "Content-Length: 1\r\n\r\n7");
  const auto got = connection.read_response();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "7");
  EXPECT_EQ(server.account().function("echo").executions, 1U);
  EXPECT_TRUE(server.account().invocations().empty());
}

}  // namespace
}  // namespace sandbox::test
