#include "tests/attack/random/findings.h"

#include <fmt/format.h>

#include <algorithm>

namespace attack {
namespace {

using sandbox::engine::job_state;

constexpr std::size_t longest_message = 6000;

// All that the worker said about the job, beside the function's answer.
std::string said_about(const sandbox::engine::job_account& found, bool with_payload) {
  std::string out;
  for (const auto& text : {found.fail_message, found.incident_message, found.error_message,
                           found.error_code, found.error_variables, found.fail_variables}) {
    out += text + '\n';
  }
  for (const auto& each : found.process_variables) {
    if (each.name == "lambda") continue;  // what the task was given
    if (!with_payload && (each.name == "payload" || each.name == "lambdaPayload")) continue;
    out += each.name + '=' + each.value + '\n';
  }
  return out;
}

bool begins_with_a_code(const std::string& message) {
  const auto end = message.find(':');
  return end != std::string::npos && end > 3 &&
         std::all_of(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

// A broken wire changes bytes, also those of the job's own nonce: such a text belongs to no job.
bool is_nonce_of_round(std::uint64_t seed, const std::string& nonce) {
  for (std::uint64_t number = 0; number < max_jobs; ++number) {
    if (nonce_of(seed, number) == nonce) return true;
  }
  return false;
}

}  // namespace

std::vector<finding> wrong_with(std::uint64_t seed, const plan& job,
                                const sandbox::engine::job_account& found,
                                const sandbox::tally& called, const std::vector<secret>& secrets) {
  std::vector<finding> out;
  switch (found.state) {
    case job_state::completed:
    case job_state::incident:
    case job_state::error_thrown:
      break;
    default:
      out.push_back(
          {"has no end", fmt::format("{}, activated {} times, {} retries left",
                                     to_string(found.state), found.activated(), found.retries)});
  }
  if (job.at_most_once && called.executions > 1) {
    out.push_back({"ran more than once although it says atMostOnce",
                   fmt::format("{} times", called.executions)});
  }
  const int kind = job.spec.kind;
  if ((kind == 1 || kind == 2) && found.state == job_state::error_thrown) {
    out.push_back({"is a listener's job and threw an error", found.error_code});
  }
  if (kind > 2 && called.executions > 0) {
    out.push_back({"is of a kind that is not served, and its function ran", std::to_string(kind)});
  }
  const auto everything = said_about(found, true);
  for (const auto& nonce : nonces_in(everything)) {
    if (nonce != job.nonce && is_nonce_of_round(seed, nonce)) {
      out.push_back({"holds the answer of another job", nonce});
    }
  }
  if (everything.find(R"("surplus":true)") != std::string::npos) {
    out.push_back({"holds what came behind an answer", ""});
  }
  const auto payload = found.process_variable("payload");
  if (found.state == job_state::completed && payload && !job.masked_payload &&
      is_whole(seed, job, called.requests) && payload->find(job.nonce) != std::string::npos &&
      *payload != good_body(seed, job)) {
    out.push_back({"its answer was changed", payload->substr(0, 300)});
  }
  for (const auto& [name, around] : seen_in(said_about(found, job.masked_payload), secrets)) {
    out.push_back({"shows a secret", name + ": " + around});
  }
  if (found.fail_message.size() > longest_message) {
    out.push_back({"its message is too long", fmt::format("{} bytes", found.fail_message.size())});
  }
  if (found.state == job_state::incident && found.error_code.empty() &&
      !begins_with_a_code(found.incident_message)) {
    out.push_back({"its incident names no code", found.incident_message.substr(0, 200)});
  }
  return out;
}

}  // namespace attack
