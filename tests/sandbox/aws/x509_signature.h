// Verifies a request that is signed with a certificate, as IAM Roles Anywhere does: its own reading
// of the signing process, none of the product's code. Plain functions, any thread.
// Source: IAM Roles Anywhere User Guide, "Signing process".
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tests/sandbox/aws/http_stand_in.h"

namespace sandbox {

struct x509_verdict {
  std::string problem;   // why it is refused; empty: it is good
  bool trusted = true;   // false: `problem` is about the certificate, not about the signature
  std::string serial{};  // in decimal, as the request says
};

// `anchor` is the PEM of the trust anchor's authority. `now` is the service's clock.
x509_verdict verify_x509_request(const stand_in_request& request, std::string_view region,
                                 const std::string& anchor,
                                 std::chrono::system_clock::time_point now);

// A non-negative big-endian number in decimal, by long division.
std::string decimal_of(std::string_view bytes);

}  // namespace sandbox
