#include "worker/program/version.h"

namespace worker::program {

std::string version_text() { return "lambda-connector " LC_VERSION; }

std::string version_number() { return LC_VERSION; }

}  // namespace worker::program
