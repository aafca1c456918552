// What to try when the gateway does not answer in the way that was expected. Pure.
#pragma once

#include <string>

#include "worker/config/settings.h"
#include "worker/engine/types.h"

namespace worker::cli {

// Empty: no idea, or the answer says it itself.
std::string gateway_hint(const config::gateway_settings& gateway, const engine::status& answer);

}  // namespace worker::cli
