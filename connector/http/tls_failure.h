// Why TLS failed, in words for the person who has to mend it. Plain functions, any thread.
#pragma once

#include <string>

#include "connector/http/message.h"

struct x509_st;  // OpenSSL's X509

namespace connector::http {

// Why the certificate of `to` was refused: OpenSSL's verdict (X509_V_ERR_...) and the certificate
// it is about (null: unknown). Names the reason, what the certificate says, and what to do. Text
// out of the certificate is shortened and kept printable. `trust_setting` names the roots that were
// trusted.
std::string why_refused(int verdict, const x509_st* about, const destination& to,
                        const std::string& trust_setting);

// Why a handshake or a TLS read failed, from this thread's OpenSSL error queue, which it empties.
std::string why_broken(const destination& to);

// OpenSSL's own words for the first error in this thread's queue, the one closest to the cause;
// empties the queue. Never empty.
std::string first_tls_error();

}  // namespace connector::http
