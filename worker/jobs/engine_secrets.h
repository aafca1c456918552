// Whether the engine puts the values of its own secrets (camunda.secrets) into the variables of
// jobs. Engines since 8.10 can, and no job says whether one did: such a value looks like a key that
// a person typed. So the versions of the brokers decide. Must outlive its coroutines. Loop's
// thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "connector/base/clock.h"
#include "worker/engine/gateway.h"

namespace worker::jobs {

class engine_secrets {
 public:
  explicit engine_secrets(engine::gateway& engine) : engine_(engine) {}

  enum class injection {
    injects,    // every broker is of 8.10 or later
    older,      // one is not: old_version() names it
    not_known,  // the gateway did not say
  };
  // Asks Topology, at most once a minute unless the gateway did not answer.
  boost::asio::awaitable<injection> ask();

  [[nodiscard]] const std::string& old_version() const { return old_version_; }

 private:
  engine::gateway& engine_;
  std::optional<injection> last_;
  connector::boot_clock::time_point asked_at_{};
  std::string old_version_;
};

}  // namespace worker::jobs
