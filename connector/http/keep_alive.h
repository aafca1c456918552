// How long a server keeps a connection, as its answer says. Pure.
#pragma once

#include <chrono>
#include <optional>

#include "connector/http/message.h"

namespace connector::http {

// `Keep-Alive: timeout=5`; nothing when the answer does not say.
std::optional<std::chrono::seconds> announced_keep_alive(const headers& all);

}  // namespace connector::http
