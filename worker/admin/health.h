// What the probes answer, from facts. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace worker::admin {

struct health_facts {
  std::chrono::milliseconds since_beat{0};                 // the loop's own timer ran
  std::optional<std::chrono::milliseconds> since_contact;  // the gateway answered; nothing: never
  // An answer of the gateway could not be read; nothing: never.
  std::optional<std::chrono::milliseconds> since_unreadable;
  bool credentials = false;  // there were some when last asked for
  bool stopping = false;
};

struct verdict {
  bool up = false;
  std::string json;  // {"status":"UP","checks":{...}}, as actuators say it
};

// The process makes progress. Never depends on anything outside of it: a gateway that is away must
// not have every worker restarted.
verdict live(const health_facts& facts);

// Jobs can be taken and calls signed: recent contact with the gateway, whose answers can be read,
// credentials, not stopping.
verdict ready(const health_facts& facts);

// Both at once.
verdict healthy(const health_facts& facts);

}  // namespace worker::admin
