// What `check` says of settings alone, without asking anybody: what they mean where that is easily
// taken for something else, and what is wrong with folders that they name. Start-up code.
#pragma once

#include <string>
#include <vector>

#include "worker/config/settings.h"

namespace worker::cli {

// Sentences for people, one line each. `region`: of calls that name none; may be empty.
std::vector<std::string> notes_of(const config::settings& settings, const std::string& region);

// Why no secret can be read from the folder; empty: it can be listed.
std::string folder_problem(const std::string& path);

}  // namespace worker::cli
