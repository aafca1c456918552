// Outcomes of calls for tests of how jobs end, and commands as one line of text.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

#include "connector/outcome.h"
#include "worker/jobs/outcome_to_command.h"

namespace worker::jobs {

inline const connector::random_source half = [] { return 0.5; };
inline const job_facts first_of_three{3, 0, false};
inline const job_facts last_one{1, 2, false};

// What function "orders" in eu-west-1 answered.
inline connector::outcome answer_with(std::string payload, std::string log = "null") {
  connector::outcome out;
  connector::answer given;
  given.variables = {{"statusCode", "200"},
                     {"executedVersion", R"("7")"},
                     {"payload", std::move(payload)},
                     {"log", std::move(log)}};
  given.details = {{"requestId", R"("r-1")"}};
  out.result = std::move(given);
  out.sent = true;
  out.function = "orders";
  out.region = "eu-west-1";
  return out;
}

// The same answer of a function that failed.
inline connector::outcome with_function_error(connector::outcome from, std::string type) {
  connector::error_object e;
  e.code = "FUNCTION_ERROR";
  e.type = std::move(type);
  e.message = "no such order";
  e.request_id = "r-1";
  e.function_name = "orders";
  std::get<connector::answer>(from.result).function_error = std::move(e);
  return from;
}

// A call that failed.
inline connector::outcome call_failed(connector::error_code code,
                                      connector::failure_class failure) {
  connector::outcome out;
  connector::error e;
  e.code = code;
  e.failure = failure;
  e.message = "Something about the call.";
  out.result = std::move(e);
  out.sent = failure != connector::failure_class::not_started;
  out.may_have_run = failure == connector::failure_class::ambiguous;
  out.function = "orders";
  return out;
}

// What Lambda answered instead of an answer of the function.
inline connector::outcome refused_by_lambda(
    int status, std::string name, connector::failure_class failure,
    connector::error_code code = connector::error_code::not_found) {
  auto out = call_failed(code, failure);
  auto& e = std::get<connector::error>(out.result);
  e.http_status = status;
  e.aws_error = std::move(name);
  e.aws_message = "Function not found";
  e.request_id = "r-1";
  e.attempts = 1;
  return out;
}

// "complete VARIABLES", "fail RETRIES BACKOFF MESSAGE VARIABLES", "throw CODE MESSAGE VARIABLES".
inline std::string text_of(const job_command& command) {
  if (const auto* done = std::get_if<complete_command>(&command)) {
    return "complete " + done->variables;
  }
  if (const auto* failing = std::get_if<fail_command>(&command)) {
    return fmt::format("fail {} {} {} {}", failing->retries, failing->back_off.count(),
                       failing->message, failing->variables);
  }
  const auto& thrown = std::get<throw_command>(command);
  return fmt::format("throw {} {} {}", thrown.error_code, thrown.message, thrown.variables);
}

}  // namespace worker::jobs
