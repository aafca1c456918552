// Whether a stream of jobs is read. Jobs of a stream that is not read fill the buffers of the
// connection; then HTTP/2's flow control stops the gateway, and the engine gives the jobs to
// others. One stream at a time. Must outlive it. Loop's thread.
#pragma once

#include <functional>
#include <utility>

namespace worker::engine {

class read_switch {
 public:
  // A message that is being read still arrives.
  void pause() { paused_ = true; }
  void resume() {
    paused_ = false;
    if (const auto read = std::exchange(read_, nullptr)) read();
  }
  [[nodiscard]] bool paused() const { return paused_; }

  // For the call: it waits, and `read` is called once, by resume().
  void wait(std::function<void()> read) { read_ = std::move(read); }

 private:
  bool paused_ = false;
  std::function<void()> read_;
};

}  // namespace worker::engine
