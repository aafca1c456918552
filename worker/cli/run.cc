// The command `run`: serve jobs until a signal.
#include <fmt/format.h>
#include <malloc.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <stdexcept>

#include "connector/base/cancellation.h"
#include "connector/base/let_out.h"
#include "connector/base/log.h"
#include "connector/base/wait.h"
#include "worker/cli/actions.h"
#include "worker/cli/gateway_hint.h"
#include "worker/cli/reload.h"
#include "worker/cli/service_manager.h"
#include "worker/program/application.h"
#include "worker/program/version.h"

namespace worker::cli {

namespace asio = boost::asio;
namespace log = connector::log;
using asio::awaitable;
using std::chrono::milliseconds;

namespace {

// Each of gRPC's threads would keep an arena of freed memory; a single arena costs time in locks.
void keep_memory_small() {
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

std::string served_types(const config::settings& settings) {
  std::string out;
  for (const auto& type : settings.jobs.types) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", type.job_type);
  }
  return out;
}

// Logs once that the gateway answers. Why it does not is what the polls log.
awaitable<void> introduce(engine::gateway& gateway, const config::gateway_settings& settings,
                          const bool& stopping) {
  co_await connector::quiet_cancellation();
  const auto loop = co_await asio::this_coro::executor;
  asio::steady_timer pause(loop);
  while (!stopping) {
    engine::topology found;
    const auto answer = co_await gateway.ask_topology(found, milliseconds(5000));
    if (answer.ok()) {
      log::info("connected to the gateway", {{"gateway", settings.address},
                                             {"version", found.gateway_version},
                                             {"partitions", std::to_string(found.partitions)}});
      co_return;
    }
    co_await connector::wait_for(pause, std::chrono::seconds(1));
  }
}

// A second SIGTERM or SIGINT ends the drain time. A SIGHUP does not: service managers and terminals
// that close send one beside the first signal, and the operator has not asked for cut calls.
void stop_at_once_at_the_second(asio::signal_set& signals, jobs::job_worker& worker) {
  signals.async_wait([&](boost::system::error_code failed, int number) {
    if (failed) return;
    if (number != SIGHUP) return worker.abort_drain();
    log::info("SIGHUP: the worker stops, so the settings are not read again");
    stop_at_once_at_the_second(signals, worker);
  });
}

// SIGTERM and SIGINT stop the worker; a second one stops it at once. Until then SIGHUP reads the
// settings again.
awaitable<void> until_stopped(program::application& app, asio::signal_set& signals,
                              const std::function<void()>& read_again, bool& stopping,
                              jobs::job_worker::leftovers& left,
                              asio::cancellation_signal& introduction,
                              const service_manager& manager, asio::cancellation_signal& beat) {
  auto& worker = app.worker();
  for (;;) {
    boost::system::error_code failed;
    const int number =
        co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return;
    if (number != SIGHUP) break;
    read_again();
  }
  stopping = true;
  introduction.emit(asio::cancellation_type::terminal);
  manager.stopping();
  app.admin().draining();
  log::info("stopping: no more jobs are asked for");
  stop_at_once_at_the_second(signals, worker);
  left = co_await worker.stop();
  beat.emit(asio::cancellation_type::terminal);
  signals.cancel();
  app.admin().stop();
  app.close_idle();
}

// Systemd's variables; empty when another program started this one.
std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

// Throws when the port that the operator asked for cannot be opened.
void open_admin_port(program::application& app, const config::admin_settings& wanted) {
  if (!wanted.listen.on) return app.admin().start_without_port();
  const auto failed = app.admin().start(wanted.listen);
  const std::string host = wanted.listen.host.empty() ? "all interfaces" : wanted.listen.host;
  if (failed.empty()) {
    log::info("health and metrics are served",
              {{"address", host}, {"port", std::to_string(app.admin().port())}});
    return;
  }
  if (!wanted.by_default) {
    throw std::runtime_error(fmt::format("LAMBDA_CONNECTOR_ADMIN_ADDRESS: {} port {}: {}", host,
                                         wanted.listen.port, failed));
  }
  app.admin().start_without_port();
  log::warning(
      "no health and metrics: the default port is not free, set "
      "LAMBDA_CONNECTOR_ADMIN_ADDRESS",
      {{"port", std::to_string(wanted.listen.port)}, {"reason", failed}});
}

// What is closed at a stop ends at once.
constexpr milliseconds closing{500};

// Runs the loop until the worker has stopped, and a moment more for what was closed then. False:
// something still runs. An exception here is a bug, and the program ends at once without destroying
// anything: running calls refer to objects that would be gone. The jobs are free when their leases
// end.
bool serve(asio::io_context& loop) {
  std::string reason;
  try {
    loop.run();
    loop.restart();
    loop.run_for(closing);
    return loop.stopped();
  } catch (const std::exception& e) {
    reason = e.what();
  } catch (...) {
    reason = "an exception of an unknown kind";
  }
  log::error("a bug in the worker: it ends, its jobs are free when their leases are over",
             {{"what", reason}});
  log::shut_down();
  std::_Exit(exit_failed);
}

void report_ends(const jobs::job_worker& worker) {
  for (const auto& [type, counts] : worker.outcomes().by_type()) {
    std::string text;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts.at(i) == 0) continue;
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts.at(i),
                          jobs::name_of(static_cast<jobs::job_end>(i)));
    }
    log::info("jobs of this run", {{"type", type}, {"ends", text}});
  }
}

// The last line of the log.
void report_stop(const jobs::job_worker::leftovers& left) {
  if (left.nothing()) {
    log::info("stopped");
    return;
  }
  log::error("stopped with work left: what is named here has no confirmed end",
             {{"endsUndelivered", std::to_string(left.undelivered)},
              {"jobsRunning", std::to_string(left.running)},
              {"callsToTheGatewayOpen", left.calls_open ? "true" : "false"}});
}

int exit_code_of(const jobs::job_worker::leftovers& left) {
  return left.nothing() ? exit_fine : exit_failed;
}

}  // namespace

int run(const config::settings& settings, const std::function<command_line()>& read_again) {
  keep_memory_small();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a log file at its limit ends the log, not the worker
  program::set_up_log(settings);
  jobs::job_worker::leftovers left;
  left.calls_open = true;  // until the stop has said otherwise
  try {
    asio::io_context loop(1);
    program::application app(loop.get_executor(), settings);
    asio::signal_set signals(loop, SIGTERM, SIGINT, SIGHUP);
    bool stopping = false;
    auto in_force = settings;
    const std::function<void()> again = [&] { reload(app, in_force, read_again); };
    app.advise_on_gateway([&settings](const engine::status& answer) {
      return gateway_hint(settings.gateway, answer);
    });
    auto& worker = app.worker();
    log::info(program::version_text() + " started",
              {{"gateway", settings.gateway.address},
               {"jobTypes", served_types(settings)},
               {"maxJobsActive", std::to_string(settings.jobs.max_active)}});
    for (const auto& each : app.warnings()) log::warning(each);
    open_admin_port(app, settings.admin);
    asio::co_spawn(loop, app.begin(), connector::let_out);
    asio::cancellation_signal introduction;
    asio::co_spawn(loop, introduce(app.gateway(), settings.gateway, stopping),
                   asio::bind_cancellation_slot(introduction.slot(), connector::let_out));
    const service_manager manager(variable("NOTIFY_SOCKET"), variable("WATCHDOG_USEC"));
    asio::cancellation_signal beat;
    asio::co_spawn(loop, manager.beat(),
                   asio::bind_cancellation_slot(beat.slot(), connector::let_out));
    asio::co_spawn(loop,
                   until_stopped(app, signals, again, stopping, left, introduction, manager, beat),
                   [&loop](const std::exception_ptr& bug) {
                     loop.stop();
                     connector::let_out(bug);
                   });
    // The worker waits for the gateway by itself, so that it has started whether that is there or
    // not.
    manager.started();
    const bool ended = serve(loop);
    // The program ends by itself now; a signal could only change its exit code.
    signals.clear();
    for (const int each : {SIGTERM, SIGINT, SIGHUP}) std::signal(each, SIG_IGN);
    report_ends(worker);
    report_stop(left);
    if (!ended) {
      // What still runs refers to objects that would be destroyed, and may take longer than the
      // platform waits.
      log::shut_down();
      std::_Exit(exit_code_of(left));
    }
  } catch (const std::exception& e) {
    log::shut_down();
    fmt::print(stderr, "lambda-connector cannot run: {}\n", e.what());
    return exit_failed;
  }
  log::shut_down();
  return exit_code_of(left);
}

}  // namespace worker::cli
