// The parts of `check` that ask other systems. Each adds what it found; an exception is the
// caller's to tell. Loop's thread; the arguments must outlive the awaitable.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "worker/cli/commands.h"
#include "worker/cli/findings.h"
#include "worker/program/application.h"

namespace worker::cli {

inline constexpr std::chrono::milliseconds longest_look{10'000};

// Login and topology.
boost::asio::awaitable<void> look_at_gateway(program::application& app, const config::settings& all,
                                             findings& out);

// The worker's own keys, those of each profile, and the endpoint of Lambda.
boost::asio::awaitable<void> look_at_aws(program::application& app,
                                         const config::settings& settings, findings& out);

// Asks Lambda for each function whether the worker may call it. Nothing runs.
boost::asio::awaitable<void> look_at_functions(program::application& app,
                                               const config::settings& settings,
                                               const check_arguments& asked, findings& out);

}  // namespace worker::cli
