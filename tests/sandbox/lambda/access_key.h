// A key that the embedded Lambda knows. A plain value.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace sandbox {

// With a session token, requests must carry exactly that token.
struct access_key {
  std::string id = "AKIDEXAMPLE";
  std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  std::string session_token;
  std::optional<std::chrono::system_clock::time_point> expires;
};

}  // namespace sandbox
