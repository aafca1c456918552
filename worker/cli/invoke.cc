// The command `invoke`: one call by hand, through the same path as a job.
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "connector/base/duration.h"
#include "connector/base/json.h"
#include "worker/cli/actions.h"
#include "worker/cli/assembly.h"
#include "worker/jobs/answer.h"
#include "worker/jobs/task.h"

namespace worker::cli {

namespace asio = boost::asio;
namespace json = connector::json;

namespace {

constexpr int exit_failed = 1;

// The job that a model with these inputs would make.
connector::result<engine::job> job_of(const invoke_arguments& arguments) {
  json::object_writer inputs;
  inputs.string("functionName", arguments.function);
  if (!arguments.payload.empty()) {
    auto payload = payload_text(arguments.payload);
    if (payload.has_error()) return payload.error();
    inputs.string("payload", *payload);
  }
  if (!arguments.qualifier.empty()) inputs.string("qualifier", arguments.qualifier);
  if (!arguments.invocation_type.empty()) {
    inputs.string("invocationType", arguments.invocation_type);
  }
  if (!arguments.timeout.empty()) inputs.string("timeout", arguments.timeout);
  for (const auto& [name, value] : arguments.inputs) inputs.raw(name, value);
  engine::job job;
  job.type = "invoke by hand";
  job.retries = 1;
  job.headers = "{}";
  job.variables = json::object_writer().raw("lambda", inputs.take()).take();
  return job;
}

asio::awaitable<void> call_once(assembly& parts, const invoke_arguments& arguments,
                                connector::outcome& out, jobs::controls& steering) {
  auto job = job_of(arguments);
  if (job.has_error()) {
    out.what = job.error();
    co_return;
  }
  const auto& operation = connector::spec_of(connector::operation::invoke);
  auto task = jobs::read_task(*job, operation, {});
  if (task.wrong) {
    out.what = std::move(*task.wrong);
    co_return;
  }
  steering = task.steering;
  // There is no tenant and no process here: of the rules those count that fit without.
  const auto guard = parts.guards().of({job->type, job->tenant_id, job->bpmn_process_id});
  co_await parts.load_secrets();
  auto resolved = parts.secrets().resolve(std::move(task.values), [&](std::string_view name) {
    return guards::refusing(guard->secrets, name);
  });
  if (resolved.has_error()) {
    out.what = resolved.error();
    co_return;
  }
  parts.redaction().add(resolved->secrets);
  auto call = jobs::make_call(std::move(resolved->values), steering, *job, operation);
  call.allowed = guard->calls;
  out = co_await parts.service().run(std::move(call));
  parts.close_idle();
}

void describe(assembly& parts, const connector::outcome& out) {
  const auto http = parts.http().count();
  fmt::print(stderr, "credentials: {}\nfunction:    {}\nregion:      {}\nrequest id:  {}\n",
             parts.credentials().describe(), out.function, out.region, out.request_id);
  fmt::print(stderr, "attempts:    {} ({} connections opened)\ntime:        {}\n", out.attempts,
             http.connections_opened, connector::human(out.call_time));
}

}  // namespace

int invoke(const config::settings& settings, const invoke_arguments& arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    asio::io_context loop(1);
    assembly parts(loop.get_executor(), settings);
    connector::outcome out;
    jobs::controls steering;
    asio::co_spawn(loop, call_once(parts, arguments, out, steering), asio::detached);
    loop.run();
    if (arguments.verbose) describe(parts, out);
    if (const auto* failed = out.failed()) {
      fmt::print(stderr, "{}\n",
                 parts.redaction().mask(
                     jobs::job_message(connector::name_of(failed->code), failed->message)));
      return exit_failed;
    }
    const bool function_failed = out.answered()->function_error.has_value();
    const auto what = jobs::decide(std::move(out), steering, {}, [] { return 0.0; });
    fmt::print("{}\n", std::get<jobs::complete_command>(what).variables);
    return function_failed ? exit_failed : exit_fine;
  } catch (const std::exception& e) {
    fmt::print(stderr, "lambda-connector cannot call: {}\n", e.what());
    return exit_failed;
  }
}

}  // namespace worker::cli
