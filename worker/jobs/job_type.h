// One served job type: its operation, its worker-wide headers, and what was learned about it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "connector/operations.h"
#include "worker/secrets/place_warnings.h"

namespace worker::jobs {

struct job_type {
  std::string name;
  const connector::operation_spec* operation = nullptr;
  std::map<std::string, std::string> default_headers;
  std::size_t max_slots = SIZE_MAX;  // of the worker's slots
  std::size_t lane = 0;              // in capacity and waiting room
  // Each is said once.
  mutable bool warned_short_form = false;
  mutable bool warned_clear_key = false;
  mutable std::set<std::string> warned_headers;
  mutable secrets::place_warnings warned_places;
};

}  // namespace worker::jobs
