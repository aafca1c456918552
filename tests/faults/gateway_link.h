// A world whose worker reaches the gateway through a fault proxy, for what can happen to that
// connection: cut, stalled, closed by a proxy. The worker is stopped before the proxy goes.
#pragma once

#include "tests/journey/world.h"
#include "tests/sandbox/lambda/fault_proxy.h"

namespace faults {

class gateway_link {
 public:
  explicit gateway_link(journey::environment extra = {}, journey::world_options options = {});
  ~gateway_link();
  gateway_link(const gateway_link&) = delete;
  gateway_link& operator=(const gateway_link&) = delete;

  journey::world& all() { return *all_; }
  sandbox::fault_proxy& link() { return *link_; }

 private:
  std::unique_ptr<journey::world> all_;
  std::unique_ptr<sandbox::fault_proxy> link_;
};

}  // namespace faults
