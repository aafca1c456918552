// The floor: the least a worker has to do, with no product code. It activates jobs in batches,
// sends one keep-alive TLS POST for each and completes it; nothing is signed, checked, mapped,
// retried or extended. What a worker costs above this is what its features cost.
#pragma once

#include <cstdint>
#include <string>

namespace bench {

struct floor_settings {
  std::string gateway;  // host:port, plaintext
  std::uint16_t lambda_port = 0;
  std::string ca_file;
  int in_flight = 32;  // from the start of a call to the engine's word that the job is completed
};

// Runs until it is killed. Throws when anything goes wrong.
int run_floor(const floor_settings& how);

}  // namespace bench
