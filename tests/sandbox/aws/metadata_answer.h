// What the stand-ins of metadata services hand out, and what can be wrong with it. Plain values.
#pragma once

#include <chrono>
#include <string>

#include "tests/sandbox/aws/http_stand_in.h"

namespace sandbox {

// The keys of one role; every answer carries the next number in its key id.
struct metadata_keys {
  std::string id_prefix = "ASIASANDBOX";
  std::string secret = "sandbox/metadata/secret";
  std::string token = "sandbox-metadata-session-token";
  std::chrono::seconds life{6 * 3600};  // from now; negative: they are expired already
};

enum class metadata_fault {
  none,
  slow,        // half a second late
  hang,        // never
  close,       // the connection ends instead
  garbage,     // bytes that are no HTTP
  huge,        // 100 MB
  not_json,    // HTML with status 200
  wrong_json,  // members of another service
  deep_json,   // a thousand brackets
  status_500,
  status_429,
  status_401,
  status_404,
};

// A point in time as these services write it: "2026-11-21T02:08:01Z".
std::string iso_time(std::chrono::seconds from_now);

// The answer with that fault; `good` for none and for what only comes late.
stand_in_answer with_fault(metadata_fault fault, stand_in_answer good);

}  // namespace sandbox
