// The request for a token by client credentials, as the existing clients of the gateway send it.
// Pure. Sources: RFC 6749 4.4 and 2.3.1, RFC 7523 2.2, RFC 8707.
#pragma once

#include <string>
#include <string_view>

#include "connector/base/secret.h"
#include "connector/http/message.h"
#include "connector/http/url.h"

namespace connector::oauth {

struct token_request {
  http::url where;  // of the token endpoint
  std::string client_id;
  std::string audience;  // empty: not sent, as the two below
  std::string scope;     // names with blanks between
  std::string resource;
  std::string user_agent;
};

// How the client proves who it is: by a secret, or by a signed assertion.
struct client_proof {
  secret_string secret;
  secret_string assertion;  // a JWT; counts before the secret
};

http::request request_of(const token_request& asked, const client_proof& proof);

// "https://login.example/realms/x/token": without the query, which may hold anything.
std::string shown(const http::url& where);

}  // namespace connector::oauth
