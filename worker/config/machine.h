// Facts that some defaults depend on: the machine's name and the container's memory limit. Only
// this_machine() reads the system; the rest is pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace worker::config {

struct machine {
  std::string host;                           // may be empty
  std::optional<std::uint64_t> memory_limit;  // bytes; nothing: not limited
};

machine this_machine();

// The content of memory.max (cgroup 2) or memory.limit_in_bytes (cgroup 1, where a number near
// 2^63 means no limit). Nothing: there is no limit, or the text is not understood.
std::optional<std::uint64_t> memory_limit_of(std::string_view cgroup_text);

// The smaller of 64 MB and a quarter of the limit, at least 1 MB.
std::uint64_t default_byte_budget(std::optional<std::uint64_t> memory_limit);

}  // namespace worker::config
