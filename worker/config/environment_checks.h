// What is said about the environment besides the settings of the table: variables that ask for what
// this version cannot do are mistakes, variables that look misspelt are warned about. Pure.
#pragma once

#include "worker/config/load.h"

namespace worker::config {

void check_environment(const sources& from, loaded& into);

}  // namespace worker::config
