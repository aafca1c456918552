// Signed tokens (JWT) as a server reads them: its own reading of the RFCs, none of the product's
// code. Plain functions, any thread.
// Sources: RFC 7515, RFC 7519, RFC 7523 3.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>

namespace sandbox {

struct signed_token {
  boost::json::object head;
  boost::json::object claims;
  std::string problem;  // why it is refused; empty: the signature is good
};

// `key` is PEM: a public key or a certificate. RS256 and ES256 are known.
signed_token read_signed_token(const std::string& text, const std::string& key);

// Why a client's assertion is refused: signature by the certificate (PEM), its thumbprints in the
// head, issuer, subject, audience, times, an id. Empty: it is good.
std::string refusal_of_assertion(const std::string& text, const std::string& certificate,
                                 const std::string& client_id, const std::string& audience,
                                 std::chrono::system_clock::time_point now);

// Why a gateway refuses the metadata `authorization` of a call: no bearer token, not signed by the
// key (PEM), ended, for another audience. Empty: the call is let in.
std::string refusal_of_bearer(const std::string& authorization, const std::string& key,
                              const std::string& audience,
                              std::chrono::system_clock::time_point now);

}  // namespace sandbox
