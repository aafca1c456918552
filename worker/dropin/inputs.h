// The inputs of the job type io.camunda:aws-lambda:1 as the inputs of our operation `invoke`: all
// versions of its element templates, whose variables are awsFunction, authentication,
// configuration and awsCredential. The payload stays the text that the job has. Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "connector/base/json_scan.h"
#include "connector/base/result.h"
#include "connector/connector.h"

namespace worker::dropin {

// The job type that is served in this way without being told to.
inline constexpr std::string_view job_type = "io.camunda:aws-lambda:1";

// How a payload that is a string reaches the function.
enum class string_payload {
  json_text,  // as the JSON that it holds, else as a JSON string: the runtime up to 8.8.6
  quoted,     // always as a JSON string: the runtime from 8.8.7 on
};

// The variables to fetch.
std::span<const std::string_view> variables();

// `job`: the members of the job's variables. Values are slices of it or small texts made of them.
// INVALID_INPUT names all constraints that are violated, never a value.
connector::result<std::vector<connector::input_value>> read_inputs(
    const std::vector<connector::json::member>& job, string_payload rule);

}  // namespace worker::dropin
