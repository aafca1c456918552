// ListFunctions, GetFunction and DeleteFunction. What must never be passed on (the presigned
// location of the code, the values of environment variables) carries a mark that tests look for.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/service.h"

namespace sandbox {

namespace {

namespace json = boost::json;

constexpr std::size_t max_items = 50;  // whatever is asked for
// In front of a marker's name, so that its base64 text holds '+' and '/'.
constexpr std::string_view marker_prefix = "\xfb\xef\xbe\xff\xff\xff";

json::object configuration(const lambda_options& options, const registered_function& function,
                           const std::string& version, bool qualified) {
  std::string arn = function_arn(options, function.name);
  if (qualified) arn += ':' + version;
  json::object variables;
  for (const auto& [name, value] : function.options.environment) variables[name] = value;
  return {{"FunctionName", function.name},
          {"FunctionArn", arn},
          {"Runtime", function.options.runtime},
          {"Role", "arn:aws:iam::" + options.account_id + ":role/sandbox"},
          {"Handler", "bootstrap"},
          {"CodeSize", 1024},
          {"Description", function.options.description},
          {"Timeout", 900},
          {"MemorySize", 128},
          {"LastModified", "2026-01-02T03:04:05.000+0000"},
          {"CodeSha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
          {"Version", version},
          {"Environment", {{"Variables", variables}}},
          {"TracingConfig", {{"Mode", "PassThrough"}}},
          {"PackageType", "Zip"},
          {"Architectures", json::array{"x86_64"}}};
}

std::optional<std::string> read_marker(std::string_view marker) {
  if (marker.empty()) return std::string();
  auto text = base64_decode(marker);
  if (!text || text->substr(0, marker_prefix.size()) != marker_prefix) return std::nullopt;
  return text->substr(marker_prefix.size());
}

std::optional<std::size_t> read_max_items(std::string_view text) {
  if (text.empty()) return max_items;
  std::size_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value < 1 ||
      value > 10000) {
    return std::nullopt;
  }
  return std::min(value, max_items);
}

}  // namespace

answer list_functions(const service_parts& parts, const request_target& target) {
  const auto after = read_marker(target.parameter("Marker"));
  const auto most = read_max_items(target.parameter("MaxItems"));
  if (!after || !most) {
    return service_error(400, "InvalidParameterValueException",
                         after ? "MaxItems must be from 1 to 10000." : "The marker is not valid.");
  }
  auto found = parts.functions.list(*after, *most + 1);
  const bool more = found.size() > *most;
  if (more) found.pop_back();
  json::array functions;
  for (const auto& function : found) {
    functions.push_back(configuration(parts.options, *function, "$LATEST", false));
    if (target.parameter("FunctionVersion") != "ALL") continue;
    for (const std::string& version : function->options.versions) {
      functions.push_back(configuration(parts.options, *function, version, true));
    }
  }
  json::object body;
  body["NextMarker"] = nullptr;
  if (more) body["NextMarker"] = base64_encode(std::string(marker_prefix) + found.back()->name);
  body["Functions"] = std::move(functions);
  return json_answer(json::serialize(body));
}

answer get_function(const service_parts& parts, std::string_view segment,
                    const request_target& target) {
  resolved_function found = resolve_function(parts, segment, target.parameter("Qualifier"));
  if (found.refusal) return std::move(*found.refusal);
  json::object about =
      configuration(parts.options, *found.function, found.version, !found.qualifier.empty());
  about["State"] = "Active";
  about["LastUpdateStatus"] = "Successful";
  json::object tags;
  for (const auto& [name, value] : found.function->options.tags) tags[name] = value;
  const std::string region = parts.options.region;
  const json::object body(
      {{"Configuration", about},
       {"Code",
        {{"RepositoryType", "S3"},
         {"Location", "https://awslambda-" + region + "-tasks.s3." + region +
                          ".amazonaws.com/snapshots/x?X-Amz-Signature=presigned-never-passed-on"}}},
       {"Tags", tags},
       {"Concurrency", {{"ReservedConcurrentExecutions", 5}}}});
  return json_answer(json::serialize(body));
}

answer delete_function(const service_parts& parts, std::string_view segment,
                       const request_target& target) {
  resolved_function found = resolve_function(parts, segment, target.parameter("Qualifier"));
  if (found.refusal) return std::move(*found.refusal);
  if (found.qualifier == "$LATEST") {
    return service_error(400, "InvalidParameterValueException",
                         "$LATEST version cannot be deleted without deleting the function.");
  }
  if (found.qualifier.empty()) {
    parts.functions.remove(found.function->name);
  } else {
    registered_function changed = *found.function;
    auto& versions = changed.options.versions;
    versions.erase(std::remove(versions.begin(), versions.end(), found.version), versions.end());
    parts.functions.put(std::move(changed));
  }
  answer out;
  out.status = 204;
  return out;
}

}  // namespace sandbox
