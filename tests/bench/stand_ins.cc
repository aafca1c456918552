#include "tests/bench/stand_ins.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/account_limit.h"
#include "tests/bench/counts.h"
#include "tests/bench/figures.h"
#include "tests/bench/job_clock.h"
#include "tests/sandbox/engine/engine.h"
#include "tests/sandbox/lambda/lambda.h"

namespace bench {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds feeding_interval{5};
constexpr milliseconds rate_interval{1};
constexpr std::size_t portion = 256;

std::string payload(std::size_t bytes) {
  std::string out = R"({"orderId":12345678901234567,"amount":1.10,"note":")";
  if (bytes > out.size() + 2) out.append(bytes - 2 - out.size(), 'x');
  return out + "\"}";
}

std::string function_name(int number) {
  return number == 0 ? "bench" : "bench" + std::to_string(number);
}

sandbox::answer throttled() {
  sandbox::answer out;
  out.status = 429;
  out.error_type = "TooManyRequestsException";
  out.body = R"({"Reason":"ConcurrentInvocationLimitExceeded","message":"Rate Exceeded."})";
  return out;
}

// One of each function, type and secret, in turns.
std::vector<sandbox::engine::job_spec> specs_of(const stand_in_settings& how) {
  const auto sent = payload(how.payload);
  std::vector<sandbox::engine::job_spec> out;
  for (int number = 0; number < std::max({how.functions, how.types, how.secrets}); ++number) {
    sandbox::engine::job_spec job;
    const auto name = function_name(number % how.functions);
    if (how.types > 1) job.type = job_type_name(number % how.types);
    job.variables = R"({"lambda":{"functionName":")" + name + R"(","payload":)" + sent + "}}";
    if (how.secrets > 0) {
      const auto secret = secret_name(number % how.secrets);
      job.headers = R"({"secrets":"payload.note:)" + secret + "\"}";
      job.variables = R"({"lambda":{"functionName":")" + name +
                      R"(","payload":{"note":"{{secrets.)" + secret + R"(}}"}}})";
    }
    out.push_back(std::move(job));
  }
  return out;
}

class stand_ins {
 public:
  explicit stand_ins(const stand_in_settings& how)
      : account_(how.account_limit),
        engine_(engine_options(how, clock_)),
        lambda_(lambda_options(how)),
        jobs_(specs_of(how)) {
    const auto body = [this, delay = how.delay](const sandbox::invocation& call) {
      if (!account_.enter(delay)) return throttled();
      sandbox::answer out;
      out.body = call.payload;
      out.delay = delay;
      return out;
    };
    for (int number = 0; number < how.functions; ++number) {
      lambda_.register_function(function_name(number), body);
    }
  }

  void greet() {
    const sandbox::access_key key;
    std::cout << engine_.port() << ' ' << lambda_.port() << ' ' << sandbox::lambda_options{}.region
              << ' ' << key.id << ' ' << key.secret << std::endl;
  }

  void feed() {
    if (rate_ > 0) feed_at_rate();
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

  [[nodiscard]] milliseconds feeding_pause() const {
    return rate_ > 0 ? rate_interval : feeding_interval;
  }

  void obey(const std::string& line) {
    if (line == "counts") {
      std::cout << to_line(now()) << std::endl;
    } else if (line.starts_with("backlog ")) {
      backlog_ = std::stoul(line.substr(8));
      feed();
      std::cout << "ok" << std::endl;
    } else if (line.starts_with("rate ")) {
      rate_ = std::stoi(line.substr(5));
      rate_since_ = std::chrono::steady_clock::now();
      made_at_rate_ = 0;
      std::cout << "ok" << std::endl;
    } else if (line == "times") {
      const auto times = clock_.take();
      std::cout << times.size() << ' ' << percentile(times, 0.5) << ' ' << percentile(times, 0.99)
                << std::endl;
    } else if (line == "stop-engine" || line == "start-engine") {
      if (line == "stop-engine") {
        engine_.stop();
      } else {
        engine_.start();
      }
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
  // One by one: jobs that are made together wait for each other.
  void feed_at_rate() {
    const std::chrono::duration<double> past = std::chrono::steady_clock::now() - rate_since_;
    const auto due = static_cast<std::uint64_t>(past.count() * rate_);
    for (; made_at_rate_ < due; ++made_at_rate_) {
      engine_.create(jobs_.at(next_));
      next_ = (next_ + 1) % jobs_.size();
    }
  }

  static sandbox::engine::options engine_options(const stand_in_settings& how, job_clock& clock) {
    sandbox::engine::options out;
    out.keep_variables = false;
    // A result may have half of it.
    out.max_message_size = std::max(out.max_message_size, 3 * how.payload);
    if (how.time_jobs) out.parent = &clock;
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
    out.activated = jobs.activated_now;
    out.polled = jobs.polled;
    out.pushed = jobs.pushed;
    out.polls = engine_.calls(sandbox::engine::rpc::activate_jobs);
    out.connections = calls.connections;
    out.requests = calls.requests;
    out.streams = engine_.open_streams();
    out.throttled = account_.refused();
    return out;
  }

  account_limit account_;
  job_clock clock_;
  sandbox::engine::engine engine_;
  sandbox::lambda lambda_;
  const std::vector<sandbox::engine::job_spec> jobs_;
  std::size_t next_ = 0;
  std::size_t backlog_ = 0;
  int rate_ = 0;  // jobs a second; 0: none
  std::chrono::steady_clock::time_point rate_since_;
  std::uint64_t made_at_rate_ = 0;
};

}  // namespace

std::string job_type_name(int number) { return "bench." + std::to_string(number); }

std::string secret_name(int number) { return "BENCH_" + std::to_string(number); }

int run_stand_ins(const stand_in_settings& how) {
  stand_ins both(how);
  both.greet();
  std::string heard;
  for (;;) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, static_cast<int>(both.feeding_pause().count())) > 0) {
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
