#include "worker/cli/call_by_hand.h"

#include <map>
#include <utility>

#include "connector/base/json_writer.h"
#include "worker/cli/actions.h"
#include "worker/config/job_lists.h"
#include "worker/jobs/job_refusals.h"
#include "worker/jobs/task.h"
#include "worker/policy/plaintext_keys.h"
#include "worker/secrets/outcome_redaction.h"

namespace worker::cli {

namespace json = connector::json;

namespace {

std::string headers_of(const invoke_arguments& arguments) {
  json::object_writer out;
  // The inputs stand in the object `lambda` below, whatever the worker's default is.
  std::map<std::string, std::string> headers = {{"inputs", "lambda"}};
  for (const auto& [name, text] : arguments.headers) headers[name] = text;
  for (const auto& [name, text] : headers) out.string(name, text);
  return out.take();
}

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
  job.type = arguments.job_type.empty() ? "invoke by hand" : arguments.job_type;
  job.bpmn_process_id = arguments.process;
  job.tenant_id = arguments.tenant;
  job.retries = 1;
  job.headers = headers_of(arguments);
  job.variables = json::object_writer().raw("lambda", inputs.take()).take();
  return job;
}

connector::outcome failed(connector::error why) {
  connector::outcome out;
  out.result = std::move(why);
  return out;
}

}  // namespace

boost::asio::awaitable<connector::outcome> call_by_hand(program::application& app,
                                                        const config::settings& settings,
                                                        const invoke_arguments& arguments,
                                                        jobs::task_headers& headers) {
  auto job = job_of(arguments);
  if (job.has_error()) co_return failed(job.error());
  const auto& operation = connector::spec_of(arguments.operation);
  std::map<std::string, std::string> defaults;
  if (!arguments.job_type.empty()) {
    defaults = config::default_headers_of(settings.jobs, arguments.job_type);
  }
  auto task = jobs::read_task(*job, operation, defaults);
  if (task.error) co_return failed(std::move(*task.error));
  headers = task.headers;
  // As in a header: the caller wrote it, not a user of a process.
  for (auto& value : task.values) {
    if (value.input.name == "authentication") value.from = secrets::origin::header;
  }
  const auto policy = app.policies().of({job->type, job->tenant_id, job->bpmn_process_id});
  const auto plain = policy::plaintext_key_in(task.values, app.secrets().in_data());
  // No engine has put it there.
  if (plain && policy->require_secret_references != policy::reference_rule::none) {
    co_return failed(jobs::plaintext_key_error(*plain));
  }
  secrets::refusing_list refusing = [policy](std::string_view name) {
    return policy::refusing(policy->secrets, name);
  };
  auto resolved =
      co_await app.secrets().resolve(std::move(task.values), std::move(refusing), std::nullopt,
                                     app.secrets().scope_of(job->tenant_id));
  if (resolved.has_error()) co_return failed(resolved.error());
  const auto resolved_secrets = std::move(resolved->known);
  auto call = jobs::make_call(std::move(resolved->values), headers, *job, operation);
  call.allowed = policy->calls;
  auto out = co_await app.service().run(std::move(call));
  // Redaction knows the values while resolved_secrets lives.
  secrets::redact(out, *app.redaction().for_job(resolved_secrets), headers.mask_payload);
  co_return out;
}

boost::asio::awaitable<void> call_alone(program::application& app, const config::settings& settings,
                                        const invoke_arguments& arguments, connector::outcome& out,
                                        jobs::task_headers& headers) {
  co_await app.load_secrets();
  out = co_await call_by_hand(app, settings, arguments, headers);
  app.close_idle();
}

}  // namespace worker::cli
