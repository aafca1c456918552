// Masks the secrets in the outcome of a call, before the engine or the person who called by hand
// sees it. The worker reads the parts that steer a job (error types, the function's name) before
// that. Pure.
#pragma once

#include <string>
#include <string_view>

#include "connector/outcome.h"
#include "worker/secrets/redactor.h"

namespace worker::secrets {

// Masks messages, the log tail and the function's error; values that are JSON stay JSON. The
// function's own answer is masked only with `payload_too`.
void redact(connector::outcome& from, const redactor& known, bool payload_too);

// JSON text with every value masked, the function's own answer too. It stays JSON: a member of an
// object that masking would break becomes the text of what is left.
std::string masked_document(std::string_view text, const redactor& known);

}  // namespace worker::secrets
