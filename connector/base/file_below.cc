#include "connector/base/file_below.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "connector/base/descriptor.h"
#include "connector/base/small_file.h"

namespace connector {

namespace {

// A volume that is swapped between finding a file and opening it is looked at once more.
constexpr int max_tries = 3;

// Without links; nothing, and errno, when there is no such file.
std::optional<std::string> real_path(const std::string& path) {
  std::array<char, PATH_MAX> found{};
  if (::realpath(path.c_str(), found.data()) == nullptr) return std::nullopt;
  return std::string(found.data());
}

// The part of `path` below the folder, both without links; nothing when it is not below.
std::optional<std::string> below(const std::string& folder, const std::string& path) {
  const auto with_slash = folder == "/" ? folder : folder + "/";
  if (!path.starts_with(with_slash)) return std::nullopt;
  return path.substr(with_slash.size());
}

// Follows no link in any part of the way: what was found without links is still so, or this fails.
int open_without_links(const std::string& folder, std::string_view way) {
  constexpr int step = O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
  descriptor at(::open(folder.c_str(), step));
  for (auto slash = way.find('/'); at.get() >= 0 && slash != std::string_view::npos;
       slash = way.find('/')) {
    at.reset(::openat(at.get(), std::string(way.substr(0, slash)).c_str(), step));
    way.remove_prefix(slash + 1);
  }
  if (at.get() < 0) return -1;
  // Opening a pipe without O_NONBLOCK would wait for its writer.
  return ::openat(at.get(), std::string(way).c_str(),
                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

}  // namespace

std::optional<file_text> read_file_below(const std::string& folder, const std::string& name,
                                         std::size_t max_bytes) {
  int why = ENOENT;
  for (int tries = 0; tries < max_tries; ++tries) {
    const auto root = real_path(folder);
    if (!root) return file_failure(errno);
    const auto path = real_path(folder + "/" + name);
    if (!path) return file_failure(errno);
    const auto way = below(*root, *path);
    if (!way) return std::nullopt;
    const descriptor file(open_without_links(*root, *way));
    if (file.get() >= 0) return read_open_file(file, max_bytes);
    why = errno;
    if (why != ENOENT && why != ELOOP && why != ENOTDIR) break;
  }
  return file_failure(why);
}

std::string trouble_of_folder(const std::string& folder) {
  const auto because = [&folder](int number) {
    return fmt::format("the folder {} cannot be read: {}", folder,
                       std::generic_category().message(number));
  };
  struct stat about {};
  if (::stat(folder.c_str(), &about) != 0) return because(errno);
  if (!S_ISDIR(about.st_mode)) return fmt::format("{} is no folder", folder);
  return ::access(folder.c_str(), X_OK) == 0 ? std::string() : because(errno);
}

}  // namespace connector
