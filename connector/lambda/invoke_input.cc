#include "connector/lambda/invoke_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/aws/endpoint.h"
#include "connector/base/duration.h"
#include "connector/lambda/authentication_input.h"
#include "connector/lambda/input_reader.h"
#include "connector/lambda/invoke_payload.h"

namespace connector::lambda {

namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Only ASCII letters, digits and `others`.
bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
  });
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

invocation_type type_of(const std::string& word) {
  if (word == "Event") return invocation_type::event;
  if (word == "DryRun") return invocation_type::dry_run;
  return invocation_type::request_response;
}

payload_format format_of(const std::string& word) {
  if (word == "json") return payload_format::json;
  if (word == "text") return payload_format::text;
  return payload_format::automatic;
}

void read_function(input_reader& in, invoke_input& out) {
  out.function = in.text("functionName");
  out.qualifier = in.text("qualifier");
  out.region = in.text("region");
  if (in.wrong()) return;
  auto reference = parse_function_name(out.function);
  if (!reference) return in.complain(reference.error());
  out.reference = *std::move(reference);
  const auto& within = out.reference;
  if (!out.qualifier.empty() && !within.qualifier.empty() && out.qualifier != within.qualifier) {
    in.complain(wrong_field("qualifier", fmt::format("{} contradicts {}, which functionName ends "
                                                     "with",
                                                     out.qualifier, within.qualifier)));
  }
  if (!out.region.empty() && !aws::is_region(out.region)) {
    in.complain(wrong_field("region", "not the name of a region, such as eu-central-1"));
  } else if (!out.region.empty() && !within.region.empty() && out.region != within.region) {
    in.complain(wrong_field("region", fmt::format("{} contradicts {}, which functionName names",
                                                  out.region, within.region)));
  }
  if (out.region.empty()) out.region = within.region;
}

void read_call(input_reader& in, invoke_input& out) {
  out.type = type_of(in.text("invocationType"));
  // Only a call that waits has a log to bring back.
  out.log_tail = in.text("logType") != "None" && out.type == invocation_type::request_response;
  out.client_context = in.object("clientContext");
  if (!out.client_context.empty() && out.type == invocation_type::event) {
    in.complain(wrong_field("clientContext",
                            "an Event call has no client context; put it into the payload"));
  }
  const auto timeout = in.duration("timeout");
  if (timeout && (timeout->count() <= 0 || *timeout > most_timeout)) {
    in.complain(wrong_field("timeout", "must be more than zero and at most PT15M30S"));
  }
  out.timeout = timeout.value_or(default_timeout);
  if (!in.text("endpoint").empty()) {
    in.complain(wrong_field(
        "endpoint", "only hosts that the operator allowed may be named in job data, and none is"));
  }
}

void read_headers(input_reader& in, invoke_input& out) {
  out.tenant_id = in.text("functionTenantId");
  if (!consists_of(out.tenant_id, "._:/=+-@ ") || out.tenant_id.starts_with(' ') ||
      out.tenant_id.ends_with(' ')) {
    in.complain(wrong_field("functionTenantId",
                            "only letters, digits, blanks inside and . _ : / = + - @ are allowed"));
  }
  out.durable_name = in.text("durableExecutionName");
  if (!consists_of(out.durable_name, "-_")) {
    in.complain(wrong_field("durableExecutionName",
                            "only letters, digits, hyphens and underscores are allowed"));
  }
  out.traceparent = in.text("traceparent");
  if (!is_printable(out.traceparent)) in.complain(wrong_field("traceparent", "is not ASCII"));
  out.trace_header = in.text("traceHeader");
  if (!is_printable(out.trace_header)) in.complain(wrong_field("traceHeader", "is not ASCII"));
}

void read_payload(input_reader& in, invoke_input& out) {
  const auto format = format_of(in.text("payloadFormat"));
  auto payload = in.take("payload");
  if (!payload) return;
  auto body = payload_body(*std::move(payload), format);
  if (!body) return in.complain(body.error());
  out.payload = *std::move(body);
}

}  // namespace

std::string_view name_of(invocation_type type) {
  switch (type) {
    case invocation_type::request_response:
      return "RequestResponse";
    case invocation_type::event:
      return "Event";
    case invocation_type::dry_run:
      return "DryRun";
  }
  return "";
}

result<invoke_input> read_invoke_input(std::vector<input_value> inputs) {
  input_reader in(spec_of(operation::invoke), std::move(inputs));
  invoke_input out;
  read_function(in, out);
  read_call(in, out);
  read_headers(in, out);
  auto who = read_authentication(in.object("authentication"));
  if (who) {
    out.who = *std::move(who);
  } else {
    in.complain(who.error());
  }
  read_payload(in, out);
  if (in.wrong()) return *in.wrong();
  return out;
}

}  // namespace connector::lambda
