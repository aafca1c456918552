#include "connector/lambda/common_inputs.h"

#include <fmt/format.h>

#include <utility>

#include "connector/base/percent.h"
#include "connector/base/regions.h"
#include "connector/lambda/authentication_input.h"

namespace connector::lambda {

namespace {

const guard& guard_of(const call& asked) {
  static const guard without_lists;
  return asked.allowed ? *asked.allowed : without_lists;
}

}  // namespace

common_inputs read_frame(input_reader& in, std::chrono::milliseconds timeout_if_none) {
  common_inputs out;
  out.region = in.text("region");
  if (!out.region.empty() && !is_region(out.region)) {
    in.add_error(field_error("region", "not the name of a region, such as eu-central-1"));
  }
  if (const auto endpoint = in.text("endpoint"); !endpoint.empty()) {
    auto parsed = aws::parse_endpoint(endpoint);
    if (parsed) {
      out.endpoint = *std::move(parsed);
    } else {
      in.add_error(field_error("endpoint", parsed.error().message));
    }
  }
  const auto timeout = in.duration("timeout");
  if (timeout && (timeout->count() <= 0 || *timeout > longest_call)) {
    in.add_error(field_error("timeout", "must be more than zero and at most PT30M30S"));
  }
  out.timeout = timeout.value_or(timeout_if_none);
  out.timeout_given = timeout.has_value();
  auto who = read_authentication(in.object("authentication"));
  if (who) {
    out.who = *std::move(who);
  } else {
    in.add_error(who.error());
  }
  return out;
}

named_function read_function(input_reader& in, std::string text, const common_inputs& frame) {
  named_function out;
  out.text = std::move(text);
  out.qualifier = in.text("qualifier");
  if (in.first_error()) return out;
  auto reference = parse_function_name(out.text);
  if (!reference) {
    in.add_error(reference.error());
    return out;
  }
  out.reference = *std::move(reference);
  const auto& within = out.reference;
  if (!out.qualifier.empty() && !within.qualifier.empty() && out.qualifier != within.qualifier) {
    in.add_error(
        field_error("qualifier",
                    fmt::format("{} contradicts {}, which functionName ends with; keep one of them",
                                out.qualifier, within.qualifier)));
  }
  if (!frame.region.empty() && !within.region.empty() && frame.region != within.region) {
    in.add_error(field_error(
        "region", fmt::format("{} contradicts {}, which functionName names; keep one of them",
                              frame.region, within.region)));
  }
  if (frame.who.from == aws::identity::kind::none) {
    in.add_error(field_error(
        "authentication.type",
        "none is for function URLs: calls by name are always signed; take another type"));
  }
  return out;
}

result<aws::endpoint> resolve_target(operation_call& made, common_inputs frame,
                                     const std::string& region_of_name, const call& asked,
                                     const settings& how) {
  made.region = !frame.region.empty()     ? std::move(frame.region)
                : !region_of_name.empty() ? region_of_name
                                          : how.region;
  if (made.region.empty()) {
    return missing_input(
        "region: neither the task nor the function's name nor the worker names one; add it to the "
        "task, or give the worker AWS_REGION");
  }
  if (auto allowed = check_allowed(frame.who, guard_of(asked), made.function); !allowed) {
    return allowed.error();
  }
  auto where = how.endpoint_of ? how.endpoint_of(made.region)
                               : aws::regional_endpoint("lambda", made.region);
  if (!where) return where.error();
  if (frame.endpoint) {
    if (auto allowed = check_allowed(frame.endpoint->to, "the endpoint", asked, made.function);
        !allowed) {
      return allowed.error();
    }
    where = *std::move(frame.endpoint);
    made.host_of_task = true;
  }
  made.signing_region = where->signing_region.empty() ? made.region : where->signing_region;
  made.who = std::move(frame.who);
  made.who.region = made.region;
  made.timeout = frame.timeout;
  made.timeout_given = frame.timeout_given;
  return where;
}

guarded_function guarded(const named_function& function, const std::string& region) {
  const auto& reference = function.reference;
  guarded_function one;
  one.name = reference.name;
  one.qualifier = function.qualifier.empty() ? reference.qualifier : function.qualifier;
  one.partition = reference.partition.empty() ? aws::partition_of(region) : reference.partition;
  one.region = region;
  one.account = reference.account;
  return one;
}

result<void> check_allowed(const named_function& function, const std::string& region,
                           const call& asked) {
  return check_function(guard_of(asked), guarded(function, region));
}

result<aws::endpoint> resolve_function(operation_call& made, common_inputs frame,
                                       const named_function& function, const call& asked,
                                       const settings& how) {
  auto where = resolve_target(made, std::move(frame), function.reference.region, asked, how);
  if (!where) return where;
  if (auto allowed = check_allowed(function, made.region, asked); !allowed) return allowed.error();
  return where;
}

result<void> check_allowed(const http::destination& to, std::string_view noun, const call& asked,
                           std::string_view function) {
  return check_host(guard_of(asked), guarded_host{to.tls, to.host, to.port}, noun, function);
}

std::string function_path(const aws::endpoint& where, std::string_view function) {
  // The colons of an ARN go out as %3A; the signature encodes them a second time.
  return fmt::format("{}/2015-03-31/functions/{}", where.base_path, percent_encode(function));
}

}  // namespace connector::lambda
