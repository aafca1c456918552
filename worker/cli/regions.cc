// The command `regions`.
#include "connector/base/regions.h"

#include <fmt/format.h>

#include <cstdio>

#include "connector/aws/endpoint.h"
#include "worker/cli/actions.h"

namespace worker::cli {

int regions() {
  for (const auto region : connector::known_regions()) {
    fmt::print("{:16} {}\n", region, connector::aws::partition_of(region));
  }
  return exit_fine;
}

}  // namespace worker::cli
