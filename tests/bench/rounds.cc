#include "tests/bench/rounds.h"

#include <cstdio>
#include <utility>
#include <vector>

#include "tests/bench/loads.h"
#include "tests/bench/processes.h"
#include "tests/bench/round.h"

namespace bench {

namespace {

using sandbox::child_process;
using sandbox::program;
using std::chrono::milliseconds;

// Only where the function takes no time: there the peer's own time is what is measured. Not with
// one job in flight: the Go client holds its polls back there and completes next to nothing.
bool measures_peer(const plan& how, const point& where) {
  return !how.peer.empty() && where.delay.count() == 0 && where.in_flight > 1;
}

std::string line(const char* who, const point& where, const round_figures& got) {
  char text[128];
  std::snprintf(text, sizeof text, "  %3d in flight, %3lld ms, %-6s %8.0f jobs/s %7.1f us",
                where.in_flight, static_cast<long long>(where.delay.count()), who,
                got.jobs_per_second, got.cpu_us_per_job);
  return text;
}

double idle_memory(const plan& how, program started) {
  child_process who(std::move(started));
  wait(how.idle);
  who.must_live();
  const double out = who.rss_mb();
  who.end(milliseconds(3000));
  return out;
}

double start_ms(program started, stand_in_process& others) {
  others.process.say("first-poll");
  others.process.hear(answer_time);
  child_process who(std::move(started));
  const counts seen = counts_of(others.process.hear(start_time + answer_time));
  who.must_live();
  const auto time = seen.at - who.started_at().time_since_epoch();
  who.end(milliseconds(3000));
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

figures measure(const plan& how, const std::function<void(const std::string&)>& progress) {
  figures out;
  out.with_worker = !how.worker.empty();
  out.without_peer = how.without_peer;
  if (out.with_worker && !how.points_alone) {
    stand_in_process others(how, milliseconds(0));
    // In turns, so that both meet the same machine.
    std::vector<double> starts;
    std::vector<double> floor_starts;
    for (int i = 0; i < how.starts; ++i) {
      starts.push_back(start_ms(worker_program(how, others, 32), others));
      floor_starts.push_back(start_ms(floor_program(how, others, 32), others));
    }
    out.start_ms = median(std::move(starts));
    out.floor_start_ms = median(std::move(floor_starts));
    out.rss_mb_idle = idle_memory(how, worker_program(how, others, 32));
    out.floor_rss_mb_idle = idle_memory(how, floor_program(how, others, 32));
  }
  for (const point& where : how.points) {
    // Fresh for each point, shared by the peers of one.
    stand_in_process others(how, where.delay);
    others.keep_waiting(1000 + 4 * where.in_flight);
    std::vector<round_figures> floor;
    std::vector<round_figures> worker;
    std::vector<round_figures> peer;
    for (int round = 0; round < how.rounds; ++round) {
      if (!how.points_alone) {
        floor.push_back(run_round(how, floor_program(how, others, where.in_flight), others));
        progress(line("floor", where, floor.back()));
      }
      if (!out.with_worker) continue;
      worker.push_back(run_round(how, worker_program(how, others, where.in_flight), others));
      progress(line("worker", where, worker.back()));
      if (!measures_peer(how, where)) continue;
      peer.push_back(run_round(how, peer_program(how, others, where.in_flight), others));
      progress(line("go", where, peer.back()));
    }
    out.points.push_back({where, middle(floor), middle(worker), {}});
    if (!peer.empty()) out.points.back().peer = middle(peer);
  }
  if (how.with_loads) out.loads = measure_loads(how, progress);
  return out;
}

}  // namespace bench
