// The program that ships, as a process of its own beside the engine and Lambda of a test
// environment: for what only a process has, such as signals, limits and a death. Its destructor
// kills and reaps it. The test environment must outlive it. Test's thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/journey/test_environment.h"
#include "tests/sandbox/process/child_process.h"

namespace faults {

// Where its stdout goes.
enum class shipped_output {
  file,
  unread_pipe,  // read until the admin port is open, and no further
  broken_pipe,  // whose reader has ended
  closed,       // there is no such descriptor
  full_disk,    // every write fails
};

class shipped {
 public:
  // `variables`: "NAME=value", after the others and in their place.
  explicit shipped(const journey::test_environment& env,
                   const journey::environment_variables& extra = {},
                   shipped_output output = shipped_output::file,
                   const std::vector<std::string>& arguments = {},
                   const std::vector<std::string>& variables = {});
  ~shipped();
  shipped(const shipped&) = delete;
  shipped& operator=(const shipped&) = delete;

  // Whether the program is one with sanitizers. LAMBDA_CONNECTOR_PROGRAM names another than the one
  // that was built with the tests, which then must be the one that ships.
  static bool is_sanitized();

  sandbox::child_process& process() { return *process_; }
  void signal(int number) const;
  // By itself.
  [[nodiscard]] bool has_ended() const;

  // What it wrote so far, and how many lines hold a text.
  [[nodiscard]] std::string log() const;
  [[nodiscard]] std::size_t lines_with(const std::string& text) const;

  // Status of a GET at the admin port, which must have been asked for; 0: no answer.
  [[nodiscard]] int status_of(const std::string& path) const;
  // What it says; empty: no answer.
  [[nodiscard]] std::string body_of(const std::string& path) const;
  [[nodiscard]] std::uint16_t admin_port() const;

 private:
  struct answer {
    int status = 0;
    std::string body;
  };
  [[nodiscard]] std::optional<answer> get(const std::string& path) const;

  std::filesystem::path log_;
  std::string heard_;  // of an unread pipe
  std::unique_ptr<sandbox::child_process> process_;
};

}  // namespace faults
