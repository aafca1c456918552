// Returns memory that OpenSSL allocated for its caller. OPENSSL_free would write the path of the
// source into the program, which then was another one in each folder that it is built in.
#pragma once

#include <openssl/crypto.h>

namespace connector {

inline void give_back_to_openssl(void* bytes) { CRYPTO_free(bytes, "", 0); }

}  // namespace connector
