#include "connector/aws/credentials/sts/sts.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace connector::aws {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr backoff_limits pauses{100ms, 2000ms};
constexpr std::size_t max_answer = 64 * 1024;
constexpr std::size_t max_watched = 64;

sts_outcome refused(std::string message) {
  return {source_failure{source_failure::kind::refuses, std::move(message)}, false, false};
}

}  // namespace

// One question, ready to be asked, except for its signature.
struct sts::question {
  assumed_role role;
  endpoint where;
  std::string region;
  sts_question asked;
  http::request request;
};

sts::sts(source_tools tools, sts_settings how)
    : tools_(std::move(tools)),
      how_(std::move(how)),
      exchange_(tools_.client, {tools_.wall_time, tools_.now}) {
  if (!how_.random) how_.random = system_random();
  how_.session_name = as_session_name(how_.session_name);
}

result<sts::question> sts::prepare(assumed_role role, std::string_view action, std::string region,
                                   std::string source) const {
  if (role.session_name.empty()) role.session_name = how_.session_name;
  if (const auto problem = problem_of(role)) {
    return bad_input(fmt::format("{} of a role: {} {}.", action, problem->field, problem->what));
  }
  if (region.empty()) {
    return bad_input(
        fmt::format("{} of {}: no region to ask STS in. Set AWS_REGION.", action, role.role_arn));
  }
  auto where = how_.endpoint_of(region);
  if (!where) return where.error();
  question out;
  out.asked = {action, role.role_arn, where->to.host, std::move(source)};
  out.where = *std::move(where);
  out.region = std::move(region);
  out.role = std::move(role);
  return out;
}

asio::awaitable<sts_outcome> sts::assume_role(assumed_role role, credentials from,
                                              std::string region, std::string source,
                                              deadline end) {
  auto what = prepare(std::move(role), "AssumeRole", std::move(region), std::move(source));
  if (!what) co_return refused(what.error().message);
  if (!from.of_task) watch(from);
  what->request = assume_role_request(what->role, what->where, how_.user_agent);
  auto out = co_await ask(*std::move(what), &from, end);
  co_return out;
}

asio::awaitable<sts_outcome> sts::assume_role_with_web_identity(assumed_role role,
                                                                secret_string token,
                                                                std::string region,
                                                                std::string source, deadline end) {
  auto what =
      prepare(std::move(role), "AssumeRoleWithWebIdentity", std::move(region), std::move(source));
  if (!what) co_return refused(what.error().message);
  credentials asked_with;
  asked_with.session_token = token;
  watch(asked_with);
  what->request = web_identity_request(what->role, token, what->where, how_.user_agent);
  auto out = co_await ask(*std::move(what), nullptr, end);
  co_return out;
}

void sts::watch(const credentials& asked_with) {
  if (!how_.watch) return;
  watched_.push_back(how_.watch(asked_with));
  if (watched_.size() > max_watched) watched_.pop_front();
}

asio::awaitable<sts_outcome> sts::ask(question what, const credentials* signed_by, deadline end) {
  const auto loop = co_await asio::this_coro::executor;
  const auto& region = what.where.signing_region.empty() ? what.region : what.where.signing_region;
  signed_exchange::signature sign;
  if (signed_by != nullptr) {
    sign = [this, signed_by, &region](http::request& request, wall_clock::time_point at) {
      signer_.sign(request, *signed_by, region, "sts", at);
      return true;
    };
  }
  for (int attempt = 0;; ++attempt) {
    http::limits bounds;
    bounds.first_byte = 5000ms;
    bounds.body_bytes = max_answer;
    bounds.end = std::min(end, tools_.now() + 10s);
    auto answer = co_await exchange_.send(what.request, sign, bounds);
    auto out = answer ? read_sts_answer(*answer, what.asked)
                      : read_sts_failure(answer.error(), what.asked);
    if (answer) wipe(answer->body);
    const auto pause = full_jitter(pauses, attempt, how_.random);
    if (!out.again || attempt + 1 >= how_.attempts || tools_.now() + pause >= end) co_return out;
    asio::steady_timer timer(loop, pause);
    boost::system::error_code cancelled;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    if (cancelled) co_return out;
  }
}

}  // namespace connector::aws
