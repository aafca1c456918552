// Whether the process may start the threads that gRPC needs. gRPC 1.51 does not say when it cannot:
// its channel then waits for its own threads for ever when it is destroyed, and the program answers
// neither jobs nor SIGTERM. Any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <thread>

namespace worker::engine {

using thread_starter = std::function<std::thread(std::function<void()>)>;

// As many as gRPC starts on a machine with so many processors before its first call.
std::size_t threads_of_grpc(unsigned processors);

// Starts so many threads, which live at the same time, and ends them. Throws std::runtime_error,
// which says what to raise, when fewer can be started.
void try_threads(std::size_t count, const thread_starter& start = {});

}  // namespace worker::engine
