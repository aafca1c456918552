#include "tests/bench/fleet.h"

#include <memory>
#include <vector>

#include "tests/bench/processes.h"
#include "tests/bench/text.h"

namespace bench {

namespace {

using sandbox::child_process;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int workers = 10;
constexpr int slots_of_each = 32;
constexpr milliseconds short_call{500};
constexpr int most_at_once = 100;  // calls at once, of the 320 that the workers may make

// Two polls of each worker fit into it.
constexpr milliseconds idle_time = seconds(20);
constexpr milliseconds settling = seconds(8);
constexpr milliseconds watched = seconds(15);
constexpr milliseconds stop_time = seconds(40);

using fleet = std::vector<std::unique_ptr<child_process>>;

fleet started(const plan& how, const stand_in_process& others) {
  fleet all;
  for (int number = 0; number < workers; ++number) {
    auto one = worker_program(how, others, slots_of_each);
    one.log = how.folder / ("worker-" + std::to_string(number) + ".log");
    all.push_back(std::make_unique<child_process>(std::move(one)));
  }
  return all;
}

bool ended(fleet& all) {
  bool in_order = true;
  for (auto& one : all) in_order = one->end(stop_time) == 0 && in_order;
  return in_order;
}

double per_second(std::uint64_t now, std::uint64_t before, milliseconds time) {
  return static_cast<double>(now - before) / std::chrono::duration<double>(time).count();
}

// `limit`: calls at once that the account allows; 0: any number.
bool run_loaded(const plan& how, int limit,
                const std::function<void(const std::string&)>& progress) {
  plan limited = how;
  limited.account_limit = limit;
  stand_in_process others(limited, short_call);
  fleet all = started(limited, others);
  if (limit == 0) {
    wait(settling);
    const counts before = others.look();
    wait(idle_time);
    const counts now = others.look();
    progress(text("%d workers without a job: %d streams, %.1f polls a second", workers,
                  static_cast<int>(now.streams), per_second(now.polls, before.polls, idle_time)));
  }
  others.keep_waiting(2000);
  wait(settling);
  const counts before = others.look();
  wait(watched);
  const counts now = others.look();
  const double done = per_second(now.completed, before.completed, watched);
  const double calls = per_second(now.requests, before.requests, watched);
  const double possible = (limit > 0 ? limit : workers * slots_of_each) /
                          std::chrono::duration<double>(short_call).count();
  progress(
      text("%d slots, %s: %.0f jobs a second, %.0f %% of what is possible; of %.0f calls %.1f a "
           "second throttled; %.1f polls a second",
           workers * slots_of_each,
           limit > 0 ? ("the account takes " + std::to_string(limit)).c_str() : "no limit", done,
           100 * done / possible, calls, per_second(now.throttled, before.throttled, watched),
           per_second(now.polls, before.polls, watched)));
  others.keep_waiting(0);
  const bool in_order = ended(all);
  const counts last = others.look();
  progress(
      text("  %d incidents, %d failed attempts, %d handed back, %d activations expired, %d "
           "still out after the stop",
           static_cast<int>(last.incidents), static_cast<int>(last.fails - last.hand_backs),
           static_cast<int>(last.hand_backs), static_cast<int>(last.expired),
           static_cast<int>(last.activated)));
  return in_order && last.incidents == 0 && last.activated == 0;
}

}  // namespace

bool run_fleet(const plan& how, const std::function<void(const std::string&)>& progress) {
  const bool free = run_loaded(how, 0, progress);
  const bool limited = run_loaded(how, most_at_once, progress);
  return free && limited;
}

}  // namespace bench
