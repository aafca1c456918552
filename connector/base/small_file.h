// Reads a file that an operator names: bounded, regular files only, never waiting (a pipe in its
// place is refused). Used for settings, secrets, credentials and tokens. Plain functions, any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "connector/base/file_text.h"

namespace connector {

class descriptor;

file_text read_small_file(const std::string& path, std::size_t max_bytes);
// Reads a file that is open already.
file_text read_open_file(const descriptor& file, std::size_t max_bytes);

// The state for an errno of opening or reading.
file_text file_failure(int number);

// The stamp of the file that the path leads to now, links followed; nothing without a file.
std::optional<file_stamp> stamp_of(const std::string& path);

}  // namespace connector
