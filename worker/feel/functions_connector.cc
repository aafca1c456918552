// Functions of the connector runtime: what an error expression gives, and waiting times between
// attempts. Unlike FEEL's own they fail on a wrong type.
#include <algorithm>
#include <cmath>
#include <utility>

#include "worker/feel/duration.h"
#include "worker/feel/environment.h"
#include "worker/feel/function_table.h"

namespace worker::feel {

namespace {

// Whether the argument is of that kind; the evaluation has failed when it is not.
bool has(call& of, std::string_view function, std::size_t at, std::string_view parameter,
         kind type) {
  if (of.is(at, type)) return true;
  of.fail(std::string(function) + ": '" + std::string(parameter) + "' is no " +
          std::string(name_of(type)) + " but " + std::string(name_of(of[at].type())));
  return false;
}

value bpmn_error(call& of) {
  if (!has(of, "bpmnError", 0, "errorCode", kind::string)) return {};
  context made;
  made.set("errorType", value(std::string("bpmnError")));
  made.set("errorCode", of[0]);
  if (of.size() > 1) {
    if (!has(of, "bpmnError", 1, "errorMessage", kind::string)) return {};
    made.set("errorMessage", of[1]);
  }
  if (of.size() > 2) {
    if (!has(of, "bpmnError", 2, "variables", kind::context)) return {};
    made.set("variables", of[2]);
  }
  return of.context_of(std::move(made));
}

value job_error(call& of) {
  if (!has(of, "jobError", 0, "errorMessage", kind::string)) return {};
  if (of.size() > 1 && !has(of, "jobError", 1, "variables", kind::context)) return {};
  if (of.size() > 2 && !has(of, "jobError", 2, "retries", kind::number)) return {};
  if (of.size() > 3 && !has(of, "jobError", 3, "retryBackoff", kind::days_time_duration)) return {};
  context made;
  made.set("errorType", value(std::string("jobError")));
  made.set("errorMessage", of[0]);
  made.set("variables", of.size() > 1 ? of[1] : value(context()));
  made.set("retries", of.size() > 2 ? of[2] : value(number(0)));
  made.set("retryBackoff", of.size() > 3 ? of[3] : value(days_time_duration()));
  return of.context_of(std::move(made));
}

value ignore_error(call& of) {
  context made;
  made.set("errorType", value(std::string("ignoreError")));
  if (of.size() > 0) {
    if (!has(of, "ignoreError", 0, "variables", kind::context)) return {};
    made.set("variables", of[0]);
  }
  return of.context_of(std::move(made));
}

// The milliseconds of an argument, or what is meant without it.
std::optional<double> milliseconds(call& of, std::size_t at, std::string_view parameter,
                                   double otherwise) {
  if (of.size() <= at) return otherwise;
  if (!has(of, "backoff", at, parameter, kind::days_time_duration)) return std::nullopt;
  const auto much = milliseconds_of(of[at].as_days_time_duration());
  if (much) return static_cast<double>(*much);
  of.fail("backoff: '" + std::string(parameter) + "' is too long");
  return std::nullopt;
}

std::optional<double> factor(call& of, std::size_t at, std::string_view parameter,
                             double otherwise) {
  if (of.size() <= at) return otherwise;
  if (!has(of, "backoff", at, parameter, kind::number)) return std::nullopt;
  return of[at].as_number().to_double();
}

value backoff(call& of) {
  const auto attempt = factor(of, 0, "attempt", 1);
  const auto least = milliseconds(of, 1, "minDelay", 50);
  const auto growth = factor(of, 2, "factor", 1.6);
  const auto most = milliseconds(of, 3, "maxDelay", 5'000);
  const auto jitter = factor(of, 4, "jitterFactor", 0.1);
  if (!attempt || !least || !growth || !most || !jitter) return {};
  if (*attempt < 1) return of.fail("backoff: 'attempt' is below 1");
  if (*growth <= 0) return of.fail("backoff: 'factor' is not above 0");
  if (*least > *most) return of.fail("backoff: 'minDelay' is longer than 'maxDelay'");
  if (*jitter < 0) return of.fail("backoff: 'jitterFactor' is below 0");
  const auto grown = *least * std::pow(*growth, std::trunc(*attempt) - 1);
  const auto delay = std::isnan(grown) ? *most : std::clamp(grown, *least, *most);
  constexpr double steps = 1 << 20;
  const auto random = static_cast<double>(random_bits(of.surroundings()) % (1U << 20)) / steps;
  const auto spread = delay * (1 + *jitter * (2 * random - 1));
  constexpr double longest = 9e15;
  return duration_of_milliseconds(
      static_cast<std::int64_t>(std::clamp(std::round(spread), 0.0, longest)));
}

constexpr std::array connector_table{
    function_row{"bpmnError", {"errorCode"}, bpmn_error, "Throws a BPMN error."},
    function_row{
        "bpmnError", {"errorCode", "errorMessage"}, bpmn_error, "The same, with a message."},
    function_row{"bpmnError",
                 {"errorCode", "errorMessage", "variables"},
                 bpmn_error,
                 "The same, with variables."},
    function_row{"jobError", {"errorMessage"}, job_error, "Fails the job; no retries are left."},
    function_row{"jobError", {"errorMessage", "variables"}, job_error, "The same, with variables."},
    function_row{"jobError",
                 {"errorMessage", "variables", "retries"},
                 job_error,
                 "The same, with so many retries left."},
    function_row{"jobError",
                 {"errorMessage", "variables", "retries", "retryBackoff"},
                 job_error,
                 "The same, after a while."},
    function_row{"ignoreError", {}, ignore_error, "Completes the job in spite of the error."},
    function_row{"ignoreError", {"variables"}, ignore_error, "The same, with variables."},
    function_row{
        "backoff",
        {"attempt"},
        backoff,
        "A waiting time that grows with the attempt, from 50 ms to 5 s by a factor of 1.6."},
    function_row{"backoff", {"attempt", "minDelay"}, backoff, "The same, from another time on."},
    function_row{"backoff", {"attempt", "minDelay", "factor"}, backoff, "By another factor."},
    function_row{
        "backoff", {"attempt", "minDelay", "factor", "maxDelay"}, backoff, "Up to another time."},
    function_row{"backoff",
                 {"attempt", "minDelay", "factor", "maxDelay", "jitterFactor"},
                 backoff,
                 "Longer or shorter by chance, by this part of it (0.1 otherwise)."},
};

}  // namespace

std::span<const function_row> connector_functions() { return connector_table; }

}  // namespace worker::feel
