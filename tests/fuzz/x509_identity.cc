// Certificates and keys out of any bytes: refused without repeating them, or fit for headers and
// able to sign; and sessions asked for with any words.
#include "connector/aws/credentials/roles_anywhere/x509_identity.h"

#include "connector/aws/credentials/roles_anywhere/roles_anywhere_request.h"
#include "connector/base/regions.h"
#include "connector/http/url.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

using namespace connector::aws;
namespace http = connector::http;

// Made for this file; it opens nothing.
constexpr std::string_view certificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdjCCARugAwIBAgIUIyCB57if+O7/3n5q/A4SxXmcEq8wCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwEZnV6ejAgFw0yNjExMjExMzMxNTJaGA8yMTI2MTAyODEzMzE1\n"
    "MlowDzENMAsGA1UEAwwEZnV6ejBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJHa\n"
    "KfVRMfoudpACqQcSOrLpU5CseAee0X/gUPsWmojHhtdAa9zygLn+BE/kfs+YndQB\n"
    "T0suBgSg1ClZ2k1gftyjUzBRMB0GA1UdDgQWBBSEAlp1IT95UerFR4MhMVS7aSbg\n"
    "5jAfBgNVHSMEGDAWgBSEAlp1IT95UerFR4MhMVS7aSbg5jAPBgNVHRMBAf8EBTAD\n"
    "AQH/MAoGCCqGSM49BAMCA0kAMEYCIQCDn2hSIY4UykZG7HPFkuCP0sezPyZNc664\n"
    "+c690MVpCAIhAOcWY4RLEB7dd0+QVIFdHXId4QjeUZynTGGU0po38wkR\n"
    "-----END CERTIFICATE-----\n";
constexpr std::string_view key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQQCmK7ChEsE8Nitv\n"
    "W5/U+sYaFDfxf14tgNf6a71ZDO+hRANCAASR2in1UTH6LnaQAqkHEjqy6VOQrHgH\n"
    "ntF/4FD7FpqIx4bXQGvc8oC5/gRP5H7PmJ3UAU9LLgYEoNQpWdpNYH7c\n"
    "-----END PRIVATE KEY-----\n";
constexpr char between = '\x1f';

bool is_made_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

std::string identity(std::string_view input) {
  const auto cut = input.find(between);
  x509_texts texts;
  texts.certificates = input.substr(0, cut);
  const auto rest = cut == std::string_view::npos ? std::string_view() : input.substr(cut + 1);
  const auto second = rest.find(between);
  texts.key = connector::secret_string(std::string(rest.substr(0, second)));
  if (second != std::string_view::npos) texts.more = rest.substr(second + 1);
  const auto read = x509_identity::read(texts);
  if (!read) return read.error().empty() || read.error().size() > 200 ? "an odd complaint" : "";
  constexpr std::string_view base64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
  if (read->certificate().empty() || !is_made_of(read->certificate(), base64)) {
    return "a certificate that is no base64";
  }
  if (!is_made_of(read->chain(), std::string(base64) + ",")) return "a chain that is no base64";
  if (read->serial().empty() || read->serial().size() > 50 ||
      !is_made_of(read->serial(), "0123456789")) {
    return "a serial number that is no number";
  }
  const auto signature = read->sign("text");
  return is_made_of(signature, "0123456789abcdef") ? "" : "a signature that is no hex";
}

std::string session(std::string_view input) {
  const std::string text(input.substr(0, 200));
  roles_anywhere_session session{"arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/a",
                                 "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/p",
                                 "arn:aws:iam::123456789012:role/" + text, text, 0};
  for (const bool named : {true, false}) {
    if (!named) session.session_name.clear();
    if (find_error(session)) continue;
    if (!http::is_request_target(session_target(session, "")))
      return "a target that cannot be sent";
  }
  const std::string as_anchor(input.substr(0, 2000));
  session.trust_anchor_arn = as_anchor;
  if (region_of_arn(as_anchor).size() > as_anchor.size()) return "a region from elsewhere";
  if (!find_error(session) && !connector::is_region(region_of_arn(as_anchor)))
    return "not a region";
  return {};
}

std::string run_x509_identity(std::string_view input) {
  auto wrong = identity(input);
  return wrong.empty() ? session(input) : wrong;
}

}  // namespace

target x509_identity() {
  const std::string good = std::string(certificate) + between + std::string(key);
  return {"X509Identity",
          run_x509_identity,
          {good, good + between + std::string(certificate),
           std::string(certificate) + std::string(certificate) + between + std::string(key),
           std::string(key) + between + std::string(certificate),
           "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/a", "plant/worker", ""},
          {"-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n",
           "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
           "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n",
           "-----BEGIN X509 CRL-----\n", "\x1f", "MIIB", "====", "\r\n", ":", "/",
           "arn:aws:", std::string(1, '\0')}};
}

}  // namespace fuzz
