// Which variables of the environment are secrets of this program, so that programs which it starts
// (credential_process) do not inherit them. Pure.
#pragma once

#include <string_view>

namespace worker::program {

// Secrets of tasks (`secrets_prefix`, empty: there are none), settings that are secrets, and what
// logs in at the gateway; as NAME_FILE too. Proxies are not among them, although a URL may hold a
// password: a program may need them to reach AWS.
bool is_hidden_variable(std::string_view name, std::string_view secrets_prefix);

}  // namespace worker::program
