#include "tests/sandbox/demo/demo.h"

#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "tests/sandbox/demo/batch.h"
#include "tests/sandbox/demo/progress.h"
#include "tests/sandbox/demo/stage.h"
#include "tests/sandbox/demo/stay.h"

namespace sandbox::demo {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds start_limit{20'000};
constexpr milliseconds jobs_limit{120'000};
constexpr milliseconds stop_limit{30'000};
constexpr int interrupted = 130;

bool signalled(const sigset_t& signals, milliseconds wait) {
  const timespec time{0, std::chrono::nanoseconds(wait).count()};
  return ::sigtimedwait(&signals, nullptr, &time) > 0;
}

// Until every job has an end, the time is over, or a signal comes: false.
bool watch(stage& all, const sigset_t& end_signals) {
  const auto end = steady_clock::now() + jobs_limit;
  progress shown;
  for (;;) {
    const auto totals = all.gateway().totals();
    const bool over = totals.open == 0 || steady_clock::now() > end;
    if (over) {
      shown.end(totals);
      return true;
    }
    shown.show(totals);
    all.worker().must_live();
    if (signalled(end_signals, milliseconds(20))) return false;
  }
}

std::string figures_text(stage& all, std::size_t jobs, steady_clock::duration time,
                         std::chrono::nanoseconds cpu) {
  const double seconds = std::chrono::duration<double>(time).count();
  const auto counted = all.functions().account().counted();
  char text[400];
  std::snprintf(text, sizeof text,
                "time        %.1f s, %.0f jobs/s; 32 run at a time, and a tenth of them takes 3 s\n"
                "worker      %.0f us of processor time for a job (answers of 3 MB included), at "
                "most %.0f MiB of memory\n"
                "connections %llu opened for %llu requests to Lambda\n",
                seconds, static_cast<double>(jobs) / seconds,
                static_cast<double>(cpu.count()) / 1000 / static_cast<double>(jobs),
                all.worker().peak_rss_mb(), static_cast<unsigned long long>(counted.connections),
                static_cast<unsigned long long>(counted.requests));
  return text;
}

// What is wrong with the worker's log.
std::optional<std::string> secret_in_log(const stage& all) {
  std::ifstream file(all.log_file());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const auto& secret : all.never_shown()) {
    if (text.find(secret) != std::string::npos) {
      return "a secret stands in clear in " + all.log_file().string();
    }
  }
  return std::nullopt;
}

// SIGTERM must end it by itself, with nothing left open.
void stop_worker(stage& all, findings& so_far) {
  if (all.worker().end(stop_limit) != 0) {
    so_far.wrong.push_back("after SIGTERM the worker ended " + all.worker().how_it_ended() +
                           ", see " + all.log_file().string());
  }
  if (auto leaked = secret_in_log(all)) so_far.wrong.push_back(std::move(*leaked));
}

void print(const findings& all) {
  for (const auto& wrong : all.wrong) std::cout << "wrong: " << wrong << '\n';
  std::cout << "demo: " << all.jobs << " jobs, " << all.lost << " lost";
  if (!all.wrong.empty()) std::cout << ", " << all.wrong.size() << " wrong, see above";
  std::cout << std::endl;
}

}  // namespace

int run(const demo_options& how, const sigset_t& end_signals) {
  stage all(how.worker, how.folder);
  all.wait_for_worker(start_limit);
  const auto kinds = all_kinds(all.hidden());
  std::cout << "worker " << all.worker().pid() << " runs, its log is " << all.log_file().string()
            << '\n'
            << std::flush;

  const auto cpu_before = all.worker().cpu_time();
  const auto begin = steady_clock::now();
  const batch jobs(all, kinds, how.jobs_of_a_kind);
  if (!watch(all, end_signals)) {
    std::cout << "\ndemo: stopped by a signal before all jobs had ended" << std::endl;
    all.worker().end(stop_limit);
    return interrupted;
  }
  const auto time = steady_clock::now() - begin;
  const auto cpu = all.worker().cpu_time() - cpu_before;

  findings found = jobs.judge();
  std::cout << found.table << '\n' << figures_text(all, found.jobs, time, cpu) << '\n';
  if (how.stay) {
    print(found);
    std::cout << '\n' << how_to_look(all, how.worker);
    stay(all, kinds, end_signals);
  }
  const auto before_stop = found.wrong.size();
  stop_worker(all, found);
  if (how.stay) {
    for (auto i = before_stop; i < found.wrong.size(); ++i) {
      std::cout << "wrong: " << found.wrong[i] << '\n';
    }
    std::cout << "demo: stopped" << std::endl;
  } else {
    print(found);
  }
  return found.wrong.empty() && found.lost == 0 ? 0 : 1;
}

}  // namespace sandbox::demo
