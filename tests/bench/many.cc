#include "tests/bench/many.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <stdexcept>

#include "tests/bench/processes.h"
#include "tests/bench/text.h"

namespace bench {

namespace {

using sandbox::child_process;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int many = 10'000;
constexpr milliseconds call_time = seconds(20);
constexpr milliseconds after_the_answers = seconds(5);
constexpr milliseconds longest = seconds(180);
constexpr milliseconds longest_stop = seconds(60);

std::size_t open_descriptors(const child_process& of) {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(of.pid()) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// Calls under way, as Lambda sees it. A result that the engine has not taken counts as one.
std::uint64_t under_way(const counts& now) {
  return now.requests - std::min(now.requests, now.completed);
}

// False: not in time.
bool wait_for(child_process& worker, stand_in_process& others,
              const std::function<bool(const counts&)>& reached) {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!reached(others.look())) {
    worker.must_live();
    if (std::chrono::steady_clock::now() > end) return false;
    wait(sampling);
  }
  return true;
}

}  // namespace

bool run_ten_thousand(const plan& how, const std::function<void(const std::string&)>& progress) {
  stand_in_process others(how, call_time);
  // As many again wait in the worker's queue.
  others.keep_waiting(3 * many);
  child_process worker(worker_program(how, others, many));
  const bool all_there =
      wait_for(worker, others, [](const counts& now) { return under_way(now) >= many; });
  const auto at_once = others.look();
  progress(text("%d calls at Lambda at once over %d connections, %zu descriptors, %.0f MiB",
                static_cast<int>(under_way(at_once)), static_cast<int>(at_once.connections),
                open_descriptors(worker), worker.rss_mb()));
  if (!all_there) return false;

  others.stop_engine();
  wait(call_time + after_the_answers);
  worker.must_live();
  progress(text("the engine is away and the answers are there: %.0f MiB", worker.rss_mb()));
  const auto before = others.look();
  others.start_engine();
  const bool delivered = wait_for(worker, others, [&before](const counts& now) {
    return now.completed >= before.completed + many;
  });
  progress(text("%d results delivered after it, at most %.0f MiB",
                static_cast<int>(others.look().completed - before.completed),
                worker.peak_rss_mb()));
  if (!delivered) return false;

  const bool again =
      wait_for(worker, others, [](const counts& now) { return under_way(now) >= many; });
  const auto stopped = std::chrono::steady_clock::now();
  const int code = worker.end(longest_stop);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - stopped;
  const auto last = others.look();
  progress(
      text("SIGTERM with %s under way: exit code %d after %.1f s, %d jobs still out, %d expired, "
           "%d called and not completed",
           again ? "ten thousand" : "fewer", code, took.count(), static_cast<int>(last.activated),
           static_cast<int>(last.expired), static_cast<int>(under_way(last))));
  const bool failed = last.incidents > 0 || last.fails > last.hand_backs;
  return again && code == 0 && !failed && last.activated == 0 && under_way(last) == 0;
}

}  // namespace bench
