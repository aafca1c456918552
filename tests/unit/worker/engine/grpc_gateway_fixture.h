// The gateway over gRPC against a server that answers what a script says.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <memory>
#include <string>
#include <vector>

#include "proto/gateway.pb.h"
#include "tests/unit/worker/engine/scripted_gateway.h"
#include "worker/engine/grpc_gateway.h"

namespace worker::engine {

namespace asio = boost::asio;
namespace pb = gateway_protocol;
using std::chrono::milliseconds;

inline constexpr milliseconds time_limit{10'000};

inline std::string jobs(int count) {
  pb::ActivateJobsResponse out;
  for (int i = 0; i < count; ++i) {
    auto* one = out.add_jobs();
    one->set_key(i + 1);
    one->set_type("t");
    one->set_variables(std::string(3000, 'x'));
  }
  return out.SerializeAsString();
}

inline std::vector<std::string> pushed_jobs(int count) {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) {
    pb::ActivatedJob one;
    one.set_key(i + 1);
    one.set_variables(std::string(1000, 'x'));
    out.push_back(one.SerializeAsString());
  }
  return out;
}

inline activation asked() {
  activation out;
  out.type = "t";
  out.worker = "w";
  return out;
}

class grpc_gateway_fixture : public testing::Test {
 protected:
  void serve(scripted_gateway::answers answer,
             grpc_compression_algorithm packed = GRPC_COMPRESS_NONE) {
    server_ = std::make_unique<scripted_gateway>(std::move(answer), packed);
    channel_settings settings;
    settings.address = server_->address();
    gateway_ = std::make_unique<grpc_gateway>(loop_.get_executor(), settings);
  }

  template <class T>
  T run(asio::awaitable<T> call) {
    auto out = asio::co_spawn(loop_, std::move(call), asio::use_future);
    loop_.restart();
    loop_.run();
    return out.get();
  }

  status poll() { return run(gateway_->activate(asked(), 10, milliseconds(1000), take())); }
  on_job take() {
    return [this](job one) { taken_.push_back(std::move(one)); };
  }

  asio::io_context loop_{1};
  std::unique_ptr<scripted_gateway> server_;
  std::unique_ptr<grpc_gateway> gateway_;
  std::vector<job> taken_;
  read_switch reading_;
};

}  // namespace worker::engine
