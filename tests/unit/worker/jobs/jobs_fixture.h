// What tests of one part of worker/jobs share: a loop whose time stands still, a scripted engine,
// capacity, and jobs that are active for a minute. Test's thread.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "connector/base/backoff_limits.h"
#include "tests/unit/connector/base/held_clock.h"
#include "tests/unit/worker/jobs/fake_gateway.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/capacity.h"
#include "worker/jobs/job_end.h"
#include "worker/jobs/job_type.h"

namespace worker::jobs {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// For the messages of failed expectations.
inline void PrintTo(job_end end, std::ostream* out) { *out << name_of(end); }

// Statuses as gateways give them.
namespace says {
inline const engine::status ok{};
inline const engine::status lost{engine::status_code::unavailable, "Connection reset by peer"};
inline const engine::status busy{engine::status_code::resource_exhausted, "the request limit"};
inline const engine::status gone{engine::status_code::not_found, "no such job was found"};
inline const engine::status not_active{engine::status_code::failed_precondition,
                                       "it is in state 'FAILED'"};
inline const engine::status fenced{
    engine::status_code::failed_precondition,
    "Command 'COMPLETE' rejected with code 'INVALID_STATE': Expected to complete job with key '7', "
    "but the provided lease token does not match"};
inline const engine::status refused{engine::status_code::invalid_argument, "Invalid JSON value"};
inline const engine::status too_large{engine::status_code::invalid_argument,
                                      "Request size is above configured maxMessageSize."};
inline const engine::status no_such_call{engine::status_code::unimplemented, "Method not found"};
inline const engine::status of_a_proxy{engine::status_code::unimplemented,
                                       "Received http2 header with status: 404"};
inline const engine::status unreadable{engine::status_code::internal, "it cannot be read",
                                       engine::response_defect::unreadable};
}  // namespace says

// The job with a lease token.
inline engine::job leased(engine::job of, const std::string& token = "first") {
  of.lease_token = token;
  return of;
}

class jobs_fixture : public testing::Test {
 protected:
  static constexpr engine::job_key key = 7;
  static constexpr milliseconds lease_length{60'000};

  // The value that a coroutine ended with, or nothing while it runs.
  template <class T>
  using ended_t = std::shared_ptr<std::optional<T>>;

  template <class T>
  ended_t<T> start(boost::asio::awaitable<T> task) {
    auto end = std::make_shared<std::optional<T>>();
    ++under_way_;
    boost::asio::co_spawn(loop_, std::move(task), [this, end](std::exception_ptr escaped, T value) {
      EXPECT_FALSE(escaped) << "an exception escaped";
      *end = std::move(value);
      --under_way_;
    });
    clock_.run();
    return end;
  }

  // What is left under way would refer to parts that are gone.
  void TearDown() override { EXPECT_EQ(under_way_, 0) << "the test must end what it starts"; }

  engine::job job(engine::job_key of = key) const {
    engine::job out;
    out.key = of;
    out.type = type_.name;
    out.element_instance_key = 100 + of;
    out.bpmn_process_id = "orders";
    out.element_id = "call";
    out.retries = 3;
    return out;
  }

  // A job that the connector can call, with custom headers on top.
  engine::job callable(engine::job_key of = key,
                       const std::map<std::string, std::string>& headers = {}) const {
    auto out = job(of);
    std::string text = R"({"functionName":"orders")";
    for (const auto& [name, value] : headers) text += ",\"" + name + "\":\"" + value + "\"";
    out.headers = text + "}";
    out.variables = "{}";
    return out;
  }

  // Active here for a minute, and running.
  active_job_ptr running(engine::job one, milliseconds length = lease_length) {
    const lease granted{boot_clock::now() + length, length};
    auto active =
        std::make_shared<active_job>(loop_.get_executor(), std::move(one), type_, granted);
    active->start(capacity_.take_slot(0));
    return active;
  }

  // The engine gave the job out once more, and it was read here.
  void activate_again(active_job& active) const {
    active.activated_again(job(active.key()), {boot_clock::now() + lease_length, lease_length});
  }

  int under_way_ = 0;
  boost::asio::io_context loop_{1};
  connector::held_clock clock_{loop_};
  fake_gateway gateway_{loop_.get_executor()};
  connector::random_source half_ = [] { return 0.5; };
  capacity capacity_{4, 4, 1 << 20, {4}};
  job_type type_ = [] {
    job_type made;
    made.name = "call";
    made.operation = &connector::spec_of(connector::operation_id::invoke);
    return made;
  }();
};

}  // namespace worker::jobs
