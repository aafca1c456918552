// Puts the settings together: flag over environment over configuration file over default, every
// variable also as NAME_FILE. All mistakes come back at once. The environment comes in as a map;
// files through a function.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "connector/base/small_file.h"
#include "worker/config/machine.h"
#include "worker/config/mistake.h"
#include "worker/config/settings.h"

namespace worker::config {

struct sources {
  // In the order of the command line: "--region" and its value. Lists may come more than once.
  std::vector<std::pair<std::string, std::string>> flags;
  std::map<std::string, std::string> environment;
  machine here;
  std::function<connector::file_text(const std::string& path, std::size_t max_bytes)> read_file =
      connector::read_small_file;
};

struct loaded {
  settings values;  // complete only when there is no mistake
  std::vector<mistake> mistakes;
  std::vector<std::string> warnings;
};

loaded load(const sources& from);

// The environment of this process.
std::map<std::string, std::string> this_environment();

}  // namespace worker::config
