// A worker that knows one secret, TOKEN.
#pragma once

#include "tests/journey/test_environment.h"

namespace journey {

inline constexpr auto marked = "marked-secret-value-1";

inline test_environment_options with_secret() {
  test_environment_options options;
  options.worker = {{"SECRET_TOKEN", marked}};
  return options;
}

}  // namespace journey
