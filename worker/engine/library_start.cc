#include "worker/engine/library_start.h"

#include <absl/synchronization/mutex.h>
#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "connector/base/number.h"
#include "worker/engine/library_log.h"
#include "worker/engine/thread_trial.h"

namespace worker::engine {

namespace {

std::optional<int> epoll_set;

void take_epoll_line(gpr_log_func_args* args) {
  constexpr std::string_view start = "grpc epoll fd: ";
  const std::string_view text = args->message;
  // gRPC has a second poller, not in use, that says the same of a set of its own.
  const bool of_sockets = std::string_view(args->file).ends_with("iomgr/ev_epoll1_linux.cc");
  if (!of_sockets || !text.starts_with(start)) return;
  epoll_set = connector::integer_in(text.substr(start.size()), 0, std::numeric_limits<int>::max());
}

bool is_epoll(int descriptor) {
  std::array<char, 64> link{};
  const auto name = "/proc/self/fd/" + std::to_string(descriptor);
  const auto size = ::readlink(name.c_str(), link.data(), link.size());
  return size > 0 &&
         std::string_view(link.data(), static_cast<std::size_t>(size)) == "anon_inode:[eventpoll]";
}

// What gRPC itself would take from its variable, which it does not read when the level was set.
gpr_log_severity level_of_variable() {
  const char* const text = std::getenv("GRPC_VERBOSITY");
  const std::string_view wanted = text != nullptr ? text : "";
  if (wanted == "DEBUG" || wanted == "debug") return GPR_LOG_SEVERITY_DEBUG;
  if (wanted == "INFO" || wanted == "info") return GPR_LOG_SEVERITY_INFO;
  return GPR_LOG_SEVERITY_ERROR;
}

void start() {
  try_threads(threads_of_grpc(std::thread::hardware_concurrency()));
  gpr_set_log_function(take_epoll_line);
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_INFO);
  grpc_init();
  gpr_set_log_verbosity(level_of_variable());
  capture_library_log();
  if (epoll_set && !is_epoll(*epoll_set)) epoll_set.reset();
  // Debian's Abseil searches gRPC's locks for deadlocks, as a debug build does: 2 us of every job.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace

void start_grpc() {
  // gRPC stays initialised until the process ends: when its last user left, gRPC 1.51 was seen to
  // wait up to 10 s for its own poller, which would delay the end after every SIGTERM.
  static std::once_flag started;
  std::call_once(started, start);
}

std::optional<int> epoll_of_grpc() { return epoll_set; }

}  // namespace worker::engine
