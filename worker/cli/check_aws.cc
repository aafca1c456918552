#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "worker/cli/call_by_hand.h"
#include "worker/cli/check_parts.h"
#include "worker/jobs/outcome_to_command.h"

namespace worker::cli {

namespace asio = boost::asio;
namespace aws = connector::aws;

namespace {

constexpr std::chrono::milliseconds longest_question{6'000};

// Whether the operator named an endpoint of STS. Without one, a network may keep STS out on
// purpose.
bool names_sts(const config::aws_settings& aws) {
  return !aws.ignore_endpoints && (!aws.endpoint.empty() || !aws.sts_endpoint.empty());
}

// Asks STS whose keys these are. When STS cannot be reached and the operator named no endpoint of
// it, Lambda's answer decides.
asio::awaitable<void> prove(program::application& app, const config::settings& settings,
                            aws::credentials keys, std::string region, std::string name,
                            findings& out) {
  using kind = aws::probe_finding::kind;
  const auto text = fmt::format("{}: {}, access key id {}", name, keys.source, keys.access_key_id);
  if (region.empty()) {
    out.ok(text);
    out.note(name + ": not asked of STS, because no region is set");
    co_return;
  }
  const auto end = connector::boot_clock::now() + longest_question;
  auto& probe = app.probe();
  const auto found = co_await probe.caller(std::move(keys), std::move(region), end);
  const auto said = app.redaction().mask(found.text);
  if (found.result == kind::refused || (found.result == kind::silent && names_sts(settings.aws))) {
    out.add_issue(exit_credentials, fmt::format("{}: {}", text, said));
    co_return;
  }
  out.ok(found.result == kind::accepted ? fmt::format("{}, caller {}", text, said) : text);
  if (found.result != kind::accepted) {
    out.note(fmt::format("{}: STS could not say whose keys these are: {}", name, said));
  }
}

// The keys, if there are any.
asio::awaitable<std::optional<aws::credentials>> look_at_keys(program::application& app,
                                                              const config::settings& settings,
                                                              aws::identity who, std::string name,
                                                              findings& out) {
  const auto end = connector::boot_clock::now() + longest_look;
  auto region = who.region;
  auto& provider = app.credentials();
  const auto keys = co_await provider.get(std::move(who), end);
  if (keys.has_error()) {
    out.add_issue(exit_credentials,
                  fmt::format("{}: {}", name, app.redaction().mask(keys.error().message)));
    co_return std::nullopt;
  }
  co_await prove(app, settings, *keys, std::move(region), std::move(name), out);
  co_return *keys;
}

asio::awaitable<void> look_at_lambda(program::application& app,
                                     std::optional<aws::credentials> keys, findings& out) {
  using kind = aws::probe_finding::kind;
  const auto& region = app.region();
  if (region.empty()) {
    out.note("Lambda: not looked at, because no region is set");
    co_return;
  }
  const auto end = connector::boot_clock::now() + longest_question;
  aws::probe_finding found;
  auto& probe = app.probe();
  if (keys) {
    found = co_await probe.lambda(*std::move(keys), region, end);
  } else {
    found = co_await probe.lambda_unsigned(region, end);
  }
  const auto text = fmt::format("Lambda in {}: {}", region, app.redaction().mask(found.text));
  switch (found.result) {
    case kind::accepted:
      out.ok(text);
      break;
    case kind::reached:
      out.note(text);
      break;
    case kind::refused:
      out.add_issue(exit_credentials, text);
      break;
    case kind::silent:
      out.add_issue(exit_lambda, text);
      break;
  }
}

}  // namespace

asio::awaitable<void> look_at_aws(program::application& app, const config::settings& settings,
                                  findings& out) {
  aws::identity who;
  who.region = app.region();
  auto own = co_await look_at_keys(app, settings, who, "credentials", out);
  for (const auto& profile : settings.profiles) {
    who.from = aws::identity::kind::profile;
    who.profile = profile.name;
    who.region = profile.region.empty() ? app.region() : profile.region;
    co_await look_at_keys(app, settings, who, "profile " + profile.name, out);
  }
  co_await look_at_lambda(app, std::move(own), out);
}

asio::awaitable<void> look_at_functions(program::application& app, const config::settings& settings,
                                        const check_arguments& asked, findings& out) {
  for (const auto& name : asked.functions) {
    invoke_arguments call;
    call.function = name;
    call.invocation_type = "DryRun";
    jobs::task_headers ignored;
    const auto found = co_await call_by_hand(app, settings, call, ignored);
    if (const auto* wrong = found.failed()) {
      out.add_issue(exit_lambda,
                    fmt::format("function {}: {}", name,
                                app.redaction().mask(jobs::job_message(
                                    connector::name_of(wrong->code), wrong->message))));
    } else {
      out.ok(fmt::format("function {}: the worker may call it (DryRun)", name));
    }
  }
  out.note(asked.functions.empty()
               ? "not looked at: whether the keys may call the functions of your tasks (IAM), "
                 "function URLs and endpoints that tasks name. check --dry-run NAME asks for one"
               : "not looked at: other functions of your tasks, function URLs and endpoints that "
                 "tasks name");
}

}  // namespace worker::cli
