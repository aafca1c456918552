#include "connector/aws/credentials/sts/sts.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "connector/aws/credentials/key_request.h"

namespace connector::aws {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_watched = 64;

sts_outcome refused(std::string message) {
  return {source_failure{source_failure::kind::rejected, std::move(message)}, false, false};
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

sts::sts(source_dependencies deps, sts_settings how)
    : deps_(std::move(deps)),
      settings_(std::move(how)),
      exchange_(deps_.client, {deps_.wall_time, deps_.now}) {
  if (!settings_.random) settings_.random = system_random();
  settings_.session_name = as_session_name(settings_.session_name);
}

result<sts::question> sts::prepare(assumed_role role, std::string_view action, std::string region,
                                   std::string source) const {
  if (role.session_name.empty()) role.session_name = settings_.session_name;
  if (const auto error = find_error(role)) {
    return bad_input(fmt::format("{} of a role: {} {}.", action, error->field, error->message));
  }
  if (region.empty()) {
    return bad_input(
        fmt::format("{} of {}: no region to ask STS in. Set AWS_REGION.", action, role.role_arn));
  }
  auto where = settings_.endpoint_of(region);
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
  auto to_ask = prepare(std::move(role), "AssumeRole", std::move(region), std::move(source));
  if (!to_ask) co_return refused(to_ask.error().message);
  if (!from.of_task) watch(from);
  to_ask->request = assume_role_request(to_ask->role, to_ask->where, settings_.user_agent);
  auto out = co_await ask(*std::move(to_ask), &from, end);
  co_return out;
}

asio::awaitable<sts_outcome> sts::assume_role_with_web_identity(assumed_role role,
                                                                secret_string token,
                                                                std::string region,
                                                                std::string source, deadline end) {
  auto to_ask =
      prepare(std::move(role), "AssumeRoleWithWebIdentity", std::move(region), std::move(source));
  if (!to_ask) co_return refused(to_ask.error().message);
  credentials asked_with;
  asked_with.session_token = token;
  watch(asked_with);
  to_ask->request = web_identity_request(to_ask->role, token, to_ask->where, settings_.user_agent);
  auto out = co_await ask(*std::move(to_ask), nullptr, end);
  co_return out;
}

void sts::watch(const credentials& asked_with) {
  if (!settings_.watch) return;
  watched_.push_back(settings_.watch(asked_with));
  if (watched_.size() > max_watched) watched_.pop_front();
}

asio::awaitable<sts_outcome> sts::ask(question to_ask, const credentials* signed_by, deadline end) {
  const auto& region =
      to_ask.where.signing_region.empty() ? to_ask.region : to_ask.where.signing_region;
  signed_exchange::signature sign;
  if (signed_by != nullptr) {
    sign = [this, signed_by, &region](http::request& request, wall_clock::time_point at) {
      signer_.sign(request, *signed_by, region, "sts", at);
      return true;
    };
  }
  std::optional<sts_outcome> out;
  const auto read = [&](const signed_exchange::reply& heard) {
    out = heard.answer ? read_sts_answer(*heard.answer, to_ask.asked)
                       : read_sts_failure(heard.answer.error(), to_ask.asked);
    date_by_our_clock(out->result, heard.ahead);
    return out->again;
  };
  key_request asked{to_ask.request,   std::move(sign), settings_.attempts,
                    settings_.random, deps_.now,       end};
  co_await ask_for_keys(exchange_, std::move(asked), read);
  co_return *std::move(out);
}

}  // namespace connector::aws
