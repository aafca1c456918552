// The variables of the environment that are secrets of this program. Programs that it starts
// (credential_process) do not inherit them. Pure.
#pragma once

#include <string_view>

namespace worker::program {

// Secrets of tasks (with `secrets_prefix`; empty: there are none), secret settings, the headers
// that the operator gives all tasks, and logins at the gateway: in each spelling that the worker
// reads, and as NAME_FILE too. Proxies are inherited, although a URL may hold a password: the
// program may need them to reach AWS.
bool is_hidden_variable(std::string_view name, std::string_view secrets_prefix);

}  // namespace worker::program
