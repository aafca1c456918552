#include "tests/bench/round.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace bench {

using sandbox::child_process;
using std::chrono::milliseconds;

namespace {

// Until the peer works: connected, its first jobs completed, then the time of the plan.
void warm_up(const plan& how, child_process& who, stand_in_process& others, const counts& before) {
  const auto end = std::chrono::steady_clock::now() + start_time;
  while (others.look().completed == before.completed) {
    who.must_live();
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("no job was completed");
    wait(sampling);
  }
  wait(how.warm_up);
}

}  // namespace

round_figures run_round(const plan& how, sandbox::program started, stand_in_process& others) {
  const counts before = others.look();
  child_process who(std::move(started));
  warm_up(how, who, others, before);

  std::vector<counts> samples{others.look()};
  const auto cpu_before = who.cpu_time();
  const auto others_before = others.process.cpu_time();
  const auto end = std::chrono::steady_clock::now() + how.measured;
  while (std::chrono::steady_clock::now() < end) {
    wait(sampling);
    samples.push_back(others.look());
  }
  const auto cpu = who.cpu_time() - cpu_before;
  const auto others_cpu = others.process.cpu_time() - others_before;
  const counts& last = samples.back();
  who.must_live();

  round_figures out;
  const auto jobs = static_cast<double>(last.completed - samples.front().completed);
  const auto activated =
      static_cast<double>(last.polled + last.pushed - before.polled - before.pushed);
  out.jobs_per_second = slope(samples);
  out.cpu_us_per_job = jobs > 0 ? static_cast<double>(cpu.count()) / 1000 / jobs : 0;
  out.others_cpu_us_per_job = jobs > 0 ? static_cast<double>(others_cpu.count()) / 1000 / jobs : 0;
  out.rss_mb = who.peak_rss_mb();
  out.connections = static_cast<double>(last.connections - before.connections);
  out.pushed_share =
      activated > 0 ? static_cast<double>(last.pushed - before.pushed) / activated : 0;
  out.handed_back = static_cast<double>(last.hand_backs - before.hand_backs);
  for (const auto& sample : samples) {
    out.peak_activated = std::max(out.peak_activated, static_cast<double>(sample.activated));
  }
  // Quick is worth nothing when it is wrong. Jobs handed back were not called.
  const auto failed = (last.fails - last.hand_backs) - (before.fails - before.hand_backs);
  if (failed > 0 || last.incidents > before.incidents) {
    throw std::runtime_error(std::to_string(failed) + " jobs failed; see the worker's log in " +
                             how.folder.string());
  }
  who.end(milliseconds(3000));
  return out;
}

latency_figures latency_round(const plan& how, sandbox::program started, stand_in_process& others,
                              int per_second) {
  const counts before = others.look();
  child_process who(std::move(started));
  others.make_jobs(per_second);
  warm_up(how, who, others, before);
  others.take_times();
  wait(how.measured);
  const auto out = others.take_times();
  who.must_live();
  others.make_jobs(0);
  who.end(milliseconds(3000));
  return out;
}

}  // namespace bench
