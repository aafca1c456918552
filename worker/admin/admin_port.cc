#include "worker/admin/admin_port.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "connector/base/log.h"

namespace worker::admin {

namespace asio = boost::asio;

namespace {

constexpr std::string_view paths =
    "/livez\n/readyz\n/healthz\n/metrics\n/actuator/health\n/actuator/health/liveness\n"
    "/actuator/health/readiness\n/actuator/prometheus\n";

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
      server_(std::move(loop), [this](std::string_view path) { return answer(path); }) {}

std::string admin_port::start(const config::listen_address& where) {
  auto failed = server_.listen(where);
  if (!failed.empty()) return failed;
  asio::co_spawn(loop_, server_.run(), report_bug);
  asio::co_spawn(loop_, watch_.beat(), report_bug);
  asio::co_spawn(loop_, watch_.look(), asio::bind_cancellation_slot(looking_.slot(), report_bug));
  return {};
}

void admin_port::stop() {
  server_.stop();
  watch_.stop();
  looking_.emit(asio::cancellation_type::terminal);
}

reply admin_port::answer(std::string_view path) const {
  if (path == "/livez" || path == "/actuator/health/liveness")
    return reply_of(live(watch_.facts()));
  if (path == "/readyz" || path == "/actuator/health/readiness")
    return reply_of(ready(watch_.facts()));
  if (path == "/healthz" || path == "/actuator/health") return reply_of(healthy(watch_.facts()));
  if (path == "/metrics" || path == "/actuator/prometheus") {
    return {200, "text/plain; version=0.0.4; charset=utf-8",
            metrics_page({deps_.version, deps_.worker.snapshot(), deps_.worker.outcomes(),
                          deps_.calls, deps_.gateway.calls(), deps_.connections(), watch_.facts(),
                          watch_.lag(), watch_.credentials_expire(), look_at_process()})};
  }
  if (path == "/") return {200, "text/plain; charset=utf-8", std::string(paths)};
  return {404, "text/plain; charset=utf-8", "No such page. There are:\n" + std::string(paths)};
}

}  // namespace worker::admin
