// Secrets are masked in what comes of a call before anybody sees it: the engine, or the person who
// called by hand. What steers a job (types of errors that are matched or thrown, what was called)
// is read before. Pure.
#pragma once

#include <string>

#include "connector/outcome.h"
#include "worker/secrets/redactor.h"

namespace worker::secrets {

// Masks messages, the log tail and the function's error; they stay JSON where they are. The answer
// itself is the function's: with `payload_too` it is masked as well.
void redact(connector::outcome& from, const redactor& known, bool payload_too);

}  // namespace worker::secrets
