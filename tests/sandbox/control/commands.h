// Carries out one line of the parent. README.md of this folder lists them.
#pragma once

#include <string>
#include <string_view>

#include "tests/sandbox/engine/engine.h"

namespace sandbox::control {

// True: the engine listens from now on. Throws std::exception with the reason when the line is no
// command of the commands.
bool carry_out(engine::engine& e, std::string_view line);

}  // namespace sandbox::control
