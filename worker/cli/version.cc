#include "worker/cli/version.h"

namespace worker::cli {

std::string version_text() { return "lambda-connector " LC_VERSION; }

std::string version_number() { return LC_VERSION; }

}  // namespace worker::cli
