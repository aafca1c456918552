// The few calls of the gateway that a worker needs, as awaitables on the loop. Behind it: one gRPC
// channel and its completion queue; other threads only post to the loop. The client must outlive
// every call; cancelling a waiting coroutine cancels the rpc and comes back when gRPC has let go of
// it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "connector/base/clock.h"
#include "worker/engine/types.h"

namespace worker::engine {

struct channel_settings {
  std::string address = "localhost:26500";  // host:port
  bool tls = false;
  std::string ca_file;                                     // PEM; empty: `roots`
  std::string roots;                                       // PEM text, for TLS without a CA file
  std::string roots_source = "the list of trusted roots";  // for people
  std::string authority_override;  // name that the certificate is checked against
  std::chrono::milliseconds keep_alive{45'000};
  std::string user_agent;
  std::function<connector::boot_clock::time_point()> now = connector::boot_clock::now;
};

using on_job = std::function<void(job)>;

// How often a call of that name, as the protocol has it, ended with that status. What we cancelled
// ourselves counts as CANCELLED.
using answer_counts = std::map<std::pair<std::string, status_code>, std::uint64_t>;

class wire;

class client {
 public:
  // Throws std::runtime_error when the roots cannot be read or hold no certificate.
  client(boost::asio::any_io_executor loop, channel_settings settings);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  // Long poll for at most `most` jobs, each handed to `take` as it arrives. `wait` is what the
  // gateway holds an empty poll for; the call itself is given 10 s more.
  boost::asio::awaitable<status> activate(activation what, int most, std::chrono::milliseconds wait,
                                          on_job take);

  // Pushed jobs until the stream ends or the coroutine is cancelled; jobs that arrive between the
  // cancellation and its confirmation are handed to `take` too.
  boost::asio::awaitable<status> stream(activation what, on_job take);

  boost::asio::awaitable<status> complete(job_key key, std::string variables,
                                          std::chrono::milliseconds limit);
  boost::asio::awaitable<status> fail(job_key key, int retries, std::string message,
                                      std::chrono::milliseconds back_off, std::string variables,
                                      std::chrono::milliseconds limit);
  boost::asio::awaitable<status> throw_error(job_key key, std::string error_code,
                                             std::string message, std::string variables,
                                             std::chrono::milliseconds limit);
  boost::asio::awaitable<status> update_timeout(job_key key, std::chrono::milliseconds timeout,
                                                std::chrono::milliseconds limit);
  // Local to the element instance.
  boost::asio::awaitable<status> set_variables(std::int64_t element_instance_key,
                                               std::string variables,
                                               std::chrono::milliseconds limit);
  boost::asio::awaitable<status> ask_topology(topology& into, std::chrono::milliseconds limit);

  [[nodiscard]] const answer_counts& answers() const;
  // When an answer came last that could not be read; nothing: never.
  [[nodiscard]] std::optional<connector::boot_clock::time_point> unreadable_at() const;

 private:
  std::unique_ptr<wire> wire_;
};

}  // namespace worker::engine
