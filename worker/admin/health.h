// From facts to the answers of the probes. Pure.
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
  std::optional<bool> token;  // there is one for the gateway; nothing: the worker uses none
  bool credentials = false;   // the last attempt to get credentials succeeded
  bool started = false;       // secrets and token were asked for, and then jobs
  bool stopping = false;
};

struct probe_answer {
  bool up = false;
  std::string json;  // {"status":"UP","checks":{...}}, as Spring's actuators write it
};

// The process makes progress. Depends on nothing outside of the process: an unavailable gateway
// must not restart every worker.
probe_answer live(const health_facts& facts);

// The program has started: it asks for jobs. Like live() it depends on nothing outside.
probe_answer started(const health_facts& facts);

// The worker can take jobs and sign calls: it has recent contact with the gateway, can read the
// gateway's answers, has credentials, and is not stopping.
probe_answer ready(const health_facts& facts);

// live() and ready() at once.
probe_answer healthy(const health_facts& facts);

}  // namespace worker::admin
