#include "tests/sandbox/control/line_writer.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sandbox::control {

bool write_all(int descriptor, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(descriptor, text.data() + at, text.size() - at);
    if (written > 0) {
      at += static_cast<std::size_t>(written);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

line_writer::line_writer(int descriptor) : descriptor_(descriptor), thread_([this] { run(); }) {}

line_writer::~line_writer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_one();
  thread_.join();
}

void line_writer::say(std::string line) {
  line += '\n';
  {
    std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  wakes_.notify_one();
}

void line_writer::run() {
  for (;;) {
    std::deque<std::string> due;
    {
      std::unique_lock lock(mutex_);
      wakes_.wait(lock, [this] { return stopping_ || !lines_.empty(); });
      if (lines_.empty()) return;
      due.swap(lines_);
    }
    std::string text;
    for (const std::string& line : due) text += line;
    if (!write_all(descriptor_, text)) return;
  }
}

}  // namespace sandbox::control
