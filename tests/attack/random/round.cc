#include "tests/attack/random/round.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "tests/attack/random/findings.h"
#include "tests/attack/random/weather.h"
#include "tests/faults/shipped.h"
#include "tests/unit/worker/temporary_folder.h"

namespace attack {
namespace {

using faults::shipped;
using journey::test_environment;
using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr std::size_t max_open = 120;
constexpr std::uint64_t of_steps = 40;
// After calm, with leases of 8 s: for what hangs, not for what is slow.
constexpr milliseconds until_all_have_ended{150'000};
constexpr double max_worker_mb = 3000;

// What functions saw that they must not see. Written by Lambda's threads.
class witness {
 public:
  void tell(std::string sentence) {
    const std::lock_guard lock(mutex_);
    if (told_.size() < 20) told_.push_back(std::move(sentence));
  }
  std::vector<std::string> told() {
    const std::lock_guard lock(mutex_);
    return told_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> told_;
};

std::string all_of(const sandbox::invocation& in) {
  std::string out =
      in.payload + '\n' + in.client_context + '\n' + in.target + '\n' + in.access_key_id;
  for (const auto& [name, value] : in.headers) out += '\n' + name + ": " + value;
  return out;
}

sandbox::answer played(std::uint64_t seed, const std::vector<secret>& secrets, witness& seen,
                       const sandbox::invocation& in) {
  const auto number = number_in(in.payload);
  if (!number || *number >= max_jobs) return sandbox::json_answer(R"({"lost":"number"})");
  const auto job = plan_of(seed, *number, secrets);
  for (const auto& [name, around] : seen_in(all_of(in), secrets)) {
    if (std::find(job.may_get.begin(), job.may_get.end(), name) == job.may_get.end()) {
      seen.tell(fmt::format("job {} ({}): its function got the secret {}: {}", *number, job.kind,
                            name, around));
    }
  }
  return answer_of(seed, job, secrets, in.attempt);
}

journey::environment_variables worker_variables(const std::vector<secret>& secrets) {
  journey::environment_variables out = {{"LOG_LEVEL", "debug"},
                                        {"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "127.0.0.1:0"},
                                        {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "8000"},
                                        {"AWS_EC2_METADATA_DISABLED", "true"}};
  for (const auto& each : secrets) out["SECRET_" + each.name] = each.value;
  return out;
}

class round {
 public:
  round(std::uint64_t seed, milliseconds time)
      : seed_(seed),
        time_(time),
        secrets_(secrets_of(seed)),
        env_(options()),
        worker_(env_, worker_variables(secrets_)) {
    env_.lambda().register_function("attack", [this](const sandbox::invocation& in) {
      return played(seed_, secrets_, seen_, in);
    });
  }

  round_report play() {
    attack_for();
    sky_.calm();
    if (!env_.engine().wait_until([&] { return env_.engine().totals().open == 0 || fallen(); },
                                  until_all_have_ended)) {
      wrong(fmt::format("{} jobs have no end {} s after calm", env_.engine().totals().open,
                        until_all_have_ended.count() / 1000));
    }
    judge_worker();
    // Without a worker no job has an end, and that is one finding.
    if (!died_) judge_jobs();
    for (const auto& [kind, count] : kinds_) {
      if (count > 5) report_.wrong.push_back(fmt::format("in all {} times: {}", count, kind));
    }
    if (!report_.wrong.empty()) report_.worker_log = worker_.log();
    return report_;
  }

 private:
  static journey::test_environment_options options() {
    journey::test_environment_options out;
    out.start_worker = false;
    out.engine.command_timeout = milliseconds(1500);
    out.engine.expiry_interval = milliseconds(100);
    out.lambda.record = false;
    return out;
  }

  // Five of a kind say enough; `kind` is how the sentence begins.
  void wrong(const std::string& kind, const std::string& about = "") {
    if (++kinds_[kind] <= 5) report_.wrong.push_back(about.empty() ? kind : kind + ": " + about);
  }

  bool fallen() {
    try {
      worker_.process().must_live();
      return false;
    } catch (const std::exception& end) {
      if (!died_) wrong(std::string("the worker ended: ") + end.what());
      died_ = true;
      return true;
    }
  }

  void attack_for() {
    const auto end = clock::now() + time_;
    auto next_step = clock::now();
    while (clock::now() < end && !fallen()) {
      while (jobs_.size() < max_jobs && env_.engine().totals().open < max_open) {
        jobs_.push_back(env_.engine().create(plan_of(seed_, jobs_.size(), secrets_).spec));
      }
      if (clock::now() >= next_step) {
        told_ = sky_.begin(report_.faults);
        dice from(seed_, of_steps, report_.faults++);
        next_step = clock::now() + milliseconds(from.between(50, 700));
      }
      report_.worker_mb = std::max(report_.worker_mb, worker_.process().rss_mb());
      static_cast<void>(env_.engine().wait_until([] { return false; }, milliseconds(20)));
    }
  }

  void judge_worker() {
    std::string said;
    if (!died_) {
      for (const auto* const path : {"/metrics", "/healthz", "/readyz", "/livez"}) {
        const auto body = worker_.body_of(path);
        if (body.empty()) wrong(fmt::format("the admin port gives nothing at {}", path));
        said += body;
      }
      const int code = worker_.process().end(milliseconds(60'000));
      if (code != 0 && code != 1)
        wrong("asked to end, it ended " + worker_.process().how_it_ended());
    }
    const auto log = worker_.log();
    for (const auto* const sign :
         {"ERROR: AddressSanitizer", "runtime error:", "LeakSanitizer", "terminate called"}) {
      const auto at = log.find(sign);
      if (at != std::string::npos) wrong("a sanitizer's word: " + log.substr(at, 1500));
    }
    for (const auto& [name, around] : seen_in(log, secrets_))
      wrong("the log shows a secret", name + ": " + around);
    for (const auto& [name, around] : seen_in(said, secrets_)) {
      wrong("the admin port shows a secret", name + ": " + around);
    }
    if (!nonces_in(log).empty()) wrong("the log holds payload: " + nonces_in(log).front());
    if (report_.worker_mb > max_worker_mb)
      wrong(fmt::format("the worker took {:.0f} MB", report_.worker_mb));
  }

  void judge_jobs() {
    for (const auto& about : seen_.told())
      wrong("its function got a secret that is not its task's", about);
    const auto totals = env_.engine().totals();
    if (!totals.adds_up()) wrong("the engine's account does not add up");
    for (std::size_t number = 0; number < jobs_.size(); ++number) {
      const auto found = env_.engine().account(jobs_[number]);
      const auto job = plan_of(seed_, number, secrets_);
      const auto called = env_.lambda().account().job(std::to_string(jobs_[number]));
      for (const auto& [kind, detail] : wrong_with(seed_, job, *found, called, secrets_)) {
        wrong(kind, fmt::format("job {} ({}) {}", number, job.kind, detail));
      }
      report_.activations += found->activated();
      report_.runs += called.executions;
    }
    report_.jobs = jobs_.size();
    report_.completed = totals.completed;
    report_.incidents = totals.incident;
    report_.thrown = totals.error_thrown;
  }

  const std::uint64_t seed_;
  const milliseconds time_;
  const std::vector<secret> secrets_;
  witness seen_;
  test_environment env_;
  shipped worker_;
  weather sky_{env_, seed_};
  std::vector<std::int64_t> jobs_;
  std::string told_;
  round_report report_;
  std::map<std::string, std::size_t> kinds_;
  bool died_ = false;
};

}  // namespace

round_report play_round(std::uint64_t seed, milliseconds time) { return round(seed, time).play(); }

}  // namespace attack
