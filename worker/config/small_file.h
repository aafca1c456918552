// The bounded reading of operators' files (connector/base/small_file.h) under this room's name.
#pragma once

#include "connector/base/small_file.h"

namespace worker::config {

using connector::file_text;
using connector::read_small_file;

}  // namespace worker::config
