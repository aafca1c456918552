// The bytes of a well-formed answer. Plain functions, any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tests/sandbox/lambda/service.h"

namespace sandbox {

// Appends status line, headers and body. `last` says `Connection: close`.
void append_response(std::string& out, const plan& made, std::chrono::system_clock::time_point now,
                     bool last);

}  // namespace sandbox
