// From argc and argv to the exit code: parses, says what is wrong or does what was asked for.
#pragma once

namespace worker::cli {

int dispatch(int argc, const char* const* argv);

}  // namespace worker::cli
