// What the engine tells its parent, as lines of JSON. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/sandbox/engine/parent.h"

namespace sandbox::control {

std::string ready_line(std::uint16_t port);
std::string event_line(const engine::job_event& event);
// `request` is JSON already.
std::string call_line(std::uint64_t call, std::string_view rpc, const std::string& request);
std::string gone_line(std::uint64_t call);
// A line of the parent that could not be carried out.
std::string wrong_line(std::string_view reason, std::string_view line);

}  // namespace sandbox::control
