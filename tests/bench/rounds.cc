#include "tests/bench/rounds.h"

#include <poll.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "tests/sandbox/process/child_process.h"

namespace bench {

namespace {

using sandbox::child_process;
using sandbox::program;
using std::chrono::milliseconds;

constexpr milliseconds sampling{10};
constexpr milliseconds answer_time{10000};
constexpr milliseconds start_time{20000};

enum class peer { floor, worker };

// Lets time pass while something is measured.
void wait(milliseconds time) { ::poll(nullptr, 0, static_cast<int>(time.count())); }

// The process of the stand-ins and where they are reached.
class stand_in_process {
 public:
  stand_in_process(const plan& how, milliseconds delay)
      : ca_file((how.folder / "ca.pem").string()),
        process({"the stand-ins",
                 how.self,
                 {"--role", "stand-ins", "--delay", std::to_string(delay.count()), "--ca", ca_file,
                  "--payload", std::to_string(how.payload), "--functions",
                  std::to_string(how.functions)},
                 {},
                 how.folder / "stand-ins.log",
                 true}) {
    std::istringstream greeting(process.hear(start_time));
    if (!(greeting >> gateway_port >> lambda_port >> region >> key_id >> secret)) {
      throw std::runtime_error("the stand-ins greeted with something else");
    }
  }

  counts look() {
    process.say("counts");
    return counts_of(process.hear(answer_time));
  }

  void keep_waiting(int jobs) {
    process.say("backlog " + std::to_string(jobs));
    process.hear(answer_time);
  }

  const std::string ca_file;
  std::string gateway_port;
  std::string lambda_port;
  std::string region;
  std::string key_id;
  std::string secret;
  child_process process;
};

program floor_program(const plan& how, const stand_in_process& others, int in_flight) {
  return {"the floor",
          how.self,
          {"--role", "floor", "--gateway", "127.0.0.1:" + others.gateway_port, "--lambda-port",
           others.lambda_port, "--ca", others.ca_file, "--in-flight", std::to_string(in_flight)},
          {},
          how.folder / "floor.log"};
}

// As an operator would do it: by environment, and nothing but what is needed.
program worker_program(const plan& how, const stand_in_process& others, int in_flight) {
  const char* const path = std::getenv("PATH");
  return {"the worker",
          how.worker,
          {},
          {"PATH=" + std::string(path != nullptr ? path : "/usr/bin:/bin"),
           "CAMUNDA_GRPC_ADDRESS=http://127.0.0.1:" + others.gateway_port,
           "CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE=" + std::to_string(in_flight),
           "AWS_REGION=" + others.region, "AWS_ACCESS_KEY_ID=" + others.key_id,
           "AWS_SECRET_ACCESS_KEY=" + others.secret,
           "AWS_ENDPOINT_URL_LAMBDA=https://localhost:" + others.lambda_port,
           "AWS_CA_BUNDLE=" + others.ca_file, "LOG_LEVEL=warning",
           "LAMBDA_CONNECTOR_ADMIN_ADDRESS=127.0.0.1:0"},
          how.folder / "worker.log"};
}

// Only where the function takes no time: there the peer's own time is what is measured. Not with
// one job in flight: the Go client holds its polls back there and completes next to nothing.
bool measures_peer(const plan& how, const point& where) {
  return !how.peer.empty() && where.delay.count() == 0 && where.in_flight > 1;
}

program peer_program(const plan& how, const stand_in_process& others, int in_flight) {
  return {"the Go worker",
          how.peer,
          {"--gateway", "127.0.0.1:" + others.gateway_port, "--endpoint",
           "https://localhost:" + others.lambda_port, "--ca", others.ca_file, "--in-flight",
           std::to_string(in_flight)},
          {"AWS_REGION=" + others.region, "AWS_ACCESS_KEY_ID=" + others.key_id,
           "AWS_SECRET_ACCESS_KEY=" + others.secret, "AWS_EC2_METADATA_DISABLED=true"},
          how.folder / "go.log"};
}

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

round_figures run_round(const plan& how, program started, stand_in_process& others) {
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
  // Quick is worth nothing when it is wrong. Jobs handed back were not called.
  const auto failed = (last.fails - last.hand_backs) - (before.fails - before.hand_backs);
  if (failed > 0 || last.incidents > before.incidents) {
    throw std::runtime_error(std::to_string(failed) + " jobs failed; see the worker's log in " +
                             how.folder.string());
  }
  who.end(milliseconds(3000));
  return out;
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
  return out;
}

}  // namespace bench
