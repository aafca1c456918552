// One case of a SigV4 suite on disk: what to sign and what must come out. Plain values; a folder
// that does not hold a whole case throws std::runtime_error, which the program reports as a
// failure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "connector/base/clock.h"
#include "connector/base/secret.h"
#include "connector/http/message.h"

namespace conformance {

struct sigv4_case {
  std::string name;
  // request.txt
  std::string method;
  std::string target;  // raw: may hold blanks and UTF-8
  connector::http::headers fields;
  std::string body;
  // context.json
  std::string access_key_id;
  connector::secret_string secret_access_key;
  std::string session_token;
  std::string region;
  std::string service;
  connector::wall_clock::time_point time;
  bool normalize = true;
  bool sign_body = false;           // hash the body, and send and sign the hash
  bool omit_session_token = false;  // the token is added after signing
  // header-*.txt
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
  // Of header-signed-request.txt; empty when there is no such file.
  std::string authorization;
};

// The folders under `suite` that hold a request.txt, by name.
std::vector<std::filesystem::path> case_folders(const std::filesystem::path& suite);

sigv4_case read_case(const std::filesystem::path& folder);

}  // namespace conformance
