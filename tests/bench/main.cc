// lambda-bench: what the worker costs, as ratios to a bare client on the same machine. README.md
// says what each number means. The conductor, the stand-ins and the floor are roles of this
// program.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>

#include "tests/bench/fleet.h"
#include "tests/bench/floor.h"
#include "tests/bench/many.h"
#include "tests/bench/report.h"
#include "tests/bench/rounds.h"
#include "tests/bench/stand_ins.h"

namespace {

using std::chrono::milliseconds;

struct flags {
  std::string role = "conductor";
  std::string worker = "build/release/lambda-connector";
  std::string peer;
  std::string without_peer;
  std::string json;
  std::vector<int> in_flight = {1, 32, 500};
  std::vector<int> delays = {0, 100};
  int rounds = 3;
  int measured = 2500;
  int warm_up = 700;
  std::size_t payload = 200;
  int functions = 1;
  int types = 1;
  int secrets = 0;
  bool points_alone = false;
  bool loads_alone = false;
  bool no_loads = false;
  bool time_jobs = false;
  bool ten_thousand = false;
  bool ten_workers = false;
  int account_limit = 0;
  bool floor_alone = false;
  bool self_check = false;
  bool strict = false;
  // Of the roles.
  std::string gateway;
  std::uint16_t lambda_port = 0;
  std::string ca_file;
  int slots = 32;
  int delay = 0;
};

void add_options(CLI::App& program, flags& all) {
  program.add_option("--worker", all.worker, "The program to measure")->capture_default_str();
  program.add_option("--peer", all.peer, "The Go worker to measure beside it");
  program.add_option("--without-peer", all.without_peer, "Why there is none, for the table");
  program.add_option("--json", all.json, "Where the figures are written");
  program.add_option("--points-in-flight", all.in_flight, "Jobs at a time")->capture_default_str();
  program.add_option("--points-delay", all.delays, "Function times in ms")->capture_default_str();
  program.add_option("--rounds", all.rounds, "Rounds of each; odd")->capture_default_str();
  program.add_option("--measure-ms", all.measured, "Length of one")->capture_default_str();
  program.add_option("--warm-up-ms", all.warm_up, "Time before it")->capture_default_str();
  program.add_option("--payload", all.payload, "Bytes that a function gets and answers")
      ->capture_default_str();
  program.add_option("--functions", all.functions, "Different functions, called in turns")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.add_option("--types", all.types, "Job types, in turns")->check(CLI::PositiveNumber);
  program.add_option("--secrets", all.secrets, "Secrets, of which each job names one")
      ->check(CLI::NonNegativeNumber);
  program.add_flag("--ten-thousand", all.ten_thousand,
                   "Only ten thousand calls at once, through an outage of the engine and a stop");
  program.add_flag("--ten-workers", all.ten_workers, "Only ten workers at one engine");
  program.add_flag("--loads-alone", all.loads_alone, "Only jobs that arrive at a rate");
  program.add_flag("--no-loads", all.no_loads, "No jobs that arrive at a rate");
  program.add_flag("--points-alone", all.points_alone,
                   "Only the worker at the points: for the curves");
  program.add_flag("--floor-alone", all.floor_alone, "No worker");
  program.add_flag("--self-check", all.self_check, "One short round of the floor, no figures");
  program.add_flag("--strict", all.strict, "Exit code 1 when a target is missed");
  program.add_option("--role", all.role, "Used by the program itself")->group("");
  program.add_flag("--time-jobs", all.time_jobs)->group("");
  program.add_option("--account-limit", all.account_limit)->group("");
  program.add_option("--gateway", all.gateway)->group("");
  program.add_option("--lambda-port", all.lambda_port)->group("");
  program.add_option("--ca", all.ca_file)->group("");
  program.add_option("--in-flight", all.slots)->group("");
  program.add_option("--delay", all.delay)->group("");
}

// For logs and the CA file; gone when the run went well.
class scratch_folder {
 public:
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lambda-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for logs");
    path = name;
  }
  ~scratch_folder() {
    std::error_code ignored;
    if (std::uncaught_exceptions() == 0) std::filesystem::remove_all(path, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  std::filesystem::path path;
};

int conduct(const flags& all) {
  bench::plan how;
  const scratch_folder folder;
  how.folder = folder.path;
  how.self = std::filesystem::read_symlink("/proc/self/exe");
  how.rounds = all.rounds;
  how.measured = milliseconds(all.measured);
  how.warm_up = milliseconds(all.warm_up);
  how.payload = all.payload;
  how.functions = all.functions;
  how.types = all.types;
  how.secrets = all.secrets;
  how.points_alone = all.points_alone || all.loads_alone;
  how.with_loads = !all.no_loads && !all.points_alone && !all.floor_alone && !all.self_check;
  if (all.self_check) {
    how.rounds = 1;
    how.warm_up = milliseconds(0);
    how.measured = milliseconds(200);
    how.points = {{4, milliseconds(0)}};
    const auto got = bench::measure(how, [](const std::string&) {});
    const bool works = got.points.front().floor.jobs_per_second > 0;
    std::cout << (works ? "bench: the floor works" : "bench: the floor completed nothing") << '\n';
    return works ? 0 : 1;
  }
  if (!all.floor_alone) how.worker = std::filesystem::absolute(all.worker);
  if (!all.floor_alone && !all.peer.empty()) how.peer = std::filesystem::absolute(all.peer);
  how.without_peer = all.without_peer;
  if (!all.floor_alone && !std::filesystem::exists(how.worker)) {
    throw std::runtime_error(all.worker + " is not there; build it with ./dev build --release");
  }
  const auto tell = [](const std::string& line) { std::cout << line << std::endl; };
  if (all.ten_thousand || all.ten_workers) {
    const bool held =
        all.ten_thousand ? bench::run_ten_thousand(how, tell) : bench::run_fleet(how, tell);
    std::cout << (all.ten_thousand ? "bench: ten thousand calls" : "bench: ten workers")
              << (held ? " held" : " BROKEN") << std::endl;
    return held ? 0 : 1;
  }
  for (const int slots : all.loads_alone ? std::vector<int>() : all.in_flight) {
    for (const int delay : all.delays) how.points.push_back({slots, milliseconds(delay)});
  }
  const auto got = bench::measure(how, tell);
  std::cout << '\n' << bench::table(got) << '\n';
  if (!all.json.empty()) {
    std::ofstream file(all.json);
    file << bench::json(got);
    if (!file.flush()) throw std::runtime_error(all.json + " cannot be written");
  }
  std::cout << bench::verdict(got) << std::endl;
  const auto settled = bench::targets(got);
  const bool met = std::all_of(settled.begin(), settled.end(),
                               [](const bench::target& each) { return each.met(); });
  return all.strict && !met ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("What lambda-connector costs, as ratios to a bare client on this machine.");
  flags all;
  add_options(program, all);
  CLI11_PARSE(program, argc, argv);
  ::signal(SIGPIPE, SIG_IGN);  // a child that ended is noticed by what it answers
  try {
    if (all.role == "stand-ins") {
      return bench::run_stand_ins({milliseconds(all.delay), all.ca_file, all.payload, all.functions,
                                   all.types, all.secrets, all.account_limit, all.time_jobs});
    }
    if (all.role == "floor") {
      return bench::run_floor({all.gateway, all.lambda_port, all.ca_file, all.slots});
    }
    return conduct(all);
  } catch (const std::exception& failed) {
    std::cerr << "lambda-bench: " << failed.what() << std::endl;
    return 1;
  }
}
