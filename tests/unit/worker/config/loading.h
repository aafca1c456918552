// Settings loaded from a given environment, flags and files.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "worker/config/load.h"

namespace tests {

class loading : public testing::Test {
 protected:
  loading() {
    from_.here.host = "pod-1";
    from_.read_file = [this](const std::string& path, std::size_t most) -> connector::file_text {
      const auto it = files_.find(path);
      if (it == files_.end())
        return {connector::file_text::state::missing, {}, "No such file or directory"};
      if (it->second.size() > most)
        return {connector::file_text::state::too_large, {}, "too large"};
      return {connector::file_text::state::read, it->second, {}};
    };
  }
  void set(const std::string& name, const std::string& value) { from_.environment[name] = value; }
  worker::config::settings good() {
    auto done = worker::config::load(from_);
    for (const auto& each : done.issues) ADD_FAILURE() << worker::config::describe(each);
    return std::move(done.values);
  }
  std::vector<std::string> issues() {
    std::vector<std::string> texts;
    for (const auto& each : worker::config::load(from_).issues) {
      texts.push_back(worker::config::describe(each));
    };
    return texts;
  }

  worker::config::sources from_;
  std::map<std::string, std::string> files_;
};

}  // namespace tests
