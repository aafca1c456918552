// A test environment whose activations last for one second. A call of a few seconds then needs
// several extensions, and the engine soon gives out a lost activation again. Test's thread.
#pragma once

#include <utility>

#include "tests/journey/test_environment.h"

namespace journey {

inline test_environment_options short_lease(environment_variables more = {}) {
  test_environment_options options;
  more.emplace("CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000");
  options.worker = std::move(more);
  return options;
}

}  // namespace journey
