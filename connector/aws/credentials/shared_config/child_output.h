// Runs a program and returns the text that it wrote to standard output. The program gets no shell,
// no standard input, none of our descriptors, none of our signal settings, and a process group of
// its own, which is ended with it when it takes too long or writes too much. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "connector/base/clock.h"

namespace connector::aws {

struct child_output {
  enum class end {
    exited,       // with code 0; `text` is all that it wrote
    failed,       // with another code, or by a signal
    not_started,  // there is no such program, or it may not be run
    late,         // `end` came first
    too_much,     // it wrote more than `max_bytes`
    given_up,     // the caller was cancelled
  };
  end how = end::failed;
  std::string text;    // may hold secrets: the caller wipes it
  std::string reason;  // of failed and not_started, for people: "exit code 3"
};

// `words` is not empty; the first is looked up in PATH when it has no slash. `environment` holds
// "NAME=value" (child_environment.h). The file descriptor limit, a missing program and the like
// are not_started.
boost::asio::awaitable<child_output> run_child(std::vector<std::string> words,
                                               std::vector<std::string> environment,
                                               std::size_t max_bytes, deadline end);

}  // namespace connector::aws
