// The program. worker/cli/ has its commands, worker/program/application.cc puts it together.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "worker/cli/actions.h"

namespace {

// Secrets in memory must not land in a core file, whatever the command.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
#if !__has_feature(address_sanitizer)
  // The leak check of the address sanitizer traces its own process.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

// Each call that waits for its function has a connection, and many a system starts its programs
// with a limit of 1024 descriptors that they may raise themselves.
void raise_descriptor_limit() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

// The descriptor of a closed stdout would be given to the next socket, and the log written into it.
void keep_standard_descriptors() {
  for (int each = STDIN_FILENO; each <= STDERR_FILENO; ++each) {
    // The lowest free number is this one.
    if (fcntl(each, F_GETFD) == -1 && open("/dev/null", O_RDWR) != each) std::_Exit(70);
  }
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_descriptors();
  forbid_core_dumps();
  raise_descriptor_limit();
  try {
    return worker::cli::dispatch(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "lambda-connector met an error of its own: {}\n", e.what());
    return 70;  // EX_SOFTWARE
  }
}
