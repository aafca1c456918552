// Invoke with a name of a durable execution: docs.aws.amazon.com/lambda/latest/dg, "Idempotency" of
// durable functions. The first call starts it, each later one with that payload attaches to it.
#include "tests/sandbox/lambda/service.h"

namespace sandbox {

namespace {

constexpr const char* arn_header = "X-Amz-Durable-Execution-Arn";

}  // namespace

plan invoke_durable(const service_parts& parts, const registry::entry& function, invocation call,
                    plan out) {
  const bool event = call.invocation_type == "Event";
  const auto& options = function->options;
  const durable_executions::place where{function_arn(parts.options, function->name), function->name,
                                        call.executed_version, options.execution_timeout,
                                        options.execution_retention};
  auto begun = parts.durables.invoke(where, call.durable_name, call.payload, [&] {
    invocation seen = call;
    // The service gives a function that is called this way no client context.
    if (event) seen.client_context.clear();
    return function->body(seen);
  });
  if (begun.refusal) {
    out.reply = std::move(*begun.refusal);
  } else if (!begun.wire.empty()) {
    out.reply.wire = std::move(begun.wire);
  } else if (event) {
    out.reply.status = 202;
    out.reply.headers = {{"X-Amz-Executed-Version", call.executed_version},
                         {arn_header, begun.arn}};
    out.runs_on = std::chrono::milliseconds(0);
  } else {
    invocation about;
    about.request_id = call.request_id;
    about.executed_version = call.executed_version;
    about.log_tail = call.log_tail;
    out.reply_later = [&durables = parts.durables, arn = begun.arn,
                       about = std::move(about)]() -> std::optional<answer> {
      auto made = durables.result(arn);
      if (!made) return std::nullopt;
      complete_answer(about, *made);
      made->headers.emplace_back(arn_header, arn);
      return made;
    };
  }
  out.call = std::make_unique<counted_call>(parts.counts, std::move(call), begun.is_new);
  return out;
}

}  // namespace sandbox
