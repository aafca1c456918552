// The operations as this room carries them out: for each a function that makes an operation_call of
// the task's inputs, in a file of its own, and the table that finds it. Pure; any thread.
#pragma once

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/operation_call.h"
#include "connector/lambda/settings.h"

namespace connector::lambda {

// `inputs` are those of the call; `asked.inputs` does not count. Errors are those of the inputs,
// and FORBIDDEN when the operator's lists do not allow the call.
using prepare = result<std::unique_ptr<operation_call>>(std::vector<input_value> inputs,
                                                        const call& asked, const settings& how);

prepare prepare_invoke;           // invoke/invoke.cc
prepare prepare_list_functions;   // functions/list_functions.cc
prepare prepare_get_function;     // functions/get_function.cc
prepare prepare_delete_function;  // functions/delete_function.cc
prepare prepare_get_execution;    // durable/get_execution.cc
prepare prepare_send_callback;    // durable/send_callback.cc

inline constexpr auto preparations = std::to_array<std::pair<operation_id, prepare*>>({
    {operation_id::invoke, prepare_invoke},
    {operation_id::list_functions, prepare_list_functions},
    {operation_id::get_function, prepare_get_function},
    {operation_id::delete_function, prepare_delete_function},
    {operation_id::get_execution, prepare_get_execution},
    {operation_id::send_callback, prepare_send_callback},
});

}  // namespace connector::lambda
