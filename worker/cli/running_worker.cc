#include "worker/cli/running_worker.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "connector/base/number.h"

namespace worker::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view program = "lambda-connector";
constexpr std::size_t max_processes = 100'000;
constexpr std::size_t max_command_line = 1024 * 1024;

std::vector<std::string> words_of(const fs::path& command_line) {
  std::ifstream in(command_line, std::ios::binary);
  std::string text(max_command_line, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\0', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The flags of a worker; nothing for other programs and other commands of this one. Every flag of a
// setting has one value.
std::optional<std::vector<std::string>> flags_of_worker(std::vector<std::string> words) {
  if (words.empty()) return std::nullopt;
  const std::string_view name = words.front();
  if (name.substr(name.rfind('/') + 1) != program) return std::nullopt;
  words.erase(words.begin());
  std::optional<std::size_t> command;
  for (std::size_t i = 0; i < words.size() && !command; ++i) {
    const bool is_flag = words[i].starts_with('-');
    if (!is_flag) command = i;
    if (is_flag && words[i].find('=') == std::string::npos) ++i;
  }
  if (!command) return words;
  if (words[*command] != "run") return std::nullopt;
  words.erase(words.begin() + static_cast<std::ptrdiff_t>(*command));
  return words;
}

}  // namespace

std::vector<running_worker> find_running_workers(const std::string& proc, long self) {
  std::vector<running_worker> found;
  std::error_code failed;
  std::size_t seen = 0;
  for (auto at = fs::directory_iterator(proc, failed);
       !failed && at != fs::directory_iterator() && ++seen < max_processes; at.increment(failed)) {
    const auto process = connector::integer_in(at->path().filename().string(), 1, 0x7FFF'FFFF);
    if (!process || *process == self) continue;
    auto flags = flags_of_worker(words_of(at->path() / "cmdline"));
    if (!flags) continue;
    found.push_back({static_cast<long>(*process), *std::move(flags)});
    if (*process == 1) return {found.back()};
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.process < b.process; });
  return found;
}

health_target health_target_of(const std::vector<running_worker>& found) {
  if (found.empty()) return {};
  const auto& first = found.front();
  if (std::all_of(found.begin(), found.end(),
                  [&](const auto& each) { return each.flags == first.flags; })) {
    return {first.flags, {}};
  }
  std::string processes;
  for (const auto& each : found) {
    processes += (processes.empty() ? "" : ", ") + std::to_string(each.process);
  }
  return {{},
          "several workers run here, each with flags of its own (processes " + processes +
              "): give healthcheck the --admin-address of the one that is meant"};
}

}  // namespace worker::cli
