#include "worker/admin/health.h"

#include "connector/base/json.h"

namespace worker::admin {

namespace {

using std::chrono::milliseconds;

// The timer runs once a second; a loop that was busy for so long is stuck.
constexpr milliseconds max_silence{30'000};
// The gateway is asked every 10 s when nothing else is heard from it, and may take 5 s to answer.
constexpr milliseconds max_absence{30'000};

constexpr const char* word(bool up) { return up ? "UP" : "DOWN"; }

std::string check(bool up) {
  return connector::json::object_writer().string("status", word(up)).take();
}

bool makes_progress(const health_facts& facts) { return facts.since_beat < max_silence; }

// Jobs in an answer that cannot be read are lost until their leases are over, however well other
// answers can be read.
bool understands(const health_facts& facts) {
  return !facts.since_unreadable || *facts.since_unreadable >= max_absence;
}

bool in_contact(const health_facts& facts) {
  return facts.since_contact && *facts.since_contact < max_absence && understands(facts);
}

verdict put_together(bool up, connector::json::object_writer& checks) {
  return {up, connector::json::object_writer()
                      .string("status", word(up))
                      .raw("checks", checks.take())
                      .take() +
                  "\n"};
}

void add_ready(const health_facts& facts, connector::json::object_writer& checks) {
  checks.raw("gateway", check(in_contact(facts)));
  checks.raw("credentials", check(facts.credentials));
  checks.raw("accepting", check(!facts.stopping));
}

bool is_ready(const health_facts& facts) {
  return in_contact(facts) && facts.credentials && !facts.stopping;
}

}  // namespace

verdict live(const health_facts& facts) {
  connector::json::object_writer checks;
  checks.raw("loop", check(makes_progress(facts)));
  return put_together(makes_progress(facts), checks);
}

verdict ready(const health_facts& facts) {
  connector::json::object_writer checks;
  add_ready(facts, checks);
  return put_together(is_ready(facts), checks);
}

verdict healthy(const health_facts& facts) {
  connector::json::object_writer checks;
  checks.raw("loop", check(makes_progress(facts)));
  add_ready(facts, checks);
  return put_together(makes_progress(facts) && is_ready(facts), checks);
}

}  // namespace worker::admin
