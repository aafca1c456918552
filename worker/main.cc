// The program. What it can do is in worker/cli/, how it is put together in worker/cli/assembly.cc.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "worker/cli/dispatch.h"

int main(int argc, char** argv) {
  try {
    return worker::cli::dispatch(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "lambda-connector met an error of its own: {}\n", e.what());
    return 70;  // EX_SOFTWARE
  }
}
