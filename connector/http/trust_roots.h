// Where the trusted roots of TLS come from when no bundle is named: SSL_CERT_FILE and SSL_CERT_DIR,
// or the place where the distribution keeps them. The AWS side and the gateway's channel ask here,
// so that both trust the same. Reads the file system and the environment; start-up code, any
// thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace connector::http {

// OpenSSL's meaning: what the environment names takes the place of the system's file or folder, and
// the other one stays the system's.
struct trust_roots {
  std::string file;                  // PEM bundle; empty: none
  std::vector<std::string> folders;  // of certificates under their hashed names
  // For people: "SSL_CERT_FILE (/a/b.pem)"; "the system's folder /etc/ssl/certs".
  std::string source;
  // For people; empty when every place that is named can be read and there is one.
  std::string issue;
};

// The machine that is asked; tests pass another one.
struct trust_question {
  std::function<std::string(const char* name)> environment;  // null: the process's; "": not set
  std::filesystem::path root = "/";
};

trust_roots system_trust_roots(const trust_question& asked = {});

struct trust_pem {
  std::string text;   // certificates in PEM, one after the other; empty: none
  std::string issue;  // for people, why there is none or which file could not be read; empty: none
};

// The same roots for a library that wants their bytes. At most 16 MiB.
trust_pem read_trust_roots(const trust_roots& from);

}  // namespace connector::http
