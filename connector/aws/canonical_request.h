// The canonical form of a request, the first of SigV4's three steps: what is signed, in one
// spelling that client and service agree on. Pure functions over the request as it is sent.
// Source: AWS General Reference, "Create a signed AWS API request".
#pragma once

#include <string>
#include <string_view>

#include "connector/http/message.h"

namespace connector::aws {

enum class path_rule {
  normalized,  // dot segments and doubled slashes are taken out: every service but S3
  as_sent,     // not; for the conformance suite, which tests both
};

// `path` as it goes on the wire. Encoded parts are encoded a second time (the %3A of
// an ARN becomes %253A): the services expect just that.
std::string canonical_path(std::string_view path, path_rule rule = path_rule::normalized);

// `query` without its question mark: decoded, encoded again, sorted by name and then value.
std::string canonical_query(std::string_view query);

struct canonical_header_block {
  std::string lines;  // "name:value\n" for each name
  std::string names;  // "a;b;c"
};

// All headers but those that are rewritten on the way or never signed by convention. `fields` must
// hold Host. Blanks are squeezed; values of one name are joined with a comma in their order.
canonical_header_block canonical_headers(const http::headers& fields);

// `target` is path and query as on the wire; `payload_hash` lower-case hex.
std::string canonical_request(std::string_view method, std::string_view target,
                              const canonical_header_block& headers, std::string_view payload_hash,
                              path_rule rule = path_rule::normalized);

}  // namespace connector::aws
