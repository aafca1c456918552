// From the answer of a token server to a token, or to what is wrong and which setting to change.
// Nothing of an answer is trusted. Pure. Source: RFC 6749 5.1 and 5.2.
#pragma once

#include <string_view>

#include "connector/http/message.h"
#include "connector/oauth/access_token.h"

namespace connector::oauth {

// `server` names the token server for people; `asked` is when the request was sent: the life of the
// token is counted from then.
result<access_token> read_token_answer(const http::response& answer, std::string_view server,
                                       boot_clock::time_point asked);

token_failure read_token_failure(const http::failure& failure, std::string_view server);

}  // namespace connector::oauth
