// Advice for an answer of the gateway that was not expected. Pure.
#pragma once

#include <string>

#include "worker/config/settings.h"
#include "worker/engine/types.h"

namespace worker::cli {

// Empty when there is no advice, or when the answer says enough.
std::string gateway_hint(const config::gateway_settings& gateway, const engine::status& answer);

}  // namespace worker::cli
