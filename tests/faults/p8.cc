// P8: the admin port is misused: readers that take no byte, a thousand connections at once,
// requests without an end, bytes that are no HTTP. Jobs run as if it were not there, and a probe
// still gets its answer.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <vector>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using journey::test_environment;

// What a client sends before it goes silent, in turns.
std::string bytes_of(std::size_t number) {
  switch (number % 6) {
    case 0:
      return {};  // nothing
    case 1:
      return "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";  // and reads no byte of it
    case 2:
      return "GET / HTTP/1.1\r\nX-Endless: " + std::string(60'000, 'x');
    case 3:
      return std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);  // TLS
    case 4:
      return "POST /livez HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n{";
    default:
      return std::string(3000, '\0');
  }
}

TEST(Faults, P8_TheAdminPortIsMisused) {
  // given
  rlimit files{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  shipped worker(env, {{"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "127.0.0.1:0"}});
  ASSERT_TRUE(env.wait([&] { return worker.status_of("/readyz") == 200; })) << worker.log();
  const tcp::endpoint there(asio::ip::address_v4::loopback(), worker.admin_port());

  // when
  constexpr std::size_t at_once = 1000;
  std::size_t made = 0;
  asio::io_context loop;
  std::vector<tcp::socket> clients;
  clients.reserve(at_once);
  const auto misuse = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, ++made) {
      boost::system::error_code ignored;
      if (clients.size() == at_once) clients.erase(clients.begin());
      auto& one = clients.emplace_back(loop, tcp::v4());
      one.set_option(tcp::socket::receive_buffer_size(1024), ignored);
      one.connect(there, ignored);
      one.non_blocking(true, ignored);
      const auto bytes = bytes_of(made);
      one.write_some(asio::buffer(bytes), ignored);
    }
  };
  flow jobs(env, journey::call_of("echo"), 100);
  const int rounds = is_long() ? 60 : 1;
  for (int round = 0; round < rounds; ++round) {
    misuse(at_once);
    jobs.pass(milliseconds(1000));
    EXPECT_EQ(worker.status_of("/livez"), 200) << "after " << made << " clients";
  }

  // then
  each_ran_once(env, jobs.keys());
  EXPECT_EQ(worker.status_of("/readyz"), 200);
  EXPECT_EQ(worker.process().end(journey::patience), 0) << worker.log();
  report_action(std::to_string(made) + " clients, " + std::to_string(at_once) +
                " at once, beside " + std::to_string(jobs.keys().size()) + " jobs");
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
