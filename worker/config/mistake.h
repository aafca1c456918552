// What is wrong with the configuration, said all at once: a list that every reader adds to. Plain
// values.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace worker::config {

struct mistake {
  std::string key;     // "gateway.keepAlive"; may be empty
  std::string source;  // "ZEEBE_KEEP_ALIVE", "--gateway-keep-alive", "worker.yaml:12"
  std::string text;    // what it is and what is allowed; no value of a secret
};

// "ZEEBE_KEEP_ALIVE (gateway.keepAlive): 'abc' is not allowed. It must be ..."
std::string describe(const mistake& what);

// Mistakes and warnings of one file.
class file_report {
 public:
  explicit file_report(std::string path) : path_(std::move(path)) {}

  void wrong(int line, std::string key, std::string text) {
    mistakes.push_back({std::move(key), source(line), std::move(text)});
  }
  void warn(int line, std::string_view text) {
    warnings.push_back(fmt::format("{}: {}", source(line), text));
  }
  [[nodiscard]] std::string source(int line) const { return fmt::format("{}:{}", path_, line); }

  std::vector<mistake> mistakes;
  std::vector<std::string> warnings;

 private:
  std::string path_;
};

}  // namespace worker::config
