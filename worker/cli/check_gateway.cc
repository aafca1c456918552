#include <fmt/format.h>

#include <string>

#include "worker/cli/check_notes.h"
#include "worker/cli/check_parts.h"
#include "worker/cli/gateway_hint.h"
#include "worker/program/gateway_channel.h"

namespace worker::cli {

namespace asio = boost::asio;

namespace {

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

}  // namespace

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
    const auto lacking = lacking_of_engine(all, found.gateway_version);
    if (!lacking.empty()) out.note("gateway: " + lacking);
    co_return;
  }
  out.add_issue(exit_gateway, fmt::format("gateway {} ({}): {} {}", settings.address,
                                          all.source_of("gateway.address"),
                                          engine::name_of(answer.code), answer.message));
  out.add_advice(gateway_hint(settings, answer));
}

}  // namespace worker::cli
