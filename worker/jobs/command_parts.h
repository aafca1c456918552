// The facts that decide how a job ends, and the parts of commands that several rules make. For
// outcome_to_command.cc and model_decision.cc. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "connector/base/backoff_limits.h"
#include "connector/outcome.h"
#include "worker/jobs/job_command.h"
#include "worker/jobs/outcome_to_command.h"

namespace worker::jobs {

struct rules {
  const task_headers& headers;
  const job_facts& job;
  const connector::random_source& random;
  expression_facts* expressions = nullptr;
};

inline constexpr std::size_t max_error_code = 200;

const connector::operation_spec& operation_of(const job_facts& job);

inline constexpr std::string_view failed_on_a_secret =
    "failed on a text that holds a secret, so the reason is not shown";

// What may be said of the failure of an expression; a sentence that begins after its header's name.
// The reason quotes a piece of the expression, and assert() says what the expression makes of the
// response. No mask finds a piece of a secret, so beside a secret there is no reason.
std::string shown_reason(const results::expression_error& why, std::string_view expression,
                         std::string_view response, const secrets::redactor& masks);

// The variable `error` for an error of a call.
connector::error_object error_variable(const connector::error& e, const std::string& function);

// Never below zero, whatever number the engine sent.
int one_less(int retries);

// The retries that are left after this error without a rule of the model.
int retries_after(const connector::error& e, bool may_have_run, const rules& by);

// The retries that are left after this outcome without a rule of the model: none after an answer
// without an error, because its call is not repeated.
int plain_retries(const connector::outcome& from, const rules& by);

// The object `job` that expressions see: {"retries":3,"attempt":1}.
std::string job_text(const job_facts& job);

// Whether this error will not pass, so that no retry is left. What Lambda refused may be tried
// again where the task asks for it; what is wrong with the task may not.
bool is_final(const connector::error& e, const task_headers& headers);

// The variables of every failure: the count of attempts, which the profile camunda does not have.
// `nothing_ran`: the marker of atMostOnce is removed.
std::string fail_variables(const rules& by, bool nothing_ran);

// The longest wait that is granted to a service that asks for one.
std::chrono::milliseconds granted(std::chrono::milliseconds asked);

// Fails the job after its retryBackoff, or after the usual back-off; `asked`: the wait that the
// service asked for, or zero.
fail_command failing(const rules& by, int retries, std::string message,
                     std::chrono::milliseconds asked, bool nothing_ran);

complete_command completing(std::string variables, std::string about, const job_facts& job,
                            bool may_have_run = true);

// Names the call for messages about its result.
std::string call_text(const connector::outcome& from);
std::string function_failure_text(const connector::error_object& e, const connector::outcome& from);
// Ends the message of a failure that would have been thrown.
std::string why_not_thrown(const job_facts& job);
// Ends the message of a failure; empty without a hint.
std::string hint_of(const job_facts& job);
// The next step after a call whose outcome is unknown; a sentence for the person who reads the
// failure.
std::string what_next(int retries, const rules& by);

}  // namespace worker::jobs
