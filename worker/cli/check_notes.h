// What `check` says of settings alone, without asking anybody: what they mean where that is easily
// taken for something else. Start-up code.
#pragma once

#include <string>
#include <vector>

#include "worker/config/settings.h"

namespace worker::cli {

// Sentences for people, one line each. `region`: of calls that name none; may be empty.
std::vector<std::string> notes_of(const config::settings& settings, const std::string& region);

}  // namespace worker::cli
