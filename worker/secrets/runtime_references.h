// The references of the connector runtime, for tasks that were written for it: {{secrets.NAME}} and
// secrets.NAME anywhere in a text. They are looser than those of references.h: a name in braces is
// any run of characters that are not blank, and the bare form has no border on its left, so it also
// counts within a word or a sentence. Pure; the views point into the given text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "worker/secrets/references.h"

namespace worker::secrets {

// From left to right; they never overlap. References in braces are found first, bare ones in what
// lies between them. A name in braces is at most longest_name bytes long.
std::vector<reference> runtime_references_in(std::string_view text);

// The names under which the runtime looks for a secret in the environment: the name itself, then
// with _ for dots, for hyphens and for both, then all of these in upper case. Each once.
std::vector<std::string> runtime_spellings(std::string_view name);

}  // namespace worker::secrets
