// X.509 certificates of OpenSSL: owners that free them, reading of PEM text, and the parts that
// messages show. Certificates are outside data, so what is shown is short and printable. Any
// thread.
#pragma once

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace connector {

// The deleter of a pointer whose object `Free` releases.
template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

// Reads from `text`, which must outlive it; null for a text of more than 2 GiB.
bio_ptr bio_over(std::string_view text);

// The bytes that were written to a memory BIO.
std::string bytes_of(const bio_ptr& memory);

struct pem_certificates {
  std::vector<certificate_ptr> certificates;  // in the order of the text
  bool damaged = false;  // a block after them was cut off or is not a certificate's
};

// The most bytes of a file of authorities. A bundle of all known ones has a quarter of a mebibyte.
inline constexpr std::size_t max_of_a_ca_file = 16 * 1024 * 1024;

// Reads at most `max` certificates; PEM blocks of other kinds (a key, parameters) are passed over.
// Reading ends at the first block that is damaged. Leaves no error in OpenSSL's queue.
pem_certificates read_certificates(std::string_view text, std::size_t max);

// A certificate is accepted only for this host: a name, with or without a dot at its end, or an
// address. Only its subject alternative names count, because the common name is not a host name
// (RFC 9525 6.1): where a certificate has no alternative names, OpenSSL would take it. Returns the
// name without that dot; nothing of an address.
std::string expect_host(X509_VERIFY_PARAM* rules, std::string_view host);

// For messages: the first 100 bytes, others than printable ASCII as '?'.
std::string printable(std::string_view text);
std::string date_text(const ASN1_TIME* at);        // "Jan  1 00:00:00 2026 GMT"
std::string issuer_text(const X509* certificate);  // "CN = The company's own"

}  // namespace connector
