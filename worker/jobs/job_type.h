// One served job type: its operation, the operator's default headers, and which warnings about its
// tasks were logged already. Lives as long as the worker. Loop's thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "connector/operations.h"
#include "worker/jobs/lease_mode.h"
#include "worker/secrets/place_warnings.h"

namespace worker::jobs {

struct job_type {
  std::string name;
  const connector::operation_spec* operation = nullptr;
  std::map<std::string, std::string> default_headers;
  std::size_t max_slots = SIZE_MAX;  // of the worker's slots
  lease_mode lease = lease_mode::off;
  std::size_t type_index = 0;  // its number in `capacity`, `job_queue` and the subscriptions
  // Each warning is logged once.
  mutable bool warned_bare_variables = false;
  mutable bool warned_plaintext_key = false;
  mutable bool warned_near_reference = false;
  mutable std::set<std::string> warned_headers;
  mutable secrets::place_warnings warned_places;
};

}  // namespace worker::jobs
