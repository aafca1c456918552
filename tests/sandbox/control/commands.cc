#include "tests/sandbox/control/commands.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>

namespace sandbox::control {
namespace {

using boost::json::object;

std::string text(const object& from, std::string_view name, std::string otherwise = "") {
  const auto* value = from.if_contains(name);
  return value == nullptr ? std::move(otherwise) : std::string(value->as_string());
}

std::int64_t number(const object& from, std::string_view name, std::int64_t otherwise = 0) {
  const auto* value = from.if_contains(name);
  return value == nullptr ? otherwise : value->to_number<std::int64_t>();
}

std::int64_t job_of(const object& command) { return command.at("job").to_number<std::int64_t>(); }

engine::job_spec spec_of(const object& command) {
  engine::job_spec spec;
  spec.type = text(command, "type");
  spec.variables = text(command, "variables", "{}");
  spec.process_variables = text(command, "process", "{}");
  spec.headers = text(command, "headers", "{}");
  spec.retries = static_cast<std::int32_t>(number(command, "retries", 3));
  spec.bpmn_process_id = text(command, "bpmnProcessId");
  spec.element_id = text(command, "elementId");
  spec.tenant_id = text(command, "tenantId", "<default>");
  if (const auto* codes = command.if_contains("caught")) {
    for (const auto& code : codes->as_array()) spec.caught_errors.emplace_back(code.as_string());
  }
  spec.keys.job = job_of(command);
  spec.keys.element_instance = number(command, "element");
  spec.keys.process_instance = number(command, "processInstance");
  spec.keys.definition = number(command, "definition");
  spec.keys.version = static_cast<std::int32_t>(number(command, "version", 1));
  return spec;
}

engine::restored_state state_of(const object& given) {
  engine::restored_state state;
  state.until = engine::milliseconds(number(given, "until"));
  state.worker = text(given, "worker");
  state.incident_key = number(given, "incident");
  state.incident_type = text(given, "type");
  state.incident_message = text(given, "message");
  const std::string name = text(given, "is");
  if (name == "activated") {
    state.state = engine::job_state::activated;
  } else if (name == "backoff") {
    state.state = engine::job_state::backoff;
  } else if (name == "incident") {
    state.state = engine::job_state::incident;
  } else if (name != "activatable") {
    throw std::invalid_argument("no state '" + name + "'");
  }
  return state;
}

void create(engine::engine& e, const object& command) {
  if (const auto* state = command.if_contains("state")) {
    e.restore(spec_of(command), state_of(state->as_object()));
  } else {
    e.create(spec_of(command));
  }
}

void answer(engine::engine& e, const object& command) {
  const auto call = static_cast<std::uint64_t>(number(command, "call"));
  const auto* response = command.if_contains("response");
  const auto status =
      response != nullptr
          ? grpc::Status::OK
          : grpc::Status(static_cast<grpc::StatusCode>(number(command, "status", 2)),
                         text(command, "message"));
  e.answer(call, status, response != nullptr ? boost::json::serialize(*response) : "");
}

}  // namespace

bool carry_out(engine::engine& e, std::string_view line) {
  const auto parsed = boost::json::parse({line.data(), line.size()});
  const object& command = parsed.as_object();
  const std::string verb = text(command, "do");
  if (verb == "create") {
    create(e, command);
  } else if (verb == "variables") {
    e.replace_variables(job_of(command), text(command, "variables", "{}"),
                        text(command, "process", "{}"));
  } else if (verb == "cancel") {
    e.cancel_job(job_of(command));
  } else if (verb == "answer") {
    answer(e, command);
  } else if (verb == "clock") {
    e.advance(engine::milliseconds(number(command, "by")));
  } else if (verb == "stop") {
    e.stop();
  } else if (verb == "start") {
    e.start();
  } else {
    throw std::invalid_argument("no command '" + verb + "'");
  }
  return verb == "start";
}

}  // namespace sandbox::control
