#include "tests/sandbox/process/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <system_error>

namespace sandbox {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& call) {
  throw std::system_error(errno, std::generic_category(), call);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

void close_both(const int (&ends)[2]) {
  for (const int end : ends) {
    if (end >= 0) ::close(end);
  }
}

int left(steady_clock::time_point end) {
  const auto time = std::chrono::duration_cast<milliseconds>(end - steady_clock::now()).count();
  return time > 0 ? static_cast<int>(time) : 0;
}

}  // namespace

child_process::child_process(program started) : program_(std::move(started)) {
  int in[2] = {-1, -1};
  int out[2] = {-1, -1};
  if (program_.piped && (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)) fail("pipe");
  const int log = ::open(program_.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (log < 0) fail("open " + program_.log.string());
  std::vector<std::string> texts = program_.arguments;
  texts.insert(texts.begin(), program_.path.string());
  const auto arguments = pointers(texts);
  const auto environment = pointers(program_.environment);
  const pid_t parent = ::getpid();
  started_at_ = steady_clock::now();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::setpgid(0, 0);
    // A parent that waits for signals has them blocked, and a blocked one stays so across execve.
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(program_.piped ? in[0] : nothing, STDIN_FILENO);
    ::dup2(program_.piped ? out[1] : log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execve(program_.path.c_str(), arguments.data(), environment.data());
    ::dprintf(STDERR_FILENO, "cannot be started, errno %d\n", errno);
    ::_exit(127);
  }
  ::close(log);
  if (pid_ < 0) {
    close_both(in);
    close_both(out);
    fail("fork");
  }
  running_ = true;
  if (!program_.piped) return;
  ::close(in[0]);
  ::close(out[1]);
  to_ = in[1];
  from_ = out[0];
}

child_process::~child_process() {
  if (running_) {
    ::kill(pid_, SIGKILL);
    reap(milliseconds(10000));
  }
  close_both({to_, from_});
}

void child_process::say(const std::string& line) {
  const std::string bytes = line + '\n';
  if (::write(to_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) must_live();
}

std::string child_process::hear(milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  for (;;) {
    if (const auto line = heard_.find('\n'); line != std::string::npos) {
      std::string out = heard_.substr(0, line);
      heard_.erase(0, line + 1);
      return out;
    }
    pollfd there{from_, POLLIN, 0};
    if (::poll(&there, 1, left(end)) == 0) {
      throw std::runtime_error(program_.name + " did not answer in time" + end_of_log());
    }
    char bytes[4096];
    const ssize_t got = ::read(from_, bytes, sizeof bytes);
    if (got <= 0) {
      reap(milliseconds(1000));
      must_live();
      throw std::runtime_error(program_.name + " closed its output" + end_of_log());
    }
    heard_.append(bytes, static_cast<std::size_t>(got));
  }
}

void child_process::must_live() {
  if (running_) reap(milliseconds(0));
  if (running_) return;
  throw std::runtime_error(program_.name + " ended " + how_it_ended() + end_of_log());
}

std::string child_process::how_it_ended() const {
  return signal_ != 0 ? "by signal " + std::to_string(signal_)
                      : "with code " + std::to_string(exit_code_);
}

int child_process::end(milliseconds limit) {
  if (running_) ::kill(pid_, SIGTERM);
  if (!reap(limit)) {
    ::kill(pid_, SIGKILL);
    reap(milliseconds(10000));
  }
  return exit_code_;
}

bool child_process::reap(milliseconds limit) {
  if (!running_) return true;
  // Readable as soon as the process has ended.
  const auto watched = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (watched >= 0) {
    pollfd ended{watched, POLLIN, 0};
    ::poll(&ended, 1, static_cast<int>(limit.count()));
    ::close(watched);
  }
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
  running_ = false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  signal_ = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return true;
}

std::chrono::nanoseconds child_process::cpu_time() const {
  clockid_t clock{};
  timespec now{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &now) != 0) return {};
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

double child_process::status_mb(const std::string& name) const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == name && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

std::string child_process::end_of_log() const {
  std::ifstream log(program_.log);
  const std::string all{std::istreambuf_iterator<char>(log), {}};
  if (all.empty()) return ", its log is empty";
  return ", the end of its log:\n" + all.substr(all.size() > 2000 ? all.size() - 2000 : 0);
}

}  // namespace sandbox
