#include "tests/bench/figures.h"

#include <algorithm>
#include <cmath>

namespace bench {

double slope(const std::vector<counts>& samples) {
  if (samples.size() < 2) return 0;
  const auto seconds = [&](const counts& sample) {
    return std::chrono::duration<double>(sample.at - samples.front().at).count();
  };
  const auto jobs = [&](const counts& sample) {
    return static_cast<double>(sample.completed - samples.front().completed);
  };
  const auto n = static_cast<double>(samples.size());
  double mean_time = 0;
  double mean_jobs = 0;
  for (const auto& sample : samples) {
    mean_time += seconds(sample) / n;
    mean_jobs += jobs(sample) / n;
  }
  double together = 0;
  double alone = 0;
  for (const auto& sample : samples) {
    const double apart = seconds(sample) - mean_time;
    together += apart * (jobs(sample) - mean_jobs);
    alone += apart * apart;
  }
  return alone > 0 ? together / alone : 0;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = values.begin() + std::lround(last * part);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

round_figures middle(const std::vector<round_figures>& rounds) {
  const auto of = [&](double round_figures::*member) {
    std::vector<double> values;
    for (const auto& round : rounds) values.push_back(round.*member);
    return values;
  };
  round_figures out;
  for (const auto member : {&round_figures::jobs_per_second, &round_figures::cpu_us_per_job,
                            &round_figures::others_cpu_us_per_job, &round_figures::connections,
                            &round_figures::pushed_share, &round_figures::handed_back}) {
    out.*member = median(of(member));
  }
  for (const auto most : {&round_figures::rss_mb, &round_figures::peak_activated}) {
    for (const double peak : of(most)) out.*most = std::max(out.*most, peak);
  }
  return out;
}

double point_figures::floor_ratio() const {
  return floor.jobs_per_second > 0 ? worker.jobs_per_second / floor.jobs_per_second : 0;
}

std::optional<double> point_figures::peer_ratio() const {
  if (!peer || worker.cpu_us_per_job <= 0) return std::nullopt;
  return peer->cpu_us_per_job / worker.cpu_us_per_job;
}

std::optional<double> point_figures::slots_used(const point& where, double jobs_per_second) {
  if (where.delay.count() == 0) return std::nullopt;
  const double possible = where.in_flight / std::chrono::duration<double>(where.delay).count();
  return jobs_per_second / possible;
}

const point_figures* figures::at(const point& where) const {
  const auto found = std::find_if(points.begin(), points.end(),
                                  [&](const point_figures& each) { return each.where == where; });
  return found == points.end() ? nullptr : &*found;
}

std::vector<target> targets(const figures& all) {
  std::vector<target> out;
  if (!all.with_worker) return out;
  using std::chrono::milliseconds;
  if (all.start_ms > 0) {
    out.push_back({"start_ms", 50, false, all.start_ms});
    out.push_back({"rss_mb_idle_above_floor", 4, false, all.rss_mb_idle_above_floor()});
  }
  if (const auto* quick = all.at({32, milliseconds(0)})) {
    out.push_back({"floor_ratio_32", 0.6, true, quick->floor_ratio()});
    if (quick->floor.cpu_us_per_job > 0) {
      out.push_back({"cpu_over_floor_32", 1.9, false,
                     quick->worker.cpu_us_per_job / quick->floor.cpu_us_per_job});
    }
  }
  if (const auto* many = all.at({500, milliseconds(0)})) {
    out.push_back({"rss_mb_500", 40, false, many->worker.rss_mb});
  }
  if (const auto* slow = all.at({32, milliseconds(100)})) {
    const auto used = point_figures::slots_used(slow->where, slow->worker.jobs_per_second);
    out.push_back({"slots_used_32_100ms", 0.98, true, used.value_or(0)});
  }
  if (const auto* slow = all.at({500, milliseconds(100)})) {
    const auto used = point_figures::slots_used(slow->where, slow->worker.jobs_per_second);
    out.push_back({"slots_used_500_100ms", 0.96, true, used.value_or(0)});
  }
  if (const auto& loads = all.loads) {
    out.push_back({"added_p50_us", 200, false, loads->worker.p50_us - loads->floor.p50_us});
    out.push_back({"added_p99_us", 1000, false, loads->worker.p99_us - loads->floor.p99_us});
    if (loads->polled.cpu_us_per_job > 0) {
      out.push_back({"pushed_over_polled", 1.3, false,
                     loads->pushed.cpu_us_per_job / loads->polled.cpu_us_per_job});
    }
    out.push_back({"pushed_peak_activated", 300, false, loads->pushed.peak_activated});
  }
  return out;
}

}  // namespace bench
