#include "tests/sandbox/lambda/service.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <random>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/function_name.h"

namespace sandbox {

namespace {

boost::json::object as_json(const tally& counts) {
  return {{"requests", counts.requests},
          {"executions", counts.executions},
          {"bytesIn", counts.bytes_in},
          {"bytesOut", counts.bytes_out}};
}

// GET /sandbox/account: the counters, for people and programs outside this process. Unsigned.
answer show_account(const account& counts) {
  const totals all = counts.counted();
  boost::json::object functions;
  for (const auto& [name, counted] : counts.functions()) functions[name] = as_json(counted);
  boost::json::object jobs;
  for (const auto& [key, counted] : counts.jobs()) jobs[key] = as_json(counted);
  const boost::json::object body{
      {"connections", all.connections}, {"openConnections", all.open_connections},
      {"handshakes", all.handshakes},   {"resumptions", all.resumptions},
      {"requests", all.requests},       {"refused", all.refused},
      {"executions", all.executions},   {"running", all.running},
      {"functions", functions},         {"jobs", jobs}};
  answer out;
  out.body = boost::json::serialize(body);
  return out;
}

answer route(const service_parts& parts, const http_request& request,
             const request_target& target) {
  const auto& path = target.path;
  if (request.method == "GET" && path.size() == 2) return list_functions(parts, target);
  if (request.method == "GET" && path.size() == 3) return get_function(parts, path[2], target);
  if (request.method == "DELETE" && path.size() == 3) {
    return delete_function(parts, path[2], target);
  }
  return service_error(404, "UnknownOperationException", "");
}

}  // namespace

std::string_view http_request::header(std::string_view name) const {
  for (const auto& [sent, value] : headers) {
    if (equals_ignoring_case(sent, name)) return value;
  }
  return {};
}

request_target request_target::parse(std::string_view raw) {
  request_target out;
  const std::size_t question = std::min(raw.find('?'), raw.size());
  const std::string_view path = raw.substr(0, question);
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    out.path.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  for (std::size_t at = question + 1; at < raw.size();) {
    const std::size_t end = std::min(raw.find('&', at), raw.size());
    const std::string_view item = raw.substr(at, end - at);
    const std::size_t equals = std::min(item.find('='), item.size());
    const auto name = percent_decode(item.substr(0, equals));
    const auto value = percent_decode(equals < item.size() ? item.substr(equals + 1) : "");
    if (name && value) out.query.emplace(*name, *value);
    at = end + 1;
  }
  return out;
}

std::string_view request_target::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string_view() : std::string_view(found->second);
}

counted_call::counted_call(account& counts, invocation request, bool runs)
    : counts_(counts), request_(std::move(request)), runs_(runs) {
  if (runs_) counts_.invoke_started(request_);
}

counted_call::~counted_call() { finish(0, 0); }

void counted_call::finish(int status, std::size_t bytes_out) {
  if (finished_) return;
  finished_ = true;
  counts_.invoke_finished(request_, status, bytes_out, runs_);
}

service::service(service_parts parts) : parts_(parts) {}

std::chrono::system_clock::time_point service::now() const {
  return std::chrono::system_clock::now() + parts_.clock_offset.load();
}

plan service::handle(http_request request) const {
  parts_.counts.request_read();
  plan out;
  if (request.method == "GET" && request.target == "/sandbox/account") {
    out.request_id = make_request_id();
    out.reply = show_account(parts_.counts);
    return out;
  }
  // The views of the target point into this copy, which stays when the request is moved on.
  const std::string raw_target = request.target;
  const request_target target = request_target::parse(raw_target);
  std::string key_id;
  if (parts_.options.verify_signatures && !is_public_url(target)) {
    header_views headers(request.headers.begin(), request.headers.end());
    verdict checked = parts_.verifier.verify(
        {request.method, request.target, std::move(headers), request.body}, now());
    if (!checked.accepted()) {
      parts_.counts.request_refused(checked.error_type + ": " + checked.message);
      out.request_id = make_request_id();
      out.reply = service_error(checked.status, checked.error_type, checked.message);
      return out;
    }
    key_id = std::move(checked.access_key_id);
  }
  if (is_function_url(target)) {
    return function_url(parts_, std::move(request), target, std::move(key_id));
  }
  if (is_durable_api(target)) {
    out.request_id = make_request_id();
    out.reply = durable_api(parts_, request, target);
    return out;
  }
  const auto& path = target.path;
  if (path.size() < 2 || path[0] != "2015-03-31" || path[1] != "functions") {
    out.request_id = make_request_id();
    out.reply = service_error(404, "UnknownOperationException", "");
    return out;
  }
  if (request.method == "POST" && path.size() == 4 && path[3] == "invocations") {
    return invoke(parts_, std::move(request), target, std::move(key_id));
  }
  out.request_id = make_request_id();
  out.reply = route(parts_, request, target);
  return out;
}

resolved_function resolve_function(const service_parts& parts, std::string_view segment,
                                   std::string_view query_qualifier) {
  const lambda_options& options = parts.options;
  resolved_function out;
  const auto decoded = percent_decode(segment);
  const auto named = decoded ? parse_function_name(*decoded) : std::nullopt;
  if (!named || (!query_qualifier.empty() && !is_qualifier(query_qualifier))) {
    out.refusal = service_error(
        400, "ValidationException",
        "1 validation error detected: Value '" +
            (named ? std::string(query_qualifier) : decoded.value_or(std::string(segment))) +
            "' at '" + (named ? "qualifier" : "functionName") +
            "' failed to satisfy constraint: Member must satisfy regular expression pattern");
    return out;
  }
  if (!named->qualifier.empty() && !query_qualifier.empty() &&
      named->qualifier != query_qualifier) {
    out.refusal = service_error(
        400, "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.");
    return out;
  }
  if (!named->region.empty() && named->region != options.region) {
    out.refusal =
        service_error(404, "ResourceNotFoundException",
                      "Functions from '" + named->region + "' are not reachable in this region ('" +
                          options.region + "')");
    return out;
  }
  if (!named->account_id.empty() && named->account_id != options.account_id) {
    out.refusal = service_error(403, "AccessDeniedException",
                                "User is not authorized to perform: lambda:InvokeFunction on "
                                "resource: " +
                                    *decoded);
    return out;
  }
  out.qualifier = named->qualifier.empty() ? std::string(query_qualifier) : named->qualifier;
  out.function = parts.functions.find(named->name);
  auto version = out.function ? out.function->resolve(out.qualifier) : std::nullopt;
  if (!version) {
    std::string arn = function_arn(options, named->name);
    if (!out.qualifier.empty()) arn += ':' + out.qualifier;
    out.refusal = service_error(404, "ResourceNotFoundException", "Function not found: " + arn);
    return out;
  }
  out.version = std::move(*version);
  return out;
}

std::string function_arn(const lambda_options& options, std::string_view name) {
  return "arn:aws:lambda:" + options.region + ':' + options.account_id +
         ":function:" + std::string(name);
}

std::string make_request_id() {
  thread_local std::mt19937_64 random(std::random_device{}());
  constexpr char digits[] = "0123456789abcdef";
  std::string out(36, '-');
  std::uint64_t bits = 0;
  int left = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) continue;
    if (left == 0) {
      bits = random();
      left = 16;
    }
    out[i] = digits[bits & 15];
    bits >>= 4;
    --left;
  }
  out[14] = '4';  // version 4, variant 1
  out[19] = "89ab"[bits & 3];
  return out;
}

}  // namespace sandbox
