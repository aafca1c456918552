// What the commands do, beyond printing: put together where concrete classes are named. Each runs
// to its end on the calling thread and gives the exit code of the program.
#pragma once

#include "worker/cli/commands.h"
#include "worker/config/settings.h"

namespace worker::cli {

int run(const config::settings& settings);
int invoke(const config::settings& settings, const invoke_arguments& arguments);
int check(const config::settings& settings);
// Prints the known regions, each with its partition.
int regions();
int healthcheck(const config::settings& settings);
int print_task_tables();

}  // namespace worker::cli
