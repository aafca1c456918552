// Lines on their way to a thread that writes them. A caller that adds one never waits. When the
// writer does not keep up, the oldest lines are lost and counted. Takes no memory but that of the
// lines. Any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace connector {

struct line_queue_limits {
  std::size_t lines = 4096;
  std::size_t bytes = 4 * 1024 * 1024;  // of text
};

class line_queue {
 public:
  // `write` is called by the queue's thread with one line at a time.
  explicit line_queue(std::function<void(std::string line)> write, line_queue_limits bounds = {});
  // Has all lines written, then ends the thread.
  ~line_queue();
  line_queue(const line_queue&) = delete;
  line_queue& operator=(const line_queue&) = delete;

  void add(std::string line);
  [[nodiscard]] std::uint64_t lost() const;

 private:
  void run();
  [[nodiscard]] bool is_full() const;

  const std::function<void(std::string)> write_;
  const line_queue_limits bounds_;
  mutable std::mutex guard_;  // of what follows
  std::condition_variable news_;
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;
  std::uint64_t lost_ = 0;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace connector
