// Reads files of a folder and refuses every other file: links are followed as long as they lead to
// a file below the folder, also when another program swaps them meanwhile. Used for secrets, whose
// names come from job data. Plain functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "connector/base/file_text.h"

namespace connector {

// `name` may have folders in it. Nothing when a link leads out of the folder.
std::optional<file_text> read_file_below(const std::string& folder, const std::string& name,
                                         std::size_t max_bytes);

// Why no file of the folder can be read, for people, with its path; empty: some may be.
std::string trouble_of_folder(const std::string& folder);

}  // namespace connector
