#include "worker/admin/process_figures.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "connector/base/number.h"

namespace worker::admin {

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Fields 20 (threads), 22 (start in ticks since boot), 23 (bytes) and 24 (pages) of proc(5),
// "stat", counted after the name, which may hold blanks.
void read_stat(process_figures& into) {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return;
  std::array<std::uint64_t, 25> fields{};
  std::string_view rest = std::string_view(line).substr(name_end + 1);
  for (std::size_t number = 3; number < fields.size() && !rest.empty(); ++number) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const auto field = rest.substr(0, rest.find(' '));
    fields[number] = connector::integer_in<std::uint64_t>(field, 0, UINT64_MAX).value_or(0);
    rest.remove_prefix(field.size());
  }
  const auto ticks = fields[22];
  into.threads = fields[20];
  into.virtual_bytes = fields[23];
  into.resident_bytes = fields[24] * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  timespec now{};
  timespec since_boot{};
  clock_gettime(CLOCK_REALTIME, &now);
  clock_gettime(CLOCK_BOOTTIME, &since_boot);
  into.started_at = static_cast<double>(now.tv_sec - since_boot.tv_sec) +
                    static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

process_figures look_at_process() {
  process_figures out;
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) == 0) {
    out.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  }
  read_stat(out);
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) out.max_files = files.rlim_cur;
  std::error_code failed;
  for (std::filesystem::directory_iterator at("/proc/self/fd", failed), end; !failed && at != end;
       at.increment(failed)) {
    ++out.open_files;
  }
  return out;
}

}  // namespace worker::admin
