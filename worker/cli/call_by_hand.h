// One call by hand, through the path of a job: `invoke`, and the functions of `check`. Loop's
// thread.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "connector/connector.h"
#include "worker/cli/commands.h"
#include "worker/jobs/task_headers.h"
#include "worker/program/application.h"

namespace worker::cli {

// The headers, defaults and guards of the job type, process and tenant that `arguments` name count;
// without a job type no default header does. `headers`: as they were read. The secrets must be
// loaded. `arguments` and `settings` must outlive the call.
boost::asio::awaitable<connector::outcome> call_by_hand(program::application& app,
                                                        const config::settings& settings,
                                                        const invoke_arguments& arguments,
                                                        jobs::task_headers& headers);

// The same as all that a command does: loads the secrets before, closes what is idle behind.
boost::asio::awaitable<void> call_alone(program::application& app, const config::settings& settings,
                                        const invoke_arguments& arguments, connector::outcome& out,
                                        jobs::task_headers& headers);

}  // namespace worker::cli
