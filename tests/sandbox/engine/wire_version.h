// Which version of the protocol the embedded engine speaks. Plain values.
#pragma once

#include <string>

namespace sandbox::engine {

// The version 8.x of the protocol that the engine speaks: a job has the fields of that version, and
// what a later one brought is passed over in requests, as a gateway that does not know it does.
struct wire_version {
  int minor = 10;
  int partitions_of_9 = 0;  // so many of them run on 8.9 still: their jobs get no lease token
  std::string physical_tenant = "default";
};

}  // namespace sandbox::engine
