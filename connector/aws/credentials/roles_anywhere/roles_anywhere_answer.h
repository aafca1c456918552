// Reads the answer of IAM Roles Anywhere to CreateSession: keys, or an error. Pure.
// Source: IAM Roles Anywhere User Guide, "CreateSession".
#pragma once

#include <string>

#include "connector/aws/credentials/source.h"
#include "connector/http/message.h"

namespace connector::aws {

struct roles_anywhere_outcome {
  fetched result;
  bool again = false;  // the same request may have another answer in a moment
};

// Reads an answer, whatever its status; `source` opens messages and names the credentials.
roles_anywhere_outcome read_session_answer(const http::response& answer, const std::string& source);

// The outcome of an exchange that broke. Asking twice does no harm here.
roles_anywhere_outcome read_session_failure(const http::failure& failure,
                                            const std::string& source);

}  // namespace connector::aws
