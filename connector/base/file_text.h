// What small_file.h finds in a file, and by what it tells that a file changed. Plain values.
#pragma once

#include <cstdint>
#include <string>

namespace connector {

// The stamp of a file's state: a file that is replaced or rewritten has a new one, and one whose
// owner or permissions changed, because it may be readable now.
struct file_stamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t bytes = 0;
  std::uint32_t mode = 0;  // with the permissions
  std::uint32_t owner = 0;
  std::uint32_t group = 0;

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

}  // namespace connector
