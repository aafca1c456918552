// What is in a PKCS#12 file: its keys with their aliases, and its certificates. Any thread.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/certificates.h"
#include "connector/base/private_key.h"
#include "connector/base/secret.h"

namespace connector::oauth {

struct pkcs12_key {
  std::string alias;    // empty: it has none
  private_key_ptr key;  // null: it could not be decrypted
};

struct pkcs12_content {
  std::vector<pkcs12_key> keys;
  std::vector<certificate_ptr> certificates;
};

// Whether these bytes are of this kind, whatever they hold.
bool is_pkcs12(std::string_view bytes);

// `key_password` opens the keys; empty: `password` does. An error says what is wrong, for people.
boost::system::result<pkcs12_content, std::string> read_pkcs12(std::string_view bytes,
                                                               const secret_string& password,
                                                               const secret_string& key_password);

}  // namespace connector::oauth
