// An error of the configuration. An issue stops the program; a warning does not. Every
// reader adds its issues to one list, so that the operator is told of all of them at once. Plain
// values.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace worker::config {

struct issue {
  std::string key;     // "gateway.keepAlive"; may be empty
  std::string source;  // "ZEEBE_KEEP_ALIVE", "--gateway-keep-alive", "worker.yaml:12"
  std::string text;    // what is wrong and what is allowed; never the value of a secret
};

// "ZEEBE_KEEP_ALIVE (gateway.keepAlive): 'abc' is not allowed. It must be ..."
std::string describe(const issue& one);

// A name for messages: printable, at most 60 bytes.
std::string shown_name(std::string_view name);

// The issues of one file.
class file_report {
 public:
  explicit file_report(std::string path) : path_(std::move(path)) {}

  void add_issue(int line, std::string key, std::string text) {
    issues.push_back({std::move(key), source(line), std::move(text)});
  }
  [[nodiscard]] std::string source(int line) const { return fmt::format("{}:{}", path_, line); }

  std::vector<issue> issues;

 private:
  std::string path_;
};

}  // namespace worker::config
