#include "connector/base/small_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "connector/base/byte_order_mark.h"
#include "connector/base/descriptor.h"
#include "connector/base/file_bytes.h"
#include "connector/base/secret.h"

namespace connector {

namespace {

file_stamp stamp_from(const struct stat& about) {
  constexpr std::int64_t second = 1'000'000'000;
  return {static_cast<std::uint64_t>(about.st_dev),
          static_cast<std::uint64_t>(about.st_ino),
          about.st_mtim.tv_sec * second + about.st_mtim.tv_nsec,
          about.st_size,
          about.st_mode,
          about.st_uid,
          about.st_gid};
}

void trim_newline(std::string& text) {
  if (text.empty() || text.back() != '\n') return;
  text.pop_back();
  if (!text.empty() && text.back() == '\r') text.pop_back();
}

void make_text(file_text& file) {
  trim_newline(file.text);
  if (file.text.starts_with(byte_order_mark)) file.text.erase(0, byte_order_mark.size());
}

file_text read_bytes(const descriptor& file, std::size_t max_bytes) {
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return file_failure(errno);
  if (!S_ISREG(about.st_mode)) {
    return {file_text::state::missing, {}, "it is not a regular file", {}};
  }
  // The size is only believed after reading: the file may grow, and files of /proc say 0. The room
  // is taken at once, so that no half-read secret is left behind by a growing string.
  std::string text(max_bytes + 1, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int number = errno;
      wipe(text);
      return file_failure(number);
    }
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled > max_bytes) {
    wipe(text);
    return {
        file_text::state::too_large, {}, fmt::format("it is larger than {} bytes", max_bytes), {}};
  }
  file_text done{file_text::state::read, text.substr(0, filled), {}, stamp_from(about)};
  wipe(text);
  return done;
}

}  // namespace

file_text file_failure(int number) {
  const bool missing = number == ENOENT || number == ENOTDIR || number == ENAMETOOLONG;
  return {missing ? file_text::state::missing : file_text::state::unreadable,
          {},
          std::generic_category().message(number),
          {}};
}

file_text read_small_file(const std::string& path, std::size_t max_bytes) {
  auto file = read_file_bytes(path, max_bytes);
  make_text(file);
  return file;
}

file_text read_file_bytes(const std::string& path, std::size_t max_bytes) {
  // Opening a pipe without O_NONBLOCK would wait for its writer.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) return file_failure(errno);
  return read_bytes(file, max_bytes);
}

file_text read_open_file(const descriptor& file, std::size_t max_bytes) {
  auto read = read_bytes(file, max_bytes);
  make_text(read);
  return read;
}

std::optional<file_stamp> stamp_of(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return std::nullopt;
  return stamp_from(about);
}

}  // namespace connector
