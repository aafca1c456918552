// What SIGHUP changes in a running worker: settings that count at once, and those that a restart
// takes. Loop's thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "worker/cli/commands.h"
#include "worker/config/settings.h"
#include "worker/program/application.h"

namespace worker::cli {

struct changed_settings {
  std::vector<std::string> at_once;  // keys: "log.level", "guards.rules", "profiles", ...
  std::vector<std::string> by_restart;
};

// Pure.
changed_settings compare(const config::settings& before, const config::settings& after);

// Reads the settings again, takes over what may change, and logs both lists. With mistakes in them
// everything stays, and the log names the mistakes. `in_force` is what the worker runs with, and
// changes with it.
void reload(program::application& app, config::settings& in_force,
            const std::function<command_line()>& read_again);

}  // namespace worker::cli
