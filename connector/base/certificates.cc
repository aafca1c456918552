#include "connector/base/certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <climits>
#include <utility>

#include "connector/base/ip_address.h"
#include "connector/base/shortened.h"

namespace connector {

namespace {

constexpr std::size_t max_shown = 100;

}  // namespace

bio_ptr bio_over(std::string_view text) {
  if (text.data() == nullptr || text.size() > INT_MAX) return nullptr;
  return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string bytes_of(const bio_ptr& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, size > 0 ? static_cast<std::size_t>(size) : 0};
}

pem_certificates read_certificates(std::string_view text, std::size_t max) {
  pem_certificates out;
  const auto reader = bio_over(text);
  out.damaged = !reader;
  ERR_clear_error();
  while (reader && out.certificates.size() < max) {
    certificate_ptr next(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
    if (!next) {
      out.damaged = ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE;
      break;
    }
    out.certificates.push_back(std::move(next));
  }
  ERR_clear_error();
  return out;
}

std::string expect_host(X509_VERIFY_PARAM* rules, std::string_view host) {
  if (ip_address_of(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(rules, std::string(host).c_str());
    return {};
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  X509_VERIFY_PARAM_set_hostflags(
      rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size());
  return std::string(host);
}

std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : shortened(text, max_shown)) shown += c >= 0x20 && c < 0x7f ? c : '?';
  if (text.size() > max_shown) shown += "...";
  return shown;
}

std::string date_text(const ASN1_TIME* at) {
  const bio_ptr memory(BIO_new(BIO_s_mem()));
  if (at != nullptr) ASN1_TIME_print(memory.get(), at);
  return printable(bytes_of(memory));
}

std::string issuer_text(const X509* certificate) {
  const bio_ptr memory(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(memory.get(), X509_get_issuer_name(certificate), 0,
                     XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  return printable(bytes_of(memory));
}

}  // namespace connector
