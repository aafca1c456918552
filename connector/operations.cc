#include "connector/operations.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "connector/base/words.h"

namespace connector {

namespace {

using enum input_type;

constexpr word_list any_text{};
constexpr std::string_view payload_formats[] = {"auto", "json", "text"};
constexpr std::string_view invocation_types[] = {"RequestResponse", "Event", "DryRun"};
constexpr std::string_view log_types[] = {"Tail", "None"};
constexpr std::string_view authentication_fields[] = {
    "type",       "accessKeyId",     "secretAccessKey", "sessionToken", "roleArn",
    "externalId", "roleSessionName", "durationSeconds", "sessionTags",  "name"};
// The last one, an unsigned call, is for function URLs.
constexpr std::string_view authentication_types[] = {"default", "static", "assumeRole", "profile",
                                                     "none"};
constexpr std::string_view callbacks[] = {"success", "failure", "heartbeat"};

// The inputs of every operation. Limits are Lambda's own, from its service model.
constexpr input_spec function_name{
    "functionName", string,
    true,           2048,
    any_text,       "Name, name:alias, partial ARN or ARN of the function; or its function URL"};
constexpr input_spec function_named{
    "functionName", string,
    true,           256,
    any_text,       "Name, name:alias, partial ARN or ARN of the function"};
constexpr input_spec qualifier{"qualifier", string, false, 128, any_text, "Version or alias"};
constexpr input_spec endpoint{"endpoint", string,   false,
                              2048,       any_text, "Endpoint, if the operator allowed its host"};
constexpr input_spec authentication{
    "authentication",
    object,
    false,
    64 * 1024,
    any_text,
    "As whom to call: type default, static, assumeRole, profile or none (function URLs)",
    authentication_fields,
    authentication_types};
constexpr input_spec authentication_of_api{
    "authentication",
    object,
    false,
    64 * 1024,
    any_text,
    "As whom to call: type default, static, assumeRole or profile",
    authentication_fields,
    word_list(authentication_types).first(std::size(authentication_types) - 1)};
constexpr input_spec region{"region", string,
                            false,    63,
                            any_text, "Region of the function; else the ARN's, else the worker's"};
constexpr input_spec short_timeout{
    "timeout", iso_duration, false,
    64,        any_text,     "Bound on the whole call, default PT1M, at most PT30M30S"};

// A client context of 2,685 bytes becomes the 3,583 characters of base64 that the service takes.
constexpr std::array invoke_inputs = {
    function_name,
    input_spec{"payload", any_json, false, 6'291'556, any_text,
               "What the function gets; a string that is JSON text is sent as that JSON"},
    input_spec{"payloadFormat", string, false, 4, payload_formats,
               "How a string payload is read: by its text, always JSON, never JSON"},
    qualifier,
    input_spec{"invocationType", string, false, 15, invocation_types,
               "Wait for the answer, only queue the call, or only check permissions"},
    input_spec{"logType", string, false, 4, log_types,
               "Whether the last 4 KB of the function's log come back"},
    input_spec{"clientContext", object, false, 2685, any_text, "The function's client context"},
    input_spec{"functionTenantId", string, false, 256, any_text,
               "Tenant of a tenant-isolated function"},
    input_spec{"durableExecutionName", string, false, 64, any_text,
               "Name of a durable execution; the same name runs once"},
    input_spec{"traceparent", string, false, 256, any_text, "W3C trace context, passed on"},
    input_spec{"traceHeader", string, false, 512, any_text, "X-Ray trace header, passed on"},
    region,
    endpoint,
    input_spec{"timeout", iso_duration, false, 64, any_text,
               "Bound on the whole call, default and at most PT30M30S"},
    authentication,
};

constexpr std::array invoke_outputs = {
    output_spec{"statusCode", "200, 202 (Event), 204 (DryRun) or a function URL's own status"},
    output_spec{"executedVersion", "Version that ran; null when the service did not say"},
    output_spec{"payload", "The function's answer"},
    output_spec{"log", "The last 4 KB of the function's log, or null"},
};

constexpr std::array list_inputs = {
    input_spec{"marker", string, false, 16 * 1024, any_text,
               "Where to go on: nextMarker of a call before"},
    input_spec{"maxItems", integer, false, 50, any_text, "Functions per page, 1 to 50"},
    input_spec{"all", boolean, false, 5, any_text,
               "Follow the pages, as far as the size limit lets it"},
    input_spec{"fields", string_list, false, 64, any_text,
               "What is kept of each function, as a list or separated by commas"},
    input_spec{"region", string, false, 63, any_text, "Region to list; else the worker's"},
    endpoint,
    short_timeout,
    authentication_of_api,
};

constexpr std::array list_outputs = {
    output_spec{"functions", "List of functions, each with the fields that were asked for"},
    output_spec{"nextMarker", "Where to go on; null when that was all"},
};

// Of what is asked about, or done to, one function.
constexpr std::array function_inputs = {
    function_named, qualifier, region, endpoint, short_timeout, authentication_of_api,
};

constexpr std::array get_outputs = {
    output_spec{"configuration", "The function's configuration; of its variables only the names"},
    output_spec{"tags", "Its tags, by name"},
    output_spec{"concurrency", "reservedConcurrentExecutions, or null"},
};

constexpr std::array delete_outputs = {
    output_spec{"deleted", "true; false when it was not there"},
};

constexpr std::array execution_inputs = {
    input_spec{"executionArn", string, true, 1024, any_text, "ARN of the durable execution"},
    region,
    endpoint,
    short_timeout,
    authentication_of_api,
};

constexpr std::array execution_outputs = {
    output_spec{"status", "RUNNING, SUCCEEDED, FAILED, TIMED_OUT, STOPPED, ..."},
    output_spec{"result", "What the function returned; null before it has succeeded"},
    output_spec{"executionError", "How it failed, as the variable error; null when it has not"},
    output_spec{"executionName", "Its name"},
    output_spec{"functionArn", "ARN of the function"},
    output_spec{"version", "Version of the function that it was started with"},
    output_spec{"startTimestamp", "Seconds since 1970"},
    output_spec{"endTimestamp", "Seconds since 1970; null while it runs"},
};

constexpr std::array callback_inputs = {
    input_spec{"callbackId", string, true, 1024, any_text,
               "Callback that a durable execution waits for"},
    input_spec{"callback", string, false, 9, callbacks,
               "Ends the callback well or badly, or says that work goes on; default success"},
    input_spec{"payload", any_json, false, 6'291'556, any_text, "Result of a success"},
    input_spec{"errorType", string, false, 1000, any_text, "Of a failure"},
    input_spec{"errorMessage", string, false, 10'000, any_text, "Of a failure"},
    input_spec{"errorData", string, false, 64 * 1024, any_text, "Of a failure"},
    region,
    endpoint,
    short_timeout,
    authentication_of_api,
};

constexpr std::array callback_outputs = {
    output_spec{"sent", "true"},
};

constexpr operation_phrases phrases_of_invoke = {"Calling function", "did not start it",
                                                 "failed and may have run it", "ran it",
                                                 "Look at the function's log"};
constexpr operation_phrases phrases_of_list = {"Listing functions", "failed", "failed", "worked",
                                               ""};
constexpr operation_phrases phrases_of_get = {"Reading function", "failed", "failed", "worked", ""};
constexpr operation_phrases phrases_of_delete = {"Deleting function", "did not delete it",
                                                 "failed and may have deleted it", "deleted it",
                                                 "Look whether the function is still there"};
constexpr operation_phrases phrases_of_get_execution = {"Asking about execution", "failed",
                                                        "failed", "worked", ""};
constexpr operation_phrases phrases_of_send_callback = {"Answering a callback", "did not answer it",
                                                        "failed and may have answered it",
                                                        "answered it", "Look at the execution"};

constexpr std::string_view invoke_actions[] = {"lambda:InvokeFunction"};
constexpr std::string_view list_actions[] = {"lambda:ListFunctions"};
constexpr std::string_view get_actions[] = {"lambda:GetFunction"};
constexpr std::string_view delete_actions[] = {"lambda:DeleteFunction"};
constexpr std::string_view get_execution_actions[] = {"lambda:GetDurableExecution"};
constexpr std::string_view send_callback_actions[] = {
    "lambda:SendDurableExecutionCallbackSuccess", "lambda:SendDurableExecutionCallbackFailure",
    "lambda:SendDurableExecutionCallbackHeartbeat"};

// Job types that change more than a function does, or that few need, are not served unless the
// operator names them.
constexpr std::array table = {
    operation_spec{operation_id::invoke,
                   "invoke",
                   "lambdaConnector.INVOKE",
                   true,
                   invoke_inputs,
                   invoke_outputs,
                   phrases_of_invoke,
                   {"CallFunctions", invoke_actions}},
    operation_spec{operation_id::list_functions,
                   "list",
                   "lambdaConnector.LIST_FUNCTIONS",
                   true,
                   list_inputs,
                   list_outputs,
                   phrases_of_list,
                   {"ListFunctions", list_actions, false}},
    operation_spec{operation_id::get_function,
                   "get",
                   "lambdaConnector.GET_FUNCTION",
                   true,
                   function_inputs,
                   get_outputs,
                   phrases_of_get,
                   {"ReadFunctions", get_actions}},
    operation_spec{operation_id::delete_function,
                   "delete",
                   "lambdaConnector.DELETE_FUNCTION",
                   false,
                   function_inputs,
                   delete_outputs,
                   phrases_of_delete,
                   {"DeleteFunctions", delete_actions}},
    operation_spec{operation_id::get_execution,
                   "getExecution",
                   "lambdaConnector.GET_EXECUTION",
                   false,
                   execution_inputs,
                   execution_outputs,
                   phrases_of_get_execution,
                   {"ReadExecutions", get_execution_actions}},
    operation_spec{operation_id::send_callback,
                   "sendCallback",
                   "lambdaConnector.SEND_CALLBACK",
                   false,
                   callback_inputs,
                   callback_outputs,
                   phrases_of_send_callback,
                   {"AnswerCallbacks", send_callback_actions}},
};

}  // namespace

std::span<const operation_spec> operations() { return table; }

const operation_spec* find_operation(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const operation_spec& spec) { return spec.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string operation_names() {
  std::string out;
  for (const auto& spec : table) out.append(out.empty() ? "" : ", ").append(spec.name);
  return out;
}

const operation_spec& spec_of(operation_id operation) {
  for (const auto& spec : table) {
    if (spec.id == operation) return spec;
  }
  throw std::logic_error("an operation that is not in the table");
}

const input_spec* find_input(const operation_spec& of, std::string_view name) {
  const auto found = std::find_if(of.inputs.begin(), of.inputs.end(),
                                  [&](const input_spec& spec) { return spec.name == name; });
  return found == of.inputs.end() ? nullptr : &*found;
}

}  // namespace connector
