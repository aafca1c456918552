#include "worker/engine/thread_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace worker::engine {

std::size_t threads_of_grpc(unsigned processors) {
  // Timers, two executors, the poller of calls and one of name look-ups; and a pool by processors.
  constexpr unsigned fixed = 5;
  return fixed + std::clamp(processors, 2U, 16U);
}

void try_threads(std::size_t count, const thread_starter& start) {
  const thread_starter begin =
      start ? start : [](std::function<void()> body) { return std::thread(std::move(body)); };
  std::promise<void> over;
  const auto end = over.get_future().share();
  std::vector<std::thread> started;
  started.reserve(count);
  std::string why;
  try {
    while (started.size() < count) started.push_back(begin([end] { end.wait(); }));
  } catch (const std::system_error& failed) {
    why = failed.what();
  }
  over.set_value();
  for (auto& each : started) each.join();
  if (why.empty()) return;
  throw std::runtime_error(fmt::format(
      "of the {} threads that the gateway's library needs only {} can be started ({}): raise the "
      "limit of processes and threads (ulimit -u, the pids of the container), or of memory",
      count, started.size(), why));
}

}  // namespace worker::engine
