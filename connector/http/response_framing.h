// What the header of a response says of where its body ends. Pure.
#pragma once

#include "connector/http/message.h"

namespace connector::http {

// Whether the body is chunked, or as it is; no other transfer coding was asked for.
bool is_framing_known(const headers& fields);

// Of a 204 or 304, which has no body whatever its fields say (RFC 9112 6.3). A server that
// announces one may send it all the same, behind the answer.
bool announces_missing_body(const response& got);

}  // namespace connector::http
