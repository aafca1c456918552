// The canonical request of Signature Version 4 as the server builds it, from the bytes on the wire
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
// Plain functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sandbox {

// Headers as they came: any case, in order, values as sent.
using header_views = std::vector<std::pair<std::string_view, std::string_view>>;

struct canonical_path_result {
  std::string text;
  // Every byte of the path was either unreserved, a slash, or part of an upper-case %XX of a
  // reserved byte. The service canonicalises what it decoded, so a client that sends a raw colon
  // has a canonical path (%253A) that does not match what it sent; such requests are refused.
  bool regular = true;
};

// Dot segments and doubled slashes removed, then encoded a second time.
canonical_path_result canonical_path(std::string_view path);
// Decoded, encoded again, sorted by name and value; "a" becomes "a=".
std::string canonical_query(std::string_view query);
// The `name:value` lines of the signed headers, in the order given (which must be lower case).
std::string canonical_headers(const header_views& headers,
                              const std::vector<std::string_view>& signed_names);

}  // namespace sandbox
