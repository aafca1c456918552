// Durable executions whose jobs went back to the engine (wait=poll) and are to be stopped when
// their task is cancelled. A cancelled job never comes back, and neither does one that another
// worker took or that is late; so the engine is asked whether the task's element is still there, by
// SetVariables without a variable. Best effort: in memory alone, bounded, a few questions for each
// time that a job went back. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "connector/base/boot_timer.h"
#include "connector/connector.h"
#include "worker/engine/gateway.h"
#include "worker/secrets/redaction_registry.h"

namespace worker::jobs {

// The call that stops the execution which `of` starts or asks about.
connector::call stop_of(const connector::call& of);

// Best effort: what cannot be stopped now goes on. The log says which it was.
boost::asio::awaitable<void> stop_execution(connector::service& service,
                                            const secrets::redaction_registry& redaction,
                                            engine::job_key key, connector::call stopping,
                                            std::chrono::milliseconds longest);

struct watched_execution {
  std::int64_t element_instance_key = 0;
  connector::call stopping;
  std::vector<secrets::redaction_registry::handle> secrets;  // of its inputs, to be masked
  std::chrono::milliseconds poll_interval{0};
};

class execution_watch {
 public:
  struct dependencies {
    engine::gateway& engine;
    connector::service& service;
    const secrets::redaction_registry& redaction;
  };

  execution_watch(boost::asio::any_io_executor loop, dependencies deps);

  void job_left(engine::job_key key, watched_execution execution);
  void job_came(engine::job_key key) { watched_.erase(key); }
  [[nodiscard]] std::size_t size() const { return watched_.size(); }

  // Runs until stop(). Asks about one task at a time, ten a second at most.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  struct entry {
    watched_execution execution;
    connector::boot_clock::time_point due{};
    int asked = 0;
  };
  boost::asio::awaitable<void> ask(engine::job_key key);
  // Nothing: none is due.
  [[nodiscard]] std::optional<engine::job_key> next_due() const;

  dependencies deps_;
  std::unordered_map<engine::job_key, entry> watched_;
  connector::boot_timer tick_;
  bool stopping_ = false;
  bool told_refusal_ = false;
};

}  // namespace worker::jobs
