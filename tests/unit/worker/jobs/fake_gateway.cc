#include "tests/unit/worker/jobs/fake_gateway.h"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace worker::jobs {

namespace asio = boost::asio;
using asio::awaitable;
using engine::status;
using std::chrono::milliseconds;

namespace {

std::string with(std::string line, const std::string& text) {
  return text.empty() ? line : line + " " + text;
}

// "7", or "7/token".
std::string name_of(const engine::job_ref& job) {
  return job.lease_token.empty() ? std::to_string(job.key)
                                 : fmt::format("{}/{}", job.key, job.lease_token);
}

}  // namespace

void fake_gateway::answer(const std::string& call, std::vector<status> in_turn) {
  answers_[call].assign(in_turn.begin(), in_turn.end());
  stays_open_[call] = false;
}

bool fake_gateway::end_open(const std::string& call, status how) {
  auto* one = oldest(call);
  if (one == nullptr) return false;
  one->end(std::move(how));
  return true;
}

void fake_gateway::end_all(const status& how) {
  for (auto& one : open_) {
    if (!one.ended) one.end(how);
  }
}

bool fake_gateway::give(const std::string& call, engine::job job) {
  auto* one = oldest(call);
  if (one == nullptr || (one->reading != nullptr && one->reading->paused())) return false;
  one->take(std::move(job));
  return true;
}

std::size_t fake_gateway::open(const std::string& call) const {
  std::size_t found = 0;
  for (const auto& one : open_) found += one.name == call && !one.ended ? 1 : 0;
  return found;
}

std::vector<std::string> fake_gateway::calls(const std::string& name) const {
  std::vector<std::string> out;
  for (const auto& line : calls_) {
    if (line.starts_with(name)) out.push_back(line);
  }
  return out;
}

fake_gateway::open_call* fake_gateway::oldest(const std::string& name) {
  for (auto& one : open_) {
    if (one.name == name && !one.ended) return &one;
  }
  return nullptr;
}

status fake_gateway::next_status(const std::string& name) {
  auto& left = answers_[name];
  if (left.empty()) return {};
  auto next = left.front();
  if (left.size() > 1) left.pop_front();
  return next;
}

awaitable<status> fake_gateway::made(std::string name, std::string line, engine::on_job take,
                                     engine::read_switch* reading) {
  calls_.push_back(line);
  if (on_call) on_call(line);
  const auto me =
      open_.insert(open_.end(), {name, std::move(take), reading,
                                 asio::steady_timer(loop_, asio::steady_timer::time_point::max())});
  if (!stays_open_[name]) {
    // An answer arrives later, through the loop.
    asio::post(loop_, [me, how = next_status(name)] { me->end(how); });
  }
  if (ignores_cancellation_[name]) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  }
  boost::system::error_code ignored;
  co_await me->wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  auto how = std::move(me->status);
  open_.erase(me);
  co_return how;
}

awaitable<status> fake_gateway::activate(engine::activation request, int max_jobs,
                                         milliseconds wait, engine::on_job take) {
  auto line = fmt::format("ActivateJobs max={} wait={}", max_jobs, wait.count());
  request_ = std::move(request);
  co_return co_await made("ActivateJobs", std::move(line), std::move(take));
}

awaitable<status> fake_gateway::stream(engine::activation request, engine::on_job take,
                                       engine::read_switch& reading) {
  auto line = fmt::format("StreamActivatedJobs timeout={}", request.timeout.count());
  request_ = std::move(request);
  co_return co_await made("StreamActivatedJobs", std::move(line), std::move(take), &reading);
}

awaitable<status> fake_gateway::complete(engine::job_ref job, engine::shared_text variables,
                                         milliseconds limit) {
  limits_["CompleteJob"] = limit;
  auto line = with(fmt::format("CompleteJob {}", name_of(job)), *variables);
  co_return co_await made("CompleteJob", std::move(line));
}

awaitable<status> fake_gateway::fail(engine::job_ref job, int retries, std::string message,
                                     milliseconds back_off, engine::shared_text variables,
                                     milliseconds limit) {
  limits_["FailJob"] = limit;
  auto line = with(fmt::format("FailJob {} retries={} backOff={} {}", name_of(job), retries,
                               back_off.count(), message),
                   *variables);
  co_return co_await made("FailJob", std::move(line));
}

awaitable<status> fake_gateway::throw_error(engine::job_ref job, std::string error_code,
                                            std::string message, engine::shared_text variables,
                                            milliseconds limit) {
  limits_["ThrowError"] = limit;
  auto line =
      with(fmt::format("ThrowError {} {} {}", name_of(job), error_code, message), *variables);
  co_return co_await made("ThrowError", std::move(line));
}

awaitable<status> fake_gateway::update_timeout(engine::job_ref job, milliseconds timeout,
                                               milliseconds limit) {
  limits_["UpdateJobTimeout"] = limit;
  auto line = fmt::format("UpdateJobTimeout {} timeout={} limit={}", name_of(job), timeout.count(),
                          limit.count());
  co_return co_await made("UpdateJobTimeout", std::move(line));
}

awaitable<status> fake_gateway::set_variables(std::int64_t element_instance_key,
                                              std::string variables, milliseconds) {
  auto line = with(fmt::format("SetVariables {}", element_instance_key), variables);
  co_return co_await made("SetVariables", std::move(line));
}

awaitable<status> fake_gateway::ask_topology(engine::topology& into, milliseconds) {
  into = {};
  into.cluster_id = cluster_id;
  co_return co_await made("Topology", "Topology");
}

}  // namespace worker::jobs
