// P6: few file descriptors, and the admin port taken. Calls without a connection wait and are made
// later, no loop spins, and the message names the port that is taken.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using boost::asio::ip::tcp;
using journey::test_environment;

void few_descriptors(std::size_t count) {
  report_action("64 descriptors for 128 slots");
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  shipped worker(env, {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "128"},
                       {"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "127.0.0.1:0"}});
  ASSERT_TRUE(env.wait([&] { return worker.status_of("/readyz") == 200; }));
  const rlimit few{64, 64};
  ASSERT_EQ(::prlimit(worker.process().pid(), RLIMIT_NOFILE, &few, nullptr), 0);
  auto spec = journey::call_of("slow", R"({"ms":2000})", R"({"retryBackoff":"PT0.5S"})");
  spec.retries = 1000;
  const auto keys = env.engine().create_many(spec, count);
  // As many calls run as there are descriptors. Meanwhile a client asks the admin port.
  ASSERT_TRUE(env.lambda().account().wait_for([](const auto& t) { return t.running > 20; },
                                              journey::patience));
  boost::asio::io_context loop;
  std::vector<tcp::socket> callers;
  for (int i = 0; i < 50; ++i) {
    callers.emplace_back(loop);
    boost::system::error_code ignored;
    callers.back().connect({boost::asio::ip::make_address("127.0.0.1"), worker.admin_port()},
                           ignored);
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto cpu = worker.process().cpu_time();
  each_ran_once(env, keys, std::chrono::minutes(2));
  const std::chrono::duration<double> spent = worker.process().cpu_time() - cpu;
  const std::chrono::duration<double> past = std::chrono::steady_clock::now() - begin;
  // A loop that spins takes all of a processor that it can get.
  EXPECT_LT(spent.count(), 0.7 * past.count());
  callers.clear();
  EXPECT_TRUE(env.wait([&] { return worker.status_of("/livez") == 200; }));
  EXPECT_EQ(worker.process().end(journey::patience), 0) << worker.log();
  expect_all_ended(env);
}

void port_taken() {
  report_action("the admin port taken");
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  boost::asio::io_context loop;
  const tcp::acceptor other(loop, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const auto port = std::to_string(other.local_endpoint().port());
  shipped worker(env, {{"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "127.0.0.1:" + port}});
  ASSERT_TRUE(env.wait([&] {
    return worker.lines_with("LAMBDA_CONNECTOR_ADMIN_ADDRESS") > 0 && worker.lines_with(port) > 0;
  })) << worker.log();
  EXPECT_NE(worker.process().end(journey::patience), 0);
}

TEST(Faults, P6_FileDescriptorsAreFew) {
  // A sanitizer looks at memory through a pipe, and without one takes objects for what they are
  // not.
  if (shipped::is_sanitized()) {
    report_action(
        "without the part of 64 descriptors, which needs a program without sanitizers (--long)");
  } else {
    few_descriptors(is_long() ? 1000 : 120);
  }
  port_taken();
}

}  // namespace
}  // namespace faults
