// The command `check`: does everything work that `run` needs? Each part is checked, whatever the
// result of the others; the exit code is the smallest of the parts that fail.
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "connector/base/certificates.h"
#include "connector/base/let_out.h"
#include "connector/base/small_file.h"
#include "connector/http/trust_roots.h"
#include "worker/cli/actions.h"
#include "worker/cli/check_notes.h"
#include "worker/cli/check_parts.h"
#include "worker/program/http_settings.h"

namespace worker::cli {

namespace asio = boost::asio;

namespace {

// An exception fails the part that threw it; the other parts are checked all the same.
asio::awaitable<void> guarded(asio::awaitable<void> part, findings& out, int code,
                              std::string name) {
  try {
    co_await std::move(part);
  } catch (const std::exception& e) {
    out.add_issue(code, name + ": " + e.what());
  }
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

asio::awaitable<void> look(program::application& app, const config::settings& settings,
                           const check_arguments& asked, findings& out) {
  co_await guarded(look_at_gateway(app, settings, out), out, exit_configuration,
                   "gateway " + settings.gateway.address);
  co_await guarded(look_at_secrets(app, settings, out), out, exit_credentials, "secrets");
  co_await guarded(look_at_aws(app, settings, out), out, exit_credentials, "credentials");
  co_await guarded(look_at_functions(app, settings, asked, out), out, exit_lambda, "functions");
  app.close_idle();
}

bool holds_certificate(const std::string& file) {
  const auto read = connector::read_small_file(file, connector::max_of_a_ca_file);
  return read.result == connector::file_text::state::read &&
         !connector::read_certificates(read.text, 1).certificates.empty();
}

// The origin of the certificates that servers are checked with.
void look_at_roots(program::application& app, const config::settings& settings, findings& out) {
  const auto system = connector::http::system_trust_roots();
  const bool none = system.file.empty() && system.folders.empty();
  const auto say = [&](std::string_view side, std::string_view setting, const std::string& own,
                       bool usable, int code) {
    if (!own.empty()) {
      // The user of a file that cannot be used reports it.
      if (usable) out.ok(fmt::format("trusted roots for {}: {} ({})", side, setting, own));
    } else if (none) {
      out.add_issue(code, fmt::format("trusted roots for {}: {}", side, system.issue));
    } else {
      out.ok(fmt::format("trusted roots for {}: {}", side, system.source));
      if (!system.issue.empty()) out.note("trusted roots: " + system.issue);
    }
  };
  say("AWS", app.ca_bundle_setting(), app.ca_bundle(), true, exit_lambda);
  if (settings.gateway.tls) {
    const auto& own = settings.gateway.ca_file;
    say("the gateway", "CAMUNDA_CA_CERTIFICATE_PATH", own, holds_certificate(own), exit_gateway);
  }
}

// Of the AWS side. The parts that ask AWS go on.
void say_mistakes(const std::vector<std::string>& mistakes, findings& out) {
  for (const auto& each : mistakes) out.add_issue(exit_configuration, "AWS: " + each);
  if (!mistakes.empty()) out.note("AWS: it is asked below without what cannot be used");
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
  for (const auto& limit : settings.limits) {
    out.ok(fmt::format("limit of each function '{}': {}", limit.pattern(),
                       connector::text_of(limit.bounds())));
  }
  look_at_roots(app, settings, out);
  for (const auto& each : app.warnings()) out.note(each);
  for (const auto& note : notes_of(settings, app.region())) out.note(note);
}

}  // namespace

int check(const config::settings& settings, const check_arguments& arguments) {
  findings out(arguments.json);
  try {
    asio::io_context loop(1);
    std::vector<std::string> mistakes;
    program::application app(loop.get_executor(), settings, {}, &mistakes);
    out.ok("settings");
    say_mistakes(mistakes, out);
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
