// Values as texts of the language: what string() and to json() give. Pure, but for the work and the
// bytes that are counted; the text is cut off when a limit is reached.
#pragma once

#include <string>

#include "worker/feel/call.h"
#include "worker/feel/value.h"

namespace worker::feel {

// [1, "a"], {a:1, b:"x"}; a text that is not inside of these has no quotes.
std::string text_of(const value& from, call& counted);

// JSON with numbers as they are, not as the runtime writes them: 1.50 stays 1.50.
std::string json_text_of(const value& from, call& counted);

}  // namespace worker::feel
