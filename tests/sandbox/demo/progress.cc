#include "tests/sandbox/demo/progress.h"

#include <unistd.h>

#include <cstdio>

namespace sandbox::demo {

progress::progress() : terminal_(::isatty(STDOUT_FILENO) == 1) {}

void progress::show(const engine::job_totals& jobs) {
  const auto now = clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(3000));
  if (terminal_) std::fputs("\r\x1b[K", stdout);
  print(jobs);
  if (!terminal_) std::fputc('\n', stdout);
  std::fflush(stdout);
}

void progress::end(const engine::job_totals& jobs) {
  if (terminal_) std::fputs("\r\x1b[K", stdout);
  print(jobs);
  std::fputs("\n\n", stdout);
  std::fflush(stdout);
}

void progress::print(const engine::job_totals& jobs) const {
  const std::chrono::duration<double> time = clock::now() - begin_;
  std::printf("%6.1f s  %llu of %llu jobs ended, %llu activated, %llu incidents", time.count(),
              static_cast<unsigned long long>(jobs.created - jobs.open),
              static_cast<unsigned long long>(jobs.created),
              static_cast<unsigned long long>(jobs.activated_now),
              static_cast<unsigned long long>(jobs.incident));
}

}  // namespace sandbox::demo
