// Reads a file that an operator names: bounded, regular files only, never waiting (a pipe in its
// place is refused). Used for NAME_FILE settings and for secrets. Plain function, any thread.
#pragma once

#include <cstddef>
#include <string>

namespace worker::config {

struct file_text {
  enum class state {
    read,
    missing,     // there is no such file, or something else than a file
    unreadable,  // it is there and cannot be read now: permissions, a failing disk
    too_large,
  };
  state what = state::missing;
  std::string text;    // when read; one newline at its end (LF or CRLF) taken off
  std::string reason;  // else: for people, without path and content
};

file_text read_small_file(const std::string& path, std::size_t most_bytes);

}  // namespace worker::config
