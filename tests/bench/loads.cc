#include "tests/bench/loads.h"

#include <vector>

#include "tests/bench/processes.h"
#include "tests/bench/round.h"
#include "tests/bench/text.h"

namespace bench {

namespace {

using std::chrono::milliseconds;

constexpr int slots = 32;
constexpr int quiet_rate = 1000;
constexpr milliseconds slow{100};
constexpr int flood_rate = 640;  // twice of what the slots can do
constexpr milliseconds until_flooded{4000};

std::string line(const char* who, const latency_figures& got) {
  return text("  %d jobs/s, %-6s p50 %6.0f us, p99 %6.0f us", quiet_rate, who, got.p50_us,
              got.p99_us);
}

std::string line(const char* how, const round_figures& got) {
  return text("  backlog, %-6s %7.1f us, at most %.0f activated, %.0f handed back", how,
              got.cpu_us_per_job, got.peak_activated, got.handed_back);
}

latency_figures middle(const std::vector<latency_figures>& rounds) {
  latency_figures out;
  for (const auto member : {&latency_figures::p50_us, &latency_figures::p99_us}) {
    std::vector<double> values;
    for (const auto& round : rounds) values.push_back(round.*member);
    out.*member = median(std::move(values));
  }
  return out;
}

}  // namespace

load_figures measure_loads(const plan& how,
                           const std::function<void(const std::string&)>& progress) {
  load_figures out;
  {
    plan timed = how;
    timed.time_jobs = true;
    stand_in_process others(timed, milliseconds(0));
    std::vector<latency_figures> floor;
    std::vector<latency_figures> worker;
    for (int round = 0; round < how.rounds; ++round) {
      floor.push_back(latency_round(how, floor_program(how, others, slots), others, quiet_rate));
      progress(line("floor", floor.back()));
      worker.push_back(latency_round(how, worker_program(how, others, slots), others, quiet_rate));
      progress(line("worker", worker.back()));
    }
    out.floor = middle(floor);
    out.worker = middle(worker);
  }
  // A flood needs longer to show itself: the worker closes a stream and opens it again meanwhile.
  plan longer = how;
  longer.warm_up = until_flooded;
  longer.measured = 2 * how.measured;
  std::vector<round_figures> polled;
  std::vector<round_figures> pushed;
  for (int round = 0; round < how.rounds; ++round) {
    {
      stand_in_process others(how, slow);
      others.keep_waiting(1000);
      const std::vector<std::string> no_stream{"CAMUNDA_CLIENT_WORKER_STREAM_ENABLED=false"};
      polled.push_back(run_round(longer, worker_program(how, others, slots, no_stream), others));
      progress(line("polled", polled.back()));
    }
    stand_in_process others(how, slow);
    others.make_jobs(flood_rate);
    pushed.push_back(run_round(longer, worker_program(how, others, slots), others));
    progress(line("pushed", pushed.back()));
  }
  out.polled = middle(polled);
  out.pushed = middle(pushed);
  return out;
}

}  // namespace bench
