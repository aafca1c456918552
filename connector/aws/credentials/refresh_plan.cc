#include "connector/aws/credentials/refresh_plan.h"

#include <algorithm>

namespace connector::aws {

namespace {

using duration = boot_clock::duration;

duration part_of(duration whole, double share) {
  return std::chrono::duration_cast<duration>(
      std::chrono::duration<double>(std::chrono::duration<double>(whole).count() * share));
}

}  // namespace

refresh_plan plan_refresh(std::optional<boot_clock::time_point> expires, boot_clock::time_point now,
                          double chance, const refresh_limits& limits) {
  constexpr auto never = boot_clock::time_point::max();
  if (!expires) return {never, never};
  const duration life = std::max(*expires - now, duration::zero());
  const duration ahead = std::min<duration>(limits.ahead, life / 4);
  const duration margin = std::min<duration>(limits.margin, life / 10);
  return {*expires - ahead + part_of(ahead / 5, chance), *expires - margin};
}

refresh_step step_at(const refresh_plan& plan, boot_clock::time_point now) {
  if (now >= plan.use_until) return refresh_step::wait;
  return now >= plan.renew_from ? refresh_step::use_and_renew : refresh_step::use;
}

std::chrono::milliseconds pause_after(int failures, double chance, const refresh_limits& limits) {
  auto pause = limits.first_pause;
  for (int i = 1; i < failures && pause < limits.max_pause; ++i) pause *= 2;
  pause = std::min(pause, limits.max_pause);
  return pause / 2 + std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::duration<double, std::milli>(
                             static_cast<double>(pause.count()) / 2 * chance));
}

}  // namespace connector::aws
