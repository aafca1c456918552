#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "connector/base/small_file.h"
#include "worker/cli/commands.h"

namespace worker::cli {

namespace {

connector::result<std::string> standard_input(std::size_t most_bytes) {
  std::string text;
  std::array<char, 64 * 1024> piece{};
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return connector::bad_input("The payload cannot be read from standard input: " +
                                  std::generic_category().message(errno) + ".");
    }
    if (got == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (text.size() > most_bytes) {
      return connector::bad_input("The payload on standard input is larger than " +
                                  std::to_string(most_bytes) + " bytes.");
    }
  }
}

}  // namespace

connector::result<std::string> payload_text(const std::string& argument, std::size_t most_bytes) {
  if (argument == "-") return standard_input(most_bytes);
  if (!argument.starts_with('@')) return argument;
  auto file = connector::read_small_file(argument.substr(1), most_bytes);
  if (file.what != connector::file_text::state::read) {
    return connector::bad_input("The payload file '" + argument.substr(1) +
                                "' cannot be used: " + file.reason + ".");
  }
  return std::move(file.text);
}

}  // namespace worker::cli
