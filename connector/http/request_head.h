// Writes the head of a request, and refuses a request that would not be exactly one request on the
// wire. Plain functions, any thread.
#pragma once

#include <optional>
#include <string>

#include "connector/http/message.h"

namespace connector::http {

// Why `outgoing` cannot be sent (RFC 9110 5.5, RFC 9112 3): a control character that would start a
// header or a request of its own, a host that is not a host name, or a header that the client
// writes itself. Names the part, never its value. Nothing when it can be sent.
std::optional<std::string> find_error(const request& outgoing);

// Request line, Host, the fields, Content-Length and the empty line, appended to `out`. A body of
// no bytes is announced only for methods that are expected to have one.
void write_head(const request& outgoing, std::string& out);

}  // namespace connector::http
