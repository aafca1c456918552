// Writes lines to a descriptor by a thread of its own, so that who has something to say never waits
// for who reads. Any thread may say something. The queue has no bound: a parent that does not read
// is at fault. Destroying it writes what is left, unless the reader is gone.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace sandbox::control {

// False: it could not be written.
bool write_all(int descriptor, const std::string& text);

class line_writer {
 public:
  explicit line_writer(int descriptor);
  ~line_writer();
  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;

  void say(std::string line);  // without its end

 private:
  void run();
  const int descriptor_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::deque<std::string> lines_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace sandbox::control
