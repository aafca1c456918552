// Reads a file that is no text, as it is: small_file.h takes off what editors add to texts. Plain
// function, any thread.
#pragma once

#include "connector/base/small_file.h"

namespace connector {

// As read_small_file, but with a byte order mark and a last newline.
file_text read_file_bytes(const std::string& path, std::size_t max_bytes);

}  // namespace connector
