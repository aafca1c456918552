#include "connector/aws/probe.h"

#include <fmt/format.h>

#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/aws/error_table.h"
#include "connector/aws/xml_reader.h"
#include "connector/base/json_scan.h"
#include "connector/base/utf8.h"

namespace connector::aws {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using kind = probe_finding::kind;

namespace {

constexpr std::size_t max_answer = 256 * 1024;  // a page of one function
constexpr std::size_t max_shown = 400;
constexpr std::string_view identity_path = "GetCallerIdentityResponse/GetCallerIdentityResult/Arn";

http::request caller_request() {
  http::request out;
  out.method = "POST";
  out.target = "/";
  out.fields = {{"Content-Type", "application/x-www-form-urlencoded"},
                {"Accept", "application/xml"}};
  out.body = "Action=GetCallerIdentity&Version=2011-06-15";
  return out;
}

http::request list_request() {
  http::request out;
  out.method = "GET";
  out.target = "/2015-03-31/functions?MaxItems=1";
  return out;
}

std::string said(const service_failure& failure) {
  auto text =
      fmt::format("HTTP {}{}{}", failure.status, failure.name.empty() ? "" : " ", failure.name);
  if (!failure.message.empty()) {
    text += fmt::format(": {}", cut_utf8(failure.message, max_shown));
  }
  return text;
}

probe_settings with_clock(probe_settings how) {
  if (!how.wall_time) how.wall_time = [] { return wall_clock::now(); };
  return how;
}

probe_finding of_caller(const http::response& answer, std::string_view host) {
  const auto texts = read_xml(answer.body);
  const auto arn = texts ? texts->find(identity_path) : xml_texts::const_iterator();
  if (texts && arn != texts->end()) {
    return {kind::accepted, std::string(cut_utf8(arn->second.reveal(), max_shown))};
  }
  return {kind::reached, fmt::format("{} answers, but not as STS does", host)};
}

probe_finding of_list(const http::response& answer, std::string_view host) {
  const auto members = json::members(answer.body);
  if (!members.wrong && json::find(members.members, "Functions")) {
    return {kind::accepted, fmt::format("{} takes the signature", host)};
  }
  return {kind::reached, fmt::format("{} answers, but not as Lambda's API does", host)};
}

}  // namespace

probe_finding read_probe_answer(std::string_view service, const http::response& answer,
                                std::string_view host) {
  if (answer.status == 200) {
    return service == "sts" ? of_caller(answer, host) : of_list(answer, host);
  }
  const auto failure = read_service_error(answer);
  const auto meaning = meaning_of(failure);
  // Without a name it is not the service that speaks.
  if (failure.name.empty())
    return {kind::reached, fmt::format("{} answers {}", host, said(failure))};
  if (meaning.code == error_code::unauthorized || meaning.code == error_code::credentials_error) {
    return {kind::refused, fmt::format("{} answers {}{}{}", host, said(failure),
                                       meaning.advice.empty() ? "" : " ", meaning.advice)};
  }
  // The keys are known, or it would have said so: they may only not do this.
  if (meaning.code == error_code::forbidden && !meaning.name.empty()) {
    return {kind::accepted,
            fmt::format("{} takes the signature and answers {}", host, failure.name)};
  }
  return {kind::reached, fmt::format("{} answers {}", host, said(failure))};
}

probe::probe(probe_settings how, http::client& client)
    : settings_(with_clock(std::move(how))),
      exchange_(client, {settings_.wall_time, [] { return boot_clock::now(); }}) {}

asio::awaitable<probe_finding> probe::ask(std::string_view service, http::request outgoing,
                                          const credentials* keys, std::string region,
                                          deadline end) {
  const auto where = settings_.endpoint_of(service, region);
  if (!where) co_return probe_finding{kind::silent, where.error().message};
  outgoing.to = where->to;
  outgoing.target = where->base_path + outgoing.target;
  outgoing.fields.emplace_back("User-Agent", settings_.user_agent);
  const auto& signed_for = where->signing_region.empty() ? region : where->signing_region;
  signed_exchange::signature sign;
  if (keys != nullptr) {
    sign = [&](http::request& request, wall_clock::time_point at) {
      signer_.sign(request, *keys, signed_for, service, at);
      return true;
    };
  }
  http::limits bounds;
  bounds.first_byte = 5000ms;
  bounds.body_bytes = max_answer;
  bounds.end = end;
  const auto host = http::host_header(where->to);
  const auto heard = co_await exchange_.send(std::move(outgoing), std::move(sign), bounds);
  const auto& answer = heard.answer;
  if (answer) co_return read_probe_answer(service, *answer, host);
  const auto& failure = answer.error();
  const bool mute = !where->to.tls && failure.kind == http::failure_kind::read;
  co_return probe_finding{kind::silent, fmt::format("{}{}", failure.message,
                                                    mute ? "; does this port speak https?" : "")};
}

asio::awaitable<probe_finding> probe::caller(credentials keys, std::string region, deadline end) {
  auto found = co_await ask("sts", caller_request(), &keys, std::move(region), end);
  co_return found;
}

asio::awaitable<probe_finding> probe::lambda(credentials keys, std::string region, deadline end) {
  auto found = co_await ask("lambda", list_request(), &keys, std::move(region), end);
  co_return found;
}

asio::awaitable<probe_finding> probe::lambda_unsigned(std::string region, deadline end) {
  auto found = co_await ask("lambda", list_request(), nullptr, std::move(region), end);
  // A service that asks for a signature is there.
  if (found.result == kind::refused) found.result = kind::reached;
  co_return found;
}

}  // namespace connector::aws
