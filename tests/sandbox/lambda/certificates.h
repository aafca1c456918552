// Certificates made at start, for TLS tests: a private authority and leaves, good and bad.
// Plain values on any thread; failures throw std::runtime_error (start-up code).
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sandbox {

// A certificate with its key, as PEM. `chain` is the leaf followed by its intermediates, the form
// servers present; `certificate` the leaf alone.
struct issued_certificate {
  std::string certificate;
  std::string chain;
  std::string key;
};

struct leaf_options {
  std::string common_name = "localhost";
  std::vector<std::string> dns_names = {"localhost", "lambda.sandbox.test"};
  std::vector<std::string> ip_addresses = {"127.0.0.1", "::1"};
  std::chrono::seconds valid_from{-3600};  // both counted from now
  std::chrono::seconds valid_to{86400};
  bool rsa = false;             // else EC
  unsigned rsa_bits = 2048;     // of an RSA key
  std::string curve = "P-256";  // of an EC key
  std::string passphrase;       // the key's PEM is encrypted with it; empty: it is not
};

class certificate_authority {
 public:
  explicit certificate_authority(const std::string& common_name = "Sandbox root");
  ~certificate_authority();
  certificate_authority(certificate_authority&&) noexcept;
  certificate_authority& operator=(certificate_authority&&) noexcept;

  // For server and client authentication.
  issued_certificate issue(const leaf_options& options = {}) const;
  // An authority below this one; what it issues carries the chain.
  certificate_authority intermediate(const std::string& common_name) const;

  // The root of this authority: what a client trusts (AWS_CA_BUNDLE).
  std::string root_pem() const;

 private:
  struct state;
  explicit certificate_authority(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

// What a server presents.
enum class certificate_kind {
  good,                  // localhost, lambda.sandbox.test, 127.0.0.1, ::1; signed by the root
  rsa,                   // the same with an RSA key
  with_intermediate,     // root, intermediate, leaf; the chain is sent
  missing_intermediate,  // the same, but only the leaf is sent
  expired,
  not_yet_valid,
  wrong_name,       // for elsewhere.example
  other_authority,  // good, but of a root that is not trusted
};

issued_certificate make_certificate(const certificate_authority& authority, certificate_kind kind);

void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace sandbox
