// The demo: the real worker as a child process against the embedded engine and the embedded Lambda,
// 1,000 jobs of ten kinds, and a look at how each of them ended.
#pragma once

#include <csignal>
#include <filesystem>

namespace sandbox::demo {

struct demo_options {
  std::filesystem::path worker;                 // lambda-connector
  std::filesystem::path folder = "build/demo";  // log of the worker, CA, secret files
  int jobs_of_a_kind = 100;
  bool stay = false;  // keep all running until a signal
};

// Prints what happens to standard output. The signals that end it early must be blocked in every
// thread. The exit code: 0 when every job ended as it must, 130 after a signal. Throws when
// something cannot be started, and when the worker dies; nothing keeps running in any case.
int run(const demo_options& how, const sigset_t& end_signals);

}  // namespace sandbox::demo
