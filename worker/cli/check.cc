// The command `check`: does everything work that `run` needs? Each part is checked, whatever the
// result of the others; the exit code is the smallest of the parts that fail.
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <fstream>
#include <string>
#include <utility>

#include "connector/base/let_out.h"
#include "connector/http/trust_roots.h"
#include "worker/cli/actions.h"
#include "worker/cli/call_by_hand.h"
#include "worker/cli/check_notes.h"
#include "worker/cli/findings.h"
#include "worker/cli/gateway_hint.h"
#include "worker/jobs/outcome_to_command.h"
#include "worker/program/application.h"
#include "worker/program/gateway_channel.h"
#include "worker/program/http_settings.h"

namespace worker::cli {

namespace asio = boost::asio;
namespace aws = connector::aws;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_look{10'000};
constexpr milliseconds longest_question{6'000};

// An exception fails the part that threw it; the other parts are checked all the same.
asio::awaitable<void> guarded(asio::awaitable<void> part, findings& out, int code,
                              std::string name) {
  try {
    co_await std::move(part);
  } catch (const std::exception& e) {
    out.add_issue(code, name + ": " + e.what());
  }
}

// True when there is what calls need for a login, or when they need nothing.
asio::awaitable<bool> look_at_login(program::application& app, findings& out) {
  auto* const login = app.login();
  if (login == nullptr) {
    out.note("login at the gateway: none");
    co_return true;
  }
  const auto end = connector::boot_clock::now() + longest_look;
  const auto found = co_await login->look(end);
  if (found.has_error()) {
    out.add_issue(exit_gateway, fmt::format("login at the gateway: {}",
                                            app.redaction().mask(found.error().message)));
    co_return false;
  }
  out.ok(fmt::format("login at the gateway: {}", *found));
  co_return true;
}

// The way to the gateway, as far as it is not the address alone.
void say_way_to_gateway(const config::settings& settings, findings& out) {
  if (const auto proxy = program::gateway_proxy_text(settings); !proxy.empty()) {
    out.ok("gateway: through the proxy " + proxy);
  }
  const auto& gateway = settings.gateway;
  if (gateway.tls && !gateway.client_certificate.empty()) {
    out.ok("gateway: shows the client certificate " + gateway.client_certificate);
  }
  if (!gateway.physical_tenant.empty()) {
    out.ok("gateway: physical tenant " + gateway.physical_tenant);
  }
}

asio::awaitable<void> look_at_gateway(program::application& app, const config::settings& all,
                                      findings& out) {
  const auto& settings = all.gateway;
  const bool login = co_await look_at_login(app, out);
  if (!login) {
    out.note(fmt::format("gateway {}: not asked, because there is no login", settings.address));
    co_return;
  }
  engine::topology found;
  engine::gateway& gateway = app.gateway();
  say_way_to_gateway(all, out);
  const auto answer = co_await gateway.ask_topology(found, longest_look);
  if (answer.ok()) {
    out.ok(fmt::format("gateway {} ({}): version {}, {} of {} partitions led", settings.address,
                       all.source_of("gateway.address"), found.gateway_version,
                       found.partitions_led, found.partitions));
    co_return;
  }
  out.add_issue(exit_gateway, fmt::format("gateway {} ({}): {} {}", settings.address,
                                          all.source_of("gateway.address"),
                                          engine::name_of(answer.code), answer.message));
  out.add_advice(gateway_hint(settings, answer));
}

// Each source is asked whether it can give secrets at all.
asio::awaitable<void> look_at_secrets(program::application& app, const config::settings& settings,
                                      findings& out) {
  const auto unread = co_await app.load_secrets();
  for (const auto* source : app.secret_sources()) {
    const std::string issue = source == app.secret_store() ? unread : source->issue();
    if (issue.empty()) {
      out.ok("secrets: " + source->describe());
    } else {
      out.add_issue(exit_credentials, fmt::format("secrets: {}: {}", source->describe(),
                                                  app.redaction().mask(issue)));
    }
  }
  if (app.secret_sources().empty()) out.note("secrets: there is no source, so no task can use any");
  for (const auto& name : config::secrets_of(settings.profiles)) {
    const auto found = app.secrets().look_up(name);
    if (found.result == secrets::lookup_result::state::found) continue;
    out.add_issue(exit_credentials,
                  fmt::format("the secret {}, which a credential profile refers to: {}", name,
                              found.reason.empty() ? "it is in no source" : found.reason));
  }
}

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

// Asks Lambda for each function whether the worker may call it. Nothing runs.
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

asio::awaitable<void> look(program::application& app, const config::settings& settings,
                           const check_arguments& asked, findings& out) {
  co_await guarded(look_at_gateway(app, settings, out), out, exit_configuration,
                   "gateway " + settings.gateway.address);
  co_await guarded(look_at_secrets(app, settings, out), out, exit_credentials, "secrets");
  co_await guarded(look_at_aws(app, settings, out), out, exit_credentials, "credentials");
  co_await guarded(look_at_functions(app, settings, asked, out), out, exit_lambda, "functions");
  app.close_idle();
}

// The origin of the certificates that servers are checked with.
void look_at_roots(program::application& app, const config::settings& settings, findings& out) {
  const auto system = connector::http::system_trust_roots();
  const bool none = system.file.empty() && system.folders.empty();
  const auto say = [&](std::string_view side, std::string_view setting, const std::string& own,
                       int code) {
    if (!own.empty()) {
      // The user of a file that cannot be read reports it.
      if (std::ifstream(own))
        out.ok(fmt::format("trusted roots for {}: {} ({})", side, setting, own));
    } else if (none) {
      out.add_issue(code, fmt::format("trusted roots for {}: {}", side, system.issue));
    } else {
      out.ok(fmt::format("trusted roots for {}: {}", side, system.source));
      if (!system.issue.empty()) out.note("trusted roots: " + system.issue);
    }
  };
  say("AWS", "AWS_CA_BUNDLE", app.ca_bundle(), exit_lambda);
  if (settings.gateway.tls) {
    say("the gateway", "CAMUNDA_CA_CERTIFICATE_PATH", settings.gateway.ca_file, exit_gateway);
  }
}

void look_at_settings(program::application& app, const config::settings& settings, findings& out) {
  if (const auto proxy = describe(program::proxy_of(settings)); !proxy.empty()) {
    out.ok(fmt::format("proxy {} for https requests to AWS", proxy));
  }
  if (!settings.config_file.empty()) {
    out.ok(fmt::format("configuration file {}: {} profiles, {} rules of guards",
                       settings.config_file, settings.profiles.size(),
                       settings.policy.rules.size()));
  }
  look_at_roots(app, settings, out);
  for (const auto& note : notes_of(settings, app.region())) out.note(note);
}

}  // namespace

int check(const config::settings& settings, const check_arguments& arguments) {
  findings out(arguments.json);
  try {
    asio::io_context loop(1);
    program::application app(loop.get_executor(), settings);
    out.ok("settings");
    for (const auto& type : settings.jobs.types) {
      out.ok(
          fmt::format("serves {} as {}", type.job_type, connector::spec_of(type.operation).name));
    }
    look_at_settings(app, settings, out);
    // An unexpected exception ends the check and is printed.
    asio::co_spawn(loop, look(app, settings, arguments, out), connector::let_out);
    loop.run();
  } catch (const std::exception& e) {
    out.add_issue(exit_configuration, fmt::format("settings: {}", e.what()));
    out.note("what is not named above was not looked at");
  }
  out.print_end();
  return out.code();
}

}  // namespace worker::cli
