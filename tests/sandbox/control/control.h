// The embedded engine as the child of a process that executes BPMN: `lambda-sandbox engine`. Lines
// of JSON both ways; README.md of this folder has them. The parent's commands are carried out in
// their order, on the thread that calls run().
#pragma once

#include "tests/sandbox/control/line_writer.h"
#include "tests/sandbox/engine/engine.h"

namespace sandbox::control {

class control final : public engine::parent {
 public:
  // The descriptors stay the caller's.
  control(int in, int out) : in_(in), writer_(out) {}

  // Starts an engine, and ends it when there is nothing more to read.
  void run(engine::options o);

  void happened(engine::job_event event) override;
  void asked(std::uint64_t call, std::string_view rpc, std::string request) override;
  void gone(std::uint64_t call) override;

 private:
  const int in_;
  line_writer writer_;
};

}  // namespace sandbox::control
