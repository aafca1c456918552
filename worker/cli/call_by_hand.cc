#include "worker/cli/call_by_hand.h"

#include <string>
#include <utility>

#include "connector/base/json.h"
#include "worker/cli/actions.h"
#include "worker/jobs/task.h"
#include "worker/secrets/outcome_redaction.h"

namespace worker::cli {

namespace asio = boost::asio;
namespace json = connector::json;

namespace {

// The job that a model with these inputs would make.
connector::result<engine::job> job_of(const invoke_arguments& arguments) {
  json::object_writer inputs;
  if (!arguments.function.empty()) inputs.string("functionName", arguments.function);
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

}  // namespace

asio::awaitable<void> call_by_hand(program::application& app, const invoke_arguments& arguments,
                                   connector::outcome& out, jobs::task_headers& headers) {
  auto job = job_of(arguments);
  if (job.has_error()) {
    out.result = job.error();
    co_return;
  }
  const auto& operation = connector::spec_of(arguments.operation);
  auto task = jobs::read_task(*job, operation, {});
  if (task.error) {
    out.result = std::move(*task.error);
    co_return;
  }
  headers = task.headers;
  // As in a header: the caller wrote it, not a user of a process.
  for (auto& value : task.values) {
    if (value.input.name == "authentication") value.from = secrets::origin::header;
  }
  // There is no tenant and no process here: the rules that fit without them count.
  const auto policy = app.policies().of({job->type, job->tenant_id, job->bpmn_process_id});
  co_await app.load_secrets();
  secrets::refusing_list refusing = [policy](std::string_view name) {
    return policy::refusing(policy->secrets, name);
  };
  auto resolved = co_await app.secrets().resolve(std::move(task.values), std::move(refusing));
  if (resolved.has_error()) {
    out.result = resolved.error();
    co_return;
  }
  const auto resolved_secrets = std::move(resolved->known);
  auto call = jobs::make_call(std::move(resolved->values), headers, *job, operation);
  call.allowed = policy->calls;
  out = co_await app.service().run(std::move(call));
  // Redaction knows the values while resolved_secrets lives.
  secrets::redact(out, *app.redaction().for_job(resolved_secrets), headers.mask_payload);
  app.close_idle();
}

}  // namespace worker::cli
