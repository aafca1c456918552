#include "worker/admin/admin_port.h"

#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <exception>
#include <random>
#include <string>
#include <utility>

#include "connector/base/ip_address.h"
#include "connector/base/log.h"
#include "worker/admin/status_page.h"

namespace worker::admin {

namespace asio = boost::asio;

namespace {

constexpr std::string_view paths =
    "/livez\n/readyz\n/healthz\n/startup\n/metrics\n/actuator/health\n/actuator/health/liveness\n"
    "/actuator/health/readiness\n/actuator/health/startup\n/actuator/prometheus\n";

constexpr std::string_view no_status =
    "The status page is served on a loopback address, under its name or address, and everywhere "
    "with\nLAMBDA_CONNECTOR_STATUS_PAGE=true. It names functions, processes and settings.\n";

// Whether a host, with or without a port, names the loopback interface. A page of another site that
// a name server sends here has another name in its Host header.
bool names_loopback(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1) == "[::1]";
  if (host == "::1") return true;
  const auto name = host.substr(0, host.find(':'));
  if (name == "localhost") return true;
  const auto address = connector::ip_address_of(name);
  return address && address->is_v4() && address->is_loopback();
}

// 128 bits.
std::string new_nonce() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

reply reply_of(probe_answer probe) {
  return {probe.up ? 200U : 503U, "application/json", std::move(probe.json)};
}

// The probes go on answering; the facts that are no longer updated get old and fail the probe.
void report_bug(const std::exception_ptr& escaped) {
  if (!escaped) return;
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception& e) {
    connector::log::error("a bug in the worker: its watch ended with an exception",
                          {{"what", e.what()}});
  }
}

}  // namespace

admin_port::admin_port(asio::any_io_executor loop, dependencies deps)
    : loop_(loop),
      deps_(std::move(deps)),
      watch_(loop, {deps_.ask_gateway, [this] { return deps_.worker.snapshot().last_contact; },
                    [this] { return deps_.gateway.unreadable_at(); }, deps_.try_credentials}),
      server_(std::move(loop),
              [this](std::string_view path, std::string_view host) { return answer(path, host); }) {
}

std::string admin_port::start(const config::listen_address& where) {
  loopback_ = names_loopback(where.host);
  auto failed = server_.listen(where);
  if (!failed.empty()) return failed;
  asio::co_spawn(loop_, server_.run(), report_bug);
  start_without_port();
  return {};
}

void admin_port::start_without_port() {
  asio::co_spawn(loop_, watch_.beat(), report_bug);
  asio::co_spawn(loop_, watch_.look(), asio::bind_cancellation_slot(looking_.slot(), report_bug));
}

void admin_port::stop() {
  server_.stop();
  watch_.stop();
  looking_.emit(asio::cancellation_type::terminal);
}

std::optional<token_figures> admin_port::tokens() const {
  return deps_.tokens ? deps_.tokens() : std::nullopt;
}

health_facts admin_port::facts() const {
  auto out = watch_.facts();
  out.started = deps_.worker.started();
  if (const auto used = tokens()) out.token = used->left && used->left->count() > 0;
  return out;
}

figures admin_port::current() const {
  return {deps_.version,
          deps_.worker.snapshot(),
          deps_.worker.outcomes(),
          deps_.worker.times(),
          deps_.calls,
          deps_.gateway.calls(),
          deps_.connections(),
          facts(),
          watch_.lag(),
          watch_.credentials_expire(),
          look_at_process(),
          tokens(),
          deps_.limits ? deps_.limits() : std::vector<connector::limit_figures>(),
          deps_.secrets ? deps_.secrets() : secret_figures(),
          watch_.credentials_age(),
          connector::log::dropped_lines(),
          deps_.throttled ? deps_.throttled() : std::vector<connector::throttled_function>()};
}

status_facts admin_port::status() const {
  return {current(),
          deps_.worker.history(),
          connector::boot_clock::now(),
          connector::wall_clock::now(),
          deps_.gateway_address,
          deps_.changed};
}

reply admin_port::answer(std::string_view path, std::string_view host) const {
  if (path == "/livez" || path == "/actuator/health/liveness") return reply_of(live(facts()));
  if (path == "/readyz" || path == "/actuator/health/readiness") return reply_of(ready(facts()));
  if (path == "/startup" || path == "/actuator/health/startup") return reply_of(started(facts()));
  if (path == "/healthz" || path == "/actuator/health") return reply_of(healthy(facts()));
  if (path == "/metrics" || path == "/actuator/prometheus") {
    return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_page(current())};
  }
  const bool shows_status = deps_.status_page || (loopback_ && names_loopback(host));
  if (path == "/status.json" && shows_status) {
    return {200, "application/json", status_json(status())};
  }
  if (path == "/" && shows_status) {
    auto page = status_page(status(), new_nonce());
    return {200, "text/html; charset=utf-8", std::move(page.html),
            std::move(page.content_security_policy)};
  }
  if (path == "/" || path == "/status.json") {
    return {path == "/" ? 200U : 404U, "text/plain; charset=utf-8",
            std::string(paths) + "\n" + std::string(no_status)};
  }
  return {404, "text/plain; charset=utf-8", "No such page. There are:\n" + std::string(paths)};
}

}  // namespace worker::admin
