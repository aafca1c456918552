// The start of gRPC in this process, and the epoll set in which gRPC waits for its sockets.
#pragma once

#include <optional>

namespace worker::engine {

// Starts gRPC, once for the process; it stays until the process ends. Its lines go to
// library_log.h. Throws std::runtime_error when the process may not start the threads that gRPC
// needs (thread_trial.h). Any thread.
void start_grpc();

// The descriptor of gRPC's epoll set, which gRPC keeps. gRPC has no call for it and names it in a
// line of its log at its start. Nothing: another part of the process started gRPC before, or gRPC
// waits in another way. Any thread, after start_grpc().
std::optional<int> epoll_of_grpc();

}  // namespace worker::engine
