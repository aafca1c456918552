// Secrets are masked in what comes of a call before anybody sees it: the engine, or the person who
// called by hand. Pure.
#pragma once

#include "connector/outcome.h"
#include "worker/secrets/redactor.h"

namespace worker::secrets {

// Masks messages, the log tail and the function's error, whatever form they have; they stay JSON
// where they are. The answer itself is the function's: with `payload_too` it is masked as well.
void redact(connector::outcome& from, const redaction_registry& known, bool payload_too);

}  // namespace worker::secrets
