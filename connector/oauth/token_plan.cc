#include "connector/oauth/token_plan.h"

#include <algorithm>

namespace connector::oauth {

namespace {

// A call needs some time to reach the gateway; at most a tenth of the token's life.
constexpr std::chrono::seconds margin{10};

}  // namespace

token_plan plan_of(const access_token& token) {
  const auto life = std::max(token.expires - token.since, boot_clock::duration::zero());
  return {token.since + life / 5 * 4,
          token.expires - std::min<boot_clock::duration>(margin, life / 10)};
}

token_step step_at(const token_plan& plan, boot_clock::time_point now) {
  if (now >= plan.use_until) return token_step::wait;
  return now >= plan.renew_from ? token_step::use_and_renew : token_step::use;
}

}  // namespace connector::oauth
