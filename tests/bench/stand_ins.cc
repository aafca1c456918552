#include "tests/bench/stand_ins.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "tests/bench/counts.h"
#include "tests/sandbox/engine/engine.h"
#include "tests/sandbox/lambda/lambda.h"

namespace bench {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds feeding_interval{5};
constexpr std::size_t portion = 256;

// 200 bytes.
std::string payload() {
  std::string out = R"({"orderId":12345678901234567,"amount":1.10,"note":")";
  out.append(200 - 2 - out.size(), 'x');
  return out + "\"}";
}

class stand_ins {
 public:
  explicit stand_ins(const stand_in_settings& how)
      : engine_(engine_options()), lambda_(lambda_options(how)) {
    job_.variables = R"({"lambda":{"functionName":"bench","payload":)" + payload() + "}}";
    lambda_.register_function("bench", [delay = how.delay](const sandbox::invocation& call) {
      sandbox::answer out;
      out.body = call.payload;
      out.delay = delay;
      return out;
    });
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
      engine_.create_many(job_, std::min<std::size_t>(backlog_ - waiting + portion, 4096));
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
  sandbox::engine::job_spec job_;
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
