// One operation without an engine, on the way of a job: inputs, secrets, policy, call, masking. For
// the commands that a person types; on the loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "connector/outcome.h"
#include "worker/cli/commands.h"
#include "worker/jobs/task_headers.h"
#include "worker/program/application.h"

namespace worker::cli {

// `app` and the arguments outlive it. `out`: how it ended, masked. `headers`: those of the job that
// a model with these inputs would make.
boost::asio::awaitable<void> call_by_hand(program::application& app,
                                          const invoke_arguments& arguments,
                                          connector::outcome& out, jobs::task_headers& headers);

}  // namespace worker::cli
