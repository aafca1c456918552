// A job of the random attack as a function of the run's seed and its own number: what the task is,
// what the function answers at each attempt, and what may come of it. Plain values; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/attack/random/marks.h"
#include "tests/sandbox/engine/job.h"
#include "tests/sandbox/lambda/function.h"

namespace attack {

struct plan {
  std::uint64_t number = 0;
  std::string kind;   // for messages
  std::string nonce;  // what no other job's answer holds
  sandbox::engine::job_spec spec;
  bool at_most_once = false;
  bool masked_payload = false;
  bool asks_secret = false;          // names one, listed, and the function tells it
  std::size_t secret = 0;            // which
  std::vector<std::string> may_get;  // secrets that the function may see; it must see no other
};

plan plan_of(std::uint64_t seed, std::uint64_t number, const std::vector<secret>& secrets);

// What the function answers. `attempt` counts from 1.
sandbox::answer answer_of(std::uint64_t seed, const plan& job, const std::vector<secret>& secrets,
                          std::uint64_t attempt);
// Whether that is the good answer, in whatever dress.
bool is_whole(std::uint64_t seed, const plan& job, std::uint64_t attempt);
// The body of a good answer, which must reach the process byte for byte.
std::string good_body(std::uint64_t seed, const plan& job);

// "nonce-0123456789abcdef" of the job.
// The most jobs of a round.
inline constexpr std::size_t max_jobs = 4000;

std::string nonce_of(std::uint64_t seed, std::uint64_t number);
// Every nonce in a text.
std::vector<std::string> nonces_in(std::string_view text);
// The job's number out of the payload that the function got; none when it was lost on the way.
std::optional<std::uint64_t> number_in(std::string_view payload);

}  // namespace attack
