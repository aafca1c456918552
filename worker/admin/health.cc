#include "worker/admin/health.h"

#include "connector/base/json_writer.h"

namespace worker::admin {

namespace {

using std::chrono::milliseconds;

// The timer runs once a second; a loop whose timer did not run for this long is stuck.
constexpr milliseconds max_silence{30'000};
// Without other contact the gateway is asked every 10 s, and may take 5 s to answer.
constexpr milliseconds max_absence{30'000};

constexpr const char* word(bool up) { return up ? "UP" : "DOWN"; }

std::string check(bool up) {
  return connector::json::object_writer().string("status", word(up)).take();
}

bool makes_progress(const health_facts& facts) { return facts.since_beat < max_silence; }

// Jobs in an unreadable answer are lost until their leases end, even if other answers are readable.
bool understands(const health_facts& facts) {
  return !facts.since_unreadable || *facts.since_unreadable >= max_absence;
}

bool in_contact(const health_facts& facts) {
  return facts.since_contact && *facts.since_contact < max_absence && understands(facts);
}

probe_answer put_together(bool up, connector::json::object_writer& checks) {
  return {up, connector::json::object_writer()
                      .string("status", word(up))
                      .raw("checks", checks.take())
                      .take() +
                  "\n"};
}

void add_ready(const health_facts& facts, connector::json::object_writer& checks) {
  checks.raw("gateway", check(in_contact(facts)));
  if (facts.token) checks.raw("token", check(*facts.token));
  checks.raw("credentials", check(facts.credentials));
  checks.raw("accepting", check(!facts.stopping));
}

bool is_ready(const health_facts& facts) {
  return in_contact(facts) && facts.token.value_or(true) && facts.credentials && !facts.stopping;
}

}  // namespace

probe_answer live(const health_facts& facts) {
  connector::json::object_writer checks;
  checks.raw("loop", check(makes_progress(facts)));
  return put_together(makes_progress(facts), checks);
}

probe_answer started(const health_facts& facts) {
  connector::json::object_writer checks;
  checks.raw("worker", check(facts.started));
  return put_together(facts.started, checks);
}

probe_answer ready(const health_facts& facts) {
  connector::json::object_writer checks;
  add_ready(facts, checks);
  return put_together(is_ready(facts), checks);
}

probe_answer healthy(const health_facts& facts) {
  connector::json::object_writer checks;
  checks.raw("loop", check(makes_progress(facts)));
  add_ready(facts, checks);
  return put_together(makes_progress(facts) && is_ready(facts), checks);
}

}  // namespace worker::admin
