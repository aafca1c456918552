#include "worker/config/machine.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "connector/base/number.h"
#include "connector/base/small_file.h"
#include "worker/config/value_parser.h"

namespace worker::config {

machine this_machine() {
  machine here;
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) here.host = name.data();
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    const auto file = connector::read_small_file(path, 64);
    if (file.result != connector::file_text::state::read) continue;
    here.memory_limit = memory_limit_of(file.text);
    break;
  }
  return here;
}

std::optional<std::uint64_t> memory_limit_of(std::string_view cgroup_text) {
  while (!cgroup_text.empty() && cgroup_text.back() == '\n') cgroup_text.remove_suffix(1);
  // cgroup 1 says "no limit" as the largest page-aligned number.
  constexpr std::uint64_t most = std::uint64_t{1} << 60U;
  return connector::integer_in<std::uint64_t>(cgroup_text, 1, most);
}

std::uint64_t default_byte_budget(std::optional<std::uint64_t> memory_limit) {
  const std::uint64_t most = 64 * mega;
  return memory_limit ? std::clamp(*memory_limit / 4, mega, most) : most;
}

}  // namespace worker::config
