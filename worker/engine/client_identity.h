// The worker's own certificate with its key, for a gateway that asks for one. Plain value.
#pragma once

#include <string>

#include "connector/base/secret.h"

namespace worker::engine {

struct client_identity {
  std::string chain;             // PEM, the certificate first
  connector::secret_string key;  // PEM, not encrypted
};

// Reads both files, and the certificate's file for both when `key_file` is empty. Throws
// std::runtime_error with the setting, the file and what is wrong with it: a file that cannot be
// read, no certificate, no key, an encrypted key, or a key of another certificate.
client_identity read_client_identity(const std::string& certificate_file,
                                     const std::string& key_file);

}  // namespace worker::engine
