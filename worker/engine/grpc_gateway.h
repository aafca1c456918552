// The gateway over gRPC: one channel and its completion queue; other threads only post to the loop.
// Must outlive every call. A cancelled call ends when gRPC has let go of it. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "connector/base/clock.h"
#include "worker/engine/channel_settings.h"
#include "worker/engine/gateway.h"

namespace worker::engine {

class grpc_calls;
class login;

class grpc_gateway final : public gateway {
 public:
  // Throws std::runtime_error when the roots cannot be read or hold no certificate. Without `by`
  // calls carry no authorization.
  grpc_gateway(boost::asio::any_io_executor loop, channel_settings settings, login* by = nullptr);
  ~grpc_gateway() override;

  // The call itself is given 10 s more than `wait`.
  boost::asio::awaitable<status> activate(activation request, int max_jobs,
                                          std::chrono::milliseconds wait, on_job take) override;
  boost::asio::awaitable<status> stream(activation request, on_job take,
                                        read_switch& reading) override;
  boost::asio::awaitable<status> complete(job_ref job, shared_text variables,
                                          std::chrono::milliseconds limit) override;
  boost::asio::awaitable<status> fail(job_ref job, int retries, std::string message,
                                      std::chrono::milliseconds back_off, shared_text variables,
                                      std::chrono::milliseconds limit) override;
  boost::asio::awaitable<status> throw_error(job_ref job, std::string error_code,
                                             std::string message, shared_text variables,
                                             std::chrono::milliseconds limit) override;
  boost::asio::awaitable<status> update_timeout(job_ref job, std::chrono::milliseconds timeout,
                                                std::chrono::milliseconds limit) override;
  boost::asio::awaitable<status> set_variables(std::int64_t element_instance_key,
                                               std::string variables,
                                               std::chrono::milliseconds limit) override;
  boost::asio::awaitable<status> ask_topology(topology& into,
                                              std::chrono::milliseconds limit) override;

  [[nodiscard]] const call_counts& calls() const;
  // When an answer came last that could not be read; nothing: never.
  [[nodiscard]] std::optional<connector::boot_clock::time_point> unreadable_at() const;

 private:
  std::unique_ptr<grpc_calls> calls_;
};

}  // namespace worker::engine
