// The notes of `check` about settings alone: effects of settings that are easily misunderstood. No
// other system is asked. Start-up code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "worker/config/settings.h"

namespace worker::cli {

// One line each. `region`: of calls that name none; may be empty.
std::vector<std::string> notes_of(const config::settings& settings, const std::string& region);

// What the settings need of an engine of this version, and it has not. Empty: nothing, or the
// version is not known.
std::string lacking_of_engine(const config::settings& settings, std::string_view version);

}  // namespace worker::cli
