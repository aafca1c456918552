// From flags, environment, configuration file and defaults to the settings. The order is: flag,
// environment, file, default. Each variable may be given as NAME_FILE too. load() returns all
// issues at once. The environment is a map and files are read through a function, so that tests set
// no variables. Once at start.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "connector/base/file_text.h"
#include "worker/config/issue.h"
#include "worker/config/machine.h"
#include "worker/config/settings.h"

namespace worker::config {

struct sources {
  // In the order of the command line: "--region" and its value. The flag of a list may be repeated.
  std::vector<std::pair<std::string, std::string>> flags;
  std::map<std::string, std::string> environment;
  machine here;
  // Empty: the real files (small_file.h).
  std::function<connector::file_text(const std::string& path, std::size_t max_bytes)> read_file{};
};

struct loaded {
  settings values;  // complete when there is no issue
  std::vector<issue> issues;
  std::vector<std::string> warnings;
};

loaded load(const sources& from);

// The environment of this process.
std::map<std::string, std::string> this_environment();

}  // namespace worker::config
