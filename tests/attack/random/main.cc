// random_attack [--seed N] [--seconds N]: rounds of at most half a minute, each with a seed of its
// own, until the time is over. A line for each round; what was wrong below it, with what to repeat.
// Exit code 0: nothing was wrong.
#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "tests/attack/random/round.h"

namespace {

using std::chrono::seconds;

constexpr seconds longest_round{30};

// Counts the wrong things.
std::size_t show(std::uint64_t seed, seconds time, const attack::round_report& found) {
  fmt::print(
      "random  {:<7} seed {}: {} jobs ({} completed, {} incidents, {} thrown), {} activations, {} "
      "runs, {} faults, {:.0f} MB\n",
      found.wrong.empty() ? "held" : "BROKEN", seed, found.jobs, found.completed, found.incidents,
      found.thrown, found.activations, found.runs, found.faults, found.worker_mb);
  for (const auto& sentence : found.wrong) fmt::print("        {}\n", sentence);
  if (!found.wrong.empty()) {
    const auto kept = fmt::format("build/attack-{}.log", seed);
    std::ofstream(kept) << found.worker_log;
    fmt::print("        the worker's log: {}\n", kept);
    fmt::print("        again: ./dev attack --random --seed {} --seconds {}\n", seed, time.count());
  }
  std::fflush(stdout);
  return found.wrong.size();
}

int attack_for(std::uint64_t seed, seconds time) {
  const auto begin = std::chrono::steady_clock::now();
  std::size_t wrong = 0;
  std::size_t rounds = 0;
  for (;; ++seed) {
    const auto spent =
        std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - begin);
    if (spent >= time) break;
    const auto length = std::min(longest_round, time - spent);
    wrong += show(seed, length, attack::play_round(seed, length));
    ++rounds;
  }
  fmt::print("random: {} rounds, {} findings\n", rounds, wrong);
  return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App program("Jobs, answers and faults from a seed, against the program that ships.");
  std::uint64_t seed = 1;
  std::int64_t time = 30;
  program.add_option("--seed", seed, "Of the first round; the next ones count up")
      ->capture_default_str();
  program.add_option("--seconds", time, "How long new jobs and faults are made")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  CLI11_PARSE(program, count, arguments);
  // Messages that cannot be read are made on purpose; protobuf would say so each time.
  google::protobuf::SetLogHandler(nullptr);
  try {
    return attack_for(seed, seconds(time));
  } catch (const std::exception& failed) {
    fmt::print(stderr, "random_attack: {}\n", failed.what());
    return 2;
  }
}
