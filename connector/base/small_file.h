// Reads a file that an operator names: bounded, regular files only, never waiting (a pipe in its
// place is refused). Used for settings, secrets, credentials and tokens. Plain functions, any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "connector/base/descriptor.h"

namespace connector {

// The stamp of a file's state: a file that is replaced or rewritten has a new one.
struct file_stamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t bytes = 0;

  friend bool operator==(const file_stamp&, const file_stamp&) = default;
};

struct file_text {
  enum class state {
    read,
    missing,     // there is no such file, or something else than a file
    unreadable,  // it is there and cannot be read now: permissions, a failing disk
    too_large,
  };
  state result = state::missing;
  std::string text;       // when read; without a byte order mark and one newline at its end
  std::string reason;     // else: for people, without path and content
  file_stamp stamp = {};  // when read: of the file as it was opened
};

file_text read_small_file(const std::string& path, std::size_t max_bytes);
// Reads a file that is open already.
file_text read_open_file(const descriptor& file, std::size_t max_bytes);

// The state for an errno of opening or reading.
file_text file_failure(int number);

// The stamp of the file that the path leads to now, links followed; nothing without a file.
std::optional<file_stamp> stamp_of(const std::string& path);

}  // namespace connector
