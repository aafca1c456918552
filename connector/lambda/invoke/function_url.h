// A function URL as job data names it: its parts, checked, and its path and query in the one
// spelling that is signed. Whether the host may be called is the operator's decision, not this
// one's. Pure. Source: Lambda developer guide, "Invoking Lambda function URLs".
#pragma once

#include <string>
#include <string_view>

#include "connector/base/result.h"
#include "connector/http/message.h"

namespace connector::lambda {

struct function_url {
  http::destination to;
  std::string target;  // path and query as they go on the wire
  std::string region;  // of <id>.lambda-url.<region>.on.aws or lambda-web; empty: another shape
  std::string shown;   // for messages: without the query, which may hold a secret
};

// Whether `text` is meant to be one: it begins with http:// or https://.
bool is_function_url(std::string_view text);

// INVALID_INPUT for a text that is not a URL, holds a user name, a fragment, dot segments, doubled
// slashes or a '+' in its query (a space to some, a plus to others), and for a plain http:// URL of
// a host that Lambda itself serves.
result<function_url> parse_function_url(std::string_view text);

}  // namespace connector::lambda
