#include "worker/program/token_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/system/result.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "connector/base/clock.h"
#include "connector/base/descriptor.h"
#include "connector/base/log.h"
#include "connector/base/small_file.h"
#include "worker/program/credentials_file.h"

namespace worker::program {

using connector::boot_clock;
using connector::file_text;
using connector::wall_clock;

namespace {

using contents = boost::system::result<credentials_file, std::string>;

std::string words_of(int number) { return std::generic_category().message(number); }

// Why the tokens in an open file cannot be trusted, or are known to others; empty: they can.
std::string danger_of(const struct stat& about) {
  if (!S_ISREG(about.st_mode)) return "it is not a regular file";
  if (about.st_uid != ::geteuid()) return "it belongs to another user";
  constexpr mode_t others = S_IRWXO;
  if ((about.st_mode & others) != 0) {
    return fmt::format("its mode {:o} lets every user of this machine at its tokens: chmod 600",
                       about.st_mode & 07777U);
  }
  return {};
}

contents read_contents(const std::string& path) {
  // Opening a pipe without O_NONBLOCK would wait for its writer.
  const connector::descriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW));
  if (file.get() < 0) {
    if (errno == ENOENT) return credentials_file::read("");
    return errno == ELOOP ? std::string("it is a symbolic link") : words_of(errno);
  }
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return words_of(errno);
  if (auto danger = danger_of(about); !danger.empty()) return danger;
  auto text = connector::read_open_file(file, credentials_file::max_bytes);
  if (text.result != file_text::state::read) return std::move(text.reason);
  auto out = credentials_file::read(text.text);
  connector::wipe(text.text);
  return out;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? std::string() : path.substr(0, slash);
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto done = ::write(file, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

// Empty: the file at `path` has this text now. Other processes see the old file or the new one.
std::string replace(const std::string& path, std::string_view text) {
  const auto folder = folder_of(path);
  if (!folder.empty() && ::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return fmt::format("its folder cannot be made: {}", words_of(errno));
  }
  std::string beside = path + ".XXXXXX";
  const connector::descriptor file(::mkostemp(beside.data(), O_CLOEXEC));  // 0600
  if (file.get() < 0) return words_of(errno);
  if (write_all(file.get(), text) && std::rename(beside.c_str(), path.c_str()) == 0) return {};
  const int number = errno;
  ::unlink(beside.c_str());
  return words_of(number);
}

}  // namespace

token_file::token_file(std::string path, std::string client_id)
    : path_(std::move(path)), client_id_(std::move(client_id)) {}

std::optional<connector::oauth::access_token> token_file::load() {
  if (path_.empty()) return std::nullopt;
  const auto file = read_contents(path_);
  if (!file) {
    tell(file.error());
    return std::nullopt;
  }
  auto found = file->token_of(client_id_);
  if (!found) {
    tell(found.error());
    return std::nullopt;
  }
  told_.clear();
  if (!*found) return std::nullopt;
  const auto left = (*found)->expires - wall_clock::now();
  if (left <= wall_clock::duration::zero()) return std::nullopt;
  connector::oauth::access_token out;
  out.value = std::move((*found)->value);
  out.since = boot_clock::now();
  out.expires = out.since + std::min<boot_clock::duration>(left, connector::oauth::longest_life);
  return out;
}

void token_file::save(const connector::oauth::access_token& token) {
  if (path_.empty()) return;
  auto file = read_contents(path_);
  if (!file) return tell(file.error());
  const auto left = connector::left_until(token.expires, boot_clock::now());
  file->put(client_id_, {token.value, wall_clock::now() +
                                          std::chrono::duration_cast<wall_clock::duration>(left)});
  auto text = file->text();
  if (!text) {
    return tell(fmt::format("it would be longer than {} bytes", credentials_file::max_bytes));
  }
  const auto failed = replace(path_, *text);
  connector::wipe(*text);
  if (!failed.empty()) return tell(failed);
  told_.clear();
}

void token_file::tell(const std::string& reason) {
  if (reason == told_) return;
  told_ = reason;
  connector::log::warning("the credentials file is not used (CAMUNDA_CLIENT_CONFIG_PATH)",
                          {{"file", path_}, {"reason", reason}});
}

}  // namespace worker::program
