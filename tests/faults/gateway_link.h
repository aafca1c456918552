// A test environment whose worker reaches the gateway through a fault proxy, for what can happen to
// that connection: cut, stalled, closed by a proxy. The destructor stops the worker before the
// proxy.
#pragma once

#include "tests/journey/test_environment.h"
#include "tests/sandbox/lambda/fault_proxy.h"

namespace faults {

class gateway_link {
 public:
  explicit gateway_link(journey::environment_variables extra = {},
                        journey::test_environment_options options = {});
  ~gateway_link();
  gateway_link(const gateway_link&) = delete;
  gateway_link& operator=(const gateway_link&) = delete;

  journey::test_environment& env() { return *env_; }
  sandbox::fault_proxy& link() { return *link_; }

 private:
  std::unique_ptr<journey::test_environment> env_;
  std::unique_ptr<sandbox::fault_proxy> link_;
};

}  // namespace faults
