#include "tests/bench/stand_ins.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/counts.h"
#include "tests/sandbox/engine/engine.h"
#include "tests/sandbox/lambda/lambda.h"

namespace bench {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds feeding_interval{5};
constexpr std::size_t portion = 256;

std::string payload(std::size_t bytes) {
  std::string out = R"({"orderId":12345678901234567,"amount":1.10,"note":")";
  if (bytes > out.size() + 2) out.append(bytes - 2 - out.size(), 'x');
  return out + "\"}";
}

std::string function_name(int number) {
  return number == 0 ? "bench" : "bench" + std::to_string(number);
}

class stand_ins {
 public:
  explicit stand_ins(const stand_in_settings& how)
      : engine_(engine_options()), lambda_(lambda_options(how)) {
    const auto sent = payload(how.payload);
    for (int number = 0; number < how.functions; ++number) {
      const auto name = function_name(number);
      sandbox::engine::job_spec job;
      job.variables = R"({"lambda":{"functionName":")" + name + R"(","payload":)" + sent + "}}";
      jobs_.push_back(std::move(job));
      lambda_.register_function(name, [delay = how.delay](const sandbox::invocation& call) {
        sandbox::answer out;
        out.body = call.payload;
        out.delay = delay;
        return out;
      });
    }
  }

  void greet() {
    const sandbox::access_key key;
    std::cout << engine_.port() << ' ' << lambda_.port() << ' ' << sandbox::lambda_options{}.region
              << ' ' << key.id << ' ' << key.secret << std::endl;
  }

  void feed() {
    for (;;) {
      const auto now = engine_.totals();
      const auto waiting = now.open - std::min(now.open, now.activated_now);
      if (waiting >= backlog_) return;
      const auto wanted = std::min<std::size_t>(backlog_ - waiting + portion, 4096);
      // The functions have their turns in small parts.
      const auto part = std::max<std::size_t>(1, wanted / jobs_.size());
      for (std::size_t made = 0; made < wanted; made += part) {
        engine_.create_many(jobs_.at(next_), part);
        next_ = (next_ + 1) % jobs_.size();
      }
    }
  }

  void obey(const std::string& line) {
    if (line == "counts") {
      std::cout << to_line(now()) << std::endl;
    } else if (line.starts_with("backlog ")) {
      backlog_ = std::stoul(line.substr(8));
      feed();
      std::cout << "ok" << std::endl;
    } else if (line == "first-poll") {
      const auto polls = [this] { return engine_.calls(sandbox::engine::rpc::activate_jobs); };
      const auto before = polls();
      std::cout << "ready" << std::endl;
      engine_.wait_until([&] { return polls() > before; }, milliseconds(20000));
      std::cout << to_line(now()) << std::endl;
    }
  }

 private:
  static sandbox::engine::options engine_options() {
    sandbox::engine::options out;
    out.keep_variables = false;
    return out;
  }

  static sandbox::lambda_options lambda_options(const stand_in_settings& how) {
    sandbox::lambda_options out;
    out.ca_file = how.ca_file;
    out.verify_signatures = false;  // the floor does not sign, and both shall meet the same server
    out.record = false;
    out.count_jobs = false;
    return out;
  }

  counts now() {
    const auto jobs = engine_.totals();
    const auto calls = lambda_.account().counted();
    counts out;
    out.at = std::chrono::steady_clock::now().time_since_epoch();
    out.completed = jobs.completed;
    out.incidents = jobs.incident;
    out.fails = jobs.fails;
    out.hand_backs = jobs.hand_backs;
    out.expired = jobs.expired;
    out.polled = jobs.polled;
    out.pushed = jobs.pushed;
    out.polls = engine_.calls(sandbox::engine::rpc::activate_jobs);
    out.connections = calls.connections;
    out.requests = calls.requests;
    return out;
  }

  sandbox::engine::engine engine_;
  sandbox::lambda lambda_;
  std::vector<sandbox::engine::job_spec> jobs_;  // one of each function
  std::size_t next_ = 0;
  std::size_t backlog_ = 0;
};

}  // namespace

int run_stand_ins(const stand_in_settings& how) {
  stand_ins both(how);
  both.greet();
  std::string heard;
  for (;;) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, static_cast<int>(feeding_interval.count())) > 0) {
      char bytes[256];
      const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
      if (got <= 0) return 0;
      heard.append(bytes, static_cast<std::size_t>(got));
    }
    for (auto end = heard.find('\n'); end != std::string::npos; end = heard.find('\n')) {
      const std::string line = heard.substr(0, end);
      heard.erase(0, end + 1);
      both.obey(line);
    }
    both.feed();
  }
}

}  // namespace bench
