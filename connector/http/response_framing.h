// What the header of a response says of where its body ends. Pure.
#pragma once

#include "connector/http/message.h"

namespace connector::http {

// Whether the body is chunked, or as it is; no other transfer coding was asked for.
bool is_framing_known(const headers& fields);

}  // namespace connector::http
