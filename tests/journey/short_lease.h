// A world whose activations last for a second, so that a call of a few seconds needs several
// extensions, and an activation that is lost is soon given out again. Test's thread.
#pragma once

#include <utility>

#include "tests/journey/world.h"

namespace journey {

inline world_options short_lease(environment more = {}) {
  world_options options;
  more.emplace("CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000");
  options.worker = std::move(more);
  return options;
}

}  // namespace journey
