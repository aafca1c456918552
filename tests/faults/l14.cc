// L14: forward proxies that refuse, fail or say nothing. Nothing reaches the function, the message
// names the proxy and the variable, the password shows nowhere; then a proxy that works.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "tests/faults/fault_report.h"
#include "tests/unit/connector/http/script_server.h"

namespace faults {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using journey::job_state;
using journey::test_environment;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Refuses everybody until it is opened; then a tunnel leads to one port of this machine, whatever
// name was asked for.
class tunnels {
 public:
  void refuse_with(std::string answer) {
    const std::lock_guard lock(guard_);
    answer_ = std::move(answer);
  }
  void lead_to(std::uint16_t port) {
    const std::lock_guard lock(guard_);
    target_ = port;
  }
  std::string asked() {
    const std::lock_guard lock(guard_);
    return asked_;
  }

  void operator()(script::peer& here) {
    const auto head = here.request().value_or("");
    std::uint16_t target = 0;
    std::string answer;
    {
      const std::lock_guard lock(guard_);
      asked_ = head;
      target = target_;
      answer = answer_;
    }
    if (target == 0) {
      if (!answer.empty()) here.send(answer);
      here.wait_for_end();
      return;
    }
    asio::io_context loop;
    tcp::socket far(loop);
    boost::system::error_code failed;
    far.connect({asio::ip::make_address("127.0.0.1"), target}, failed);
    if (failed || !here.send("HTTP/1.1 200 Connection established\r\n\r\n")) return;
    std::thread back([&] {
      std::vector<char> bytes(16 * 1024);
      boost::system::error_code ended;
      while (!ended) {
        const auto size = far.read_some(asio::buffer(bytes), ended);
        if (size == 0 || !here.send({bytes.data(), size})) break;
      }
      here.cut();
    });
    for (;;) {
      const auto bytes = here.some_bytes(16 * 1024);
      if (bytes.empty()) break;
      asio::write(far, asio::buffer(bytes), failed);
      if (failed) break;
    }
    far.shutdown(tcp::socket::shutdown_both, failed);
    back.join();
  }

 private:
  std::mutex guard_;
  std::string answer_;
  std::string asked_;
  std::uint16_t target_ = 0;
};

TEST(Faults, L14_AProxyRefuses) {
  // given
  tunnels proxy;
  script::server server([&](script::peer& here) { proxy(here); });
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  env.start_worker(
      {{"AWS_ENDPOINT_URL_LAMBDA",
        "https://lambda.sandbox.test:" + std::to_string(env.lambda().port())},
       {"HTTPS_PROXY", "http://user:marked%40word@127.0.0.1:" + std::to_string(server.port())}});
  auto spec = journey::call_of("echo");
  spec.variables.insert(spec.variables.size() - 2, R"(,"timeout":"PT3S")");
  spec.retries = 1;
  const std::vector<std::pair<std::string, std::string>> refusals = {
      {"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "HTTPS_PROXY"},
      {"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "HTTPS_PROXY"},
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "NO_PROXY"},
      {"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>", "502"},
      {"HTTP/1.1 504 Timeout\r\n\r\n", "504"},
      {"SSH-2.0-no proxy\r\n", "127.0.0.1"},
      {"", "lambda.sandbox.test"}};
  // when
  for (const auto& [answer, words] : refusals) {
    report_action(answer.empty()              ? "silence"
                  : answer.starts_with("SSH") ? "nonsense"
                                              : answer.substr(9, 3));
    proxy.refuse_with(answer);
    const auto job = env.run(spec);
    // then
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, AllOf(HasSubstr(words), Not(HasSubstr("marked"))));
  }
  EXPECT_EQ(env.lambda().account().counted().connections, 0U);

  report_action("a tunnel");
  proxy.lead_to(env.lambda().port());
  const int jobs = is_long() ? 200 : 5;
  for (int i = 0; i < jobs; ++i) {
    const auto job = env.run(journey::call_of("echo"));
    EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
    EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
  }
  // user:marked@word
  EXPECT_THAT(proxy.asked(), HasSubstr("Proxy-Authorization: Basic dXNlcjptYXJrZWRAd29yZA==\r\n"));
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
