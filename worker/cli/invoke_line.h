// From the texts of a command line of `invoke` to its arguments. An error becomes an issue of
// the line. Once at start.
#pragma once

#include <string>
#include <vector>

#include "worker/cli/commands.h"

namespace worker::cli {

// The flags of `invoke` that are more than one text.
struct raw_invoke {
  std::string operation = "invoke";
  std::vector<std::string> inputs;   // name=json
  std::vector<std::string> headers;  // name=text
};

void read_invoke(const raw_invoke& raw, command_line& line);

}  // namespace worker::cli
