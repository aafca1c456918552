// Preloaded into a program: its wall clock is off by as many seconds as stand in the first eight
// bytes of the file that CLOCK_SHIFT_FILE names. Who writes them moves that program's wall clock
// while it runs, as a person or a time server moves a machine's.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

const std::atomic<std::int64_t>* shift() {
  static const auto* const mapped = [] {
    const char* const file = std::getenv("CLOCK_SHIFT_FILE");
    const int descriptor = file == nullptr ? -1 : ::open(file, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return static_cast<const std::atomic<std::int64_t>*>(nullptr);
    void* const at = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    return at == MAP_FAILED ? nullptr : static_cast<const std::atomic<std::int64_t>*>(at);
  }();
  return mapped;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t which, timespec* at) noexcept {
  const auto result = ::syscall(SYS_clock_gettime, which, at);
  const bool wall = which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE;
  if (result == 0 && wall && shift() != nullptr) at->tv_sec += shift()->load();
  return static_cast<int>(result);
}

int gettimeofday(timeval* at, void* /*zone*/) noexcept {
  timespec now{};
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* at) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (at != nullptr) *at = now.tv_sec;
  return now.tv_sec;
}
}
