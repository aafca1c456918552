#include "connector/lambda/invoke/invoke_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/lambda/input_reader.h"
#include "connector/lambda/invoke/invoke_payload.h"

namespace connector::lambda {

namespace {

// Only ASCII letters, digits and `others`.
bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return ascii::is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
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

void read_what(input_reader& in, invoke_input& out) {
  auto name = in.text("functionName");
  if (!is_function_url(name)) {
    out.function = read_function(in, std::move(name), out.frame);
    return;
  }
  auto url = parse_function_url(name);
  if (!url) return in.add_error(url.error());
  out.url = *std::move(url);
  const auto& region = out.url->region;
  if (!out.frame.region.empty() && !region.empty() && out.frame.region != region) {
    in.add_error(field_error(
        "region", fmt::format("{} contradicts {}, which functionName names; keep one of them",
                              out.frame.region, region)));
  }
  // The alias is bound to the URL when it is made; the rest has no header there.
  for (const std::string_view name_only :
       {"qualifier", "endpoint", "clientContext", "functionTenantId", "durableExecutionName"}) {
    if (in.has(name_only) || (name_only == "endpoint" && out.frame.endpoint)) {
      in.add_error(field_error(name_only, "has no meaning for a function URL; name the function"));
    }
  }
}

void read_call(input_reader& in, invoke_input& out) {
  out.type = type_of(in.text("invocationType"));
  if (out.url && out.type != invocation_type::request_response) {
    in.add_error(field_error("invocationType",
                             "a function URL only waits for the answer; name the function"));
  }
  // Only a call that waits has a log to bring back.
  out.log_tail = in.text("logType") != "None" && out.type == invocation_type::request_response;
  out.client_context = in.object("clientContext");
  if (!out.client_context.empty() && out.type == invocation_type::event) {
    in.add_error(field_error("clientContext",
                             "an Event call has no client context; put it into the payload"));
  }
}

void read_headers(input_reader& in, invoke_input& out) {
  out.tenant_id = in.text("functionTenantId");
  if (!consists_of(out.tenant_id, "._:/=+-@ ") || out.tenant_id.starts_with(' ') ||
      out.tenant_id.ends_with(' ')) {
    in.add_error(field_error(
        "functionTenantId", "only letters, digits, blanks inside and . _ : / = + - @ are allowed"));
  }
  out.durable_name = in.text("durableExecutionName");
  if (!consists_of(out.durable_name, "-_")) {
    in.add_error(field_error("durableExecutionName",
                             "only letters, digits, hyphens and underscores are allowed"));
  }
  out.traceparent = in.text("traceparent");
  if (!is_printable(out.traceparent)) in.add_error(field_error("traceparent", "is not ASCII"));
  out.trace_header = in.text("traceHeader");
  if (!is_printable(out.trace_header)) in.add_error(field_error("traceHeader", "is not ASCII"));
}

void read_payload(input_reader& in, invoke_input& out) {
  const auto format = format_of(in.text("payloadFormat"));
  auto payload = in.take("payload");
  if (!payload) return;
  auto body = payload_body(*std::move(payload), format);
  if (!body) return in.add_error(body.error());
  out.payload = *std::move(body);
}

}  // namespace

bool is_execution_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && consists_of(text, "-_");
}

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
  input_reader in(spec_of(operation_id::invoke), std::move(inputs));
  invoke_input out;
  out.frame = read_frame(in, default_timeout);
  read_what(in, out);
  read_call(in, out);
  read_headers(in, out);
  read_payload(in, out);
  if (in.first_error()) return *in.first_error();
  return out;
}

}  // namespace connector::lambda
