// Keys that are simply given: by the environment or by a task. Pure.
#pragma once

#include <string>
#include <string_view>

#include "connector/aws/credentials/credentials.h"
#include "connector/base/result.h"

namespace connector::aws {

// Checks what goes into headers, so that nothing from process data can add one. The complaint says
// which part is wrong (`names`), never its value.
struct key_names {
  std::string_view access_key_id = "accessKeyId";
  std::string_view secret_access_key = "secretAccessKey";
  std::string_view session_token = "sessionToken";
};

// Blanks and line breaks around a part are taken off: no key has one, and files and variables often
// do. CREDENTIALS_ERROR (permanent) when a part is missing or malformed.
result<credentials> static_credentials(std::string access_key_id, secret_string secret_access_key,
                                       secret_string session_token, std::string source,
                                       const key_names& names = {});

}  // namespace connector::aws
