// A process that a benchmark or the demo starts, watches and ends. It cannot outlive its parent:
// the kernel kills it when the thread that started it dies, and the destructor kills it and waits.
// It gets no signals of the terminal (Ctrl-C): its parent decides when it ends. One thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace sandbox {

struct program {
  std::string name;  // for messages
  std::filesystem::path path;
  std::vector<std::string> arguments;    // without the program's own name
  std::vector<std::string> environment;  // NAME=value, all there is
  std::filesystem::path log;  // standard error, and standard output when there is no pipe
  bool piped = false;         // standard input and output are ask()'s
};

class child_process {
 public:
  // Throws std::system_error.
  explicit child_process(program started);
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  // One line there. Piped children only; all waits are bounded, and throw when the time is over or
  // the child has ended.
  void say(const std::string& line);
  // One line back.
  std::string hear(std::chrono::milliseconds limit);

  // Throws std::runtime_error with the end of its log when it has ended.
  void must_live();
  // SIGTERM, and SIGKILL when that is not obeyed in time. The exit code; -1: by a signal.
  int end(std::chrono::milliseconds limit);
  // Of one that has ended: "with code 1" or "by signal 9".
  [[nodiscard]] std::string how_it_ended() const;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::chrono::steady_clock::time_point started_at() const { return started_at_; }
  // User and system time of all its threads, as in /proc/PID/stat but in nanoseconds.
  [[nodiscard]] std::chrono::nanoseconds cpu_time() const;
  [[nodiscard]] double rss_mb() const { return status_mb("VmRSS:"); }
  [[nodiscard]] double peak_rss_mb() const { return status_mb("VmHWM:"); }

 private:
  [[nodiscard]] double status_mb(const std::string& name) const;
  [[nodiscard]] std::string end_of_log() const;
  bool reap(std::chrono::milliseconds limit);

  program program_;
  pid_t pid_ = -1;
  bool running_ = false;
  int exit_code_ = -1;
  int signal_ = 0;  // that ended it; 0: none
  int to_ = -1;
  int from_ = -1;
  std::string heard_;  // bytes after the last line
  std::chrono::steady_clock::time_point started_at_;
};

}  // namespace sandbox
