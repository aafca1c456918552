// Verifies the Signature Version 4 of one request as the service does: scope, signed headers, body
// hash, session token, clock window, signature; refusals carry the service's names and texts.
// Members may be called from any thread.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/sandbox/lambda/access_key.h"
#include "tests/sandbox/lambda/canonical.h"
#include "tests/sandbox/lambda/encoding.h"

namespace sandbox {

struct signed_request {
  std::string_view method;
  std::string_view target;  // path and query, the raw bytes of the request line
  header_views headers;
  std::string_view body;
};

struct verdict {
  int status = 200;        // else the refusal's
  std::string error_type;  // empty: accepted
  std::string message;
  std::string access_key_id;

  bool accepted() const { return error_type.empty(); }
};

struct signature_rules {
  std::string region = "us-east-1";
  std::string service = "lambda";
  std::chrono::seconds window = std::chrono::minutes(5);
  bool require_content_sha256 = true;
};

class signature_verifier {
 public:
  signature_verifier(signature_rules rules, std::vector<access_key> keys);

  void set_keys(std::vector<access_key> keys);
  verdict verify(const signed_request& request, std::chrono::system_clock::time_point now) const;

 private:
  // The derived key of `scope` (date/region/service/aws4_request), cached.
  digest signing_key(const access_key& key, std::string_view date) const;

  const signature_rules rules_;
  mutable std::mutex guard_;
  std::map<std::string, access_key, std::less<>> keys_;
  mutable std::unordered_map<std::string, digest> derived_;  // by key and date
};

}  // namespace sandbox
