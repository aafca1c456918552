// The embedded engine as the child of a process that executes BPMN: `lambda-sandbox engine`. Lines
// of JSON both ways; README.md of this folder has them. The parent's commands are carried out in
// their order, on the thread that calls run().
#pragma once

#include <string>

#include "tests/sandbox/control/line_writer.h"
#include "tests/sandbox/engine/engine.h"

namespace sandbox::control {

class control final : public engine::parent {
 public:
  // The descriptors stay the caller's. Events are also appended to the file, when one is named,
  // before the command that they tell of is answered. Throws std::system_error without the file.
  control(int in, int out, const std::string& events_file = "");
  ~control() override;
  control(const control&) = delete;
  control& operator=(const control&) = delete;

  // Starts an engine, and ends it when there is nothing more to read.
  void run(engine::options o);

  void happened(engine::job_event event) override;
  void asked(std::uint64_t call, std::string_view rpc, std::string request) override;
  void gone(std::uint64_t call) override;

 private:
  const int in_;
  int events_ = -1;
  line_writer writer_;
};

}  // namespace sandbox::control
