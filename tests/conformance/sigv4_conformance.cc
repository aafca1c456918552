// Checks our SigV4 steps against a suite of cases on disk, named by SIGV4_SUITE_DIR: one folder for
// each case, with request.txt, context.json and the three expected texts of header authentication.
// Cases that ask for what the worker's signer does (sign the body, normalise, sign the token) go
// through that signer too, if header-signed-request.txt says what must come out.
// Prints one line for each case that fails, then "sigv4: <passed>/<cases>". Exit status: 0 when all
// pass and there is at least one, 1 otherwise, 77 when the variable is not set.
#include <charconv>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

#include "connector/aws/canonical_request.h"
#include "connector/aws/sha256.h"
#include "connector/aws/sigv4.h"
#include "tests/conformance/sigv4_case.h"

namespace {

namespace aws = connector::aws;

// Where the request goes by its header Host, which the signer writes itself.
connector::http::destination destination_of(std::string_view host) {
  connector::http::destination to;
  const auto colon = host.rfind(':');
  const auto bracket = host.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    std::from_chars(host.data() + colon + 1, host.data() + host.size(), to.port);
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  to.host = host;
  return to;
}

bool signer_agrees(const conformance::sigv4_case& given) {
  connector::http::request request;
  request.method = given.method;
  request.target = given.target;
  for (const auto& [name, value] : given.fields) {
    if (connector::http::same_name(name, "Host")) {
      request.to = destination_of(value);
    } else {
      request.fields.emplace_back(name, value);
    }
  }
  request.body = given.body;
  aws::credentials who;
  who.access_key_id = given.access_key_id;
  who.secret_access_key = given.secret_access_key;
  who.session_token = connector::secret_string(given.session_token);
  aws::signer signer;
  signer.sign(request, who, given.region, given.service, given.time);
  return connector::http::find_header(request.fields, "Authorization") == given.authorization;
}

// Which step gives another text than expected; empty: none.
std::string first_difference(const conformance::sigv4_case& given) {
  const auto time = aws::amz_date(given.time);
  // Cases that do not sign their body expect the hash of the empty text even when there is one.
  const auto hash = aws::sha256_hex(given.sign_body ? given.body : std::string());
  auto fields = given.fields;
  fields.emplace_back("X-Amz-Date", time);
  if (given.sign_body) fields.emplace_back("X-Amz-Content-Sha256", hash);
  if (!given.session_token.empty() && !given.omit_session_token) {
    fields.emplace_back("X-Amz-Security-Token", given.session_token);
  }
  const auto rule = given.normalize ? aws::path_rule::normalized : aws::path_rule::as_sent;
  const auto canonical = aws::canonical_request(given.method, given.target,
                                                aws::canonical_headers(fields), hash, rule);
  if (canonical != given.canonical_request) return "canonical request";
  const auto date = time.substr(0, 8);
  const auto to_sign = aws::string_to_sign(
      time, aws::credential_scope(date, given.region, given.service), canonical);
  if (to_sign != given.string_to_sign) return "string to sign";
  const auto key = aws::signing_key(given.secret_access_key, date, given.region, given.service);
  if (aws::signature(key, to_sign) != given.signature) return "signature";
  const bool as_we_do = given.sign_body && given.normalize && !given.omit_session_token;
  if (as_we_do && !given.authorization.empty() && !signer_agrees(given)) return "signed request";
  return {};
}

bool passes(const std::filesystem::path& folder) {
  std::string problem;
  try {
    problem = first_difference(conformance::read_case(folder));
    if (!problem.empty()) problem += " differs";
  } catch (const std::exception& e) {
    problem = e.what();
  }
  if (!problem.empty()) std::cout << folder.filename().string() << ": " << problem << "\n";
  return problem.empty();
}

}  // namespace

int main() {
  const char* suite = std::getenv("SIGV4_SUITE_DIR");
  if (suite == nullptr || *suite == '\0') {
    std::cout << "skipped: SIGV4_SUITE_DIR does not name a folder of SigV4 cases\n";
    return 77;
  }
  std::size_t cases = 0;
  std::size_t passed = 0;
  try {
    for (const auto& folder : conformance::case_folders(suite)) {
      ++cases;
      if (passes(folder)) ++passed;
    }
  } catch (const std::exception& e) {
    std::cout << "cannot read the suite: " << e.what() << "\n";
    return 1;
  }
  std::cout << "sigv4: " << passed << "/" << cases << "\n";
  return cases > 0 && passed == cases ? 0 : 1;
}
