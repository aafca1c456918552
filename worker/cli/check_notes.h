// The notes of `check` about settings alone: effects of settings that are easily misunderstood. No
// other system is asked. Start-up code.
#pragma once

#include <string>
#include <vector>

#include "worker/config/settings.h"

namespace worker::cli {

// One line each. `region`: of calls that name none; may be empty.
std::vector<std::string> notes_of(const config::settings& settings, const std::string& region);

}  // namespace worker::cli
