#include "connector/http/tls_failure.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <string_view>
#include <system_error>

#include "connector/base/certificates.h"

namespace connector::http {
namespace {

constexpr int max_names = 5;

std::string one_name(const GENERAL_NAME* name) {
  int type = 0;
  const auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(name, &type));
  const std::string_view bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                               static_cast<std::size_t>(ASN1_STRING_length(value)));
  if (type == GEN_DNS) return printable(bytes);
  if (bytes.size() == 4) {
    boost::asio::ip::address_v4::bytes_type v4{};
    std::copy(bytes.begin(), bytes.end(), v4.begin());
    return boost::asio::ip::address_v4(v4).to_string();
  }
  if (bytes.size() == 16) {
    boost::asio::ip::address_v6::bytes_type v6{};
    std::copy(bytes.begin(), bytes.end(), v6.begin());
    return boost::asio::ip::address_v6(v6).to_string();
  }
  return "an address of no known kind";
}

// "a.example, 10.0.0.1": whom the certificate was made for.
std::string names_of(const X509* certificate) {
  auto* names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  std::string list;
  int shown = 0;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
    if (shown++ == max_names) {
      list += " and others";
      break;
    }
    if (!list.empty()) list += ", ";
    list += one_name(name);
  }
  GENERAL_NAMES_free(names);
  return list.empty() ? "no alternative name at all" : list;
}

}  // namespace

std::string why_refused(int verdict, const x509_st* about, const destination& to,
                        const std::string& trust_setting) {
  const std::string whose = "the certificate of " + to.host;
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return whose + " (or one of its chain) has expired" +
             (about != nullptr ? " on " + date_text(X509_get0_notAfter(about)) : "") +
             ": it must be renewed at the server; if it was, check the clock of this machine";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return whose + " (or one of its chain) is not valid yet" +
             (about != nullptr ? ", only from " + date_text(X509_get0_notBefore(about)) : "") +
             ": check the clock of this machine";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return whose + " is for another host" +
             (about != nullptr ? " (" + names_of(about) + ")" : "") +
             ": check the host name of the endpoint";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return whose + " comes from an unknown issuer" +
             (about != nullptr ? " (" + issuer_text(about) + ")" : "") +
             ": give the root of a private authority as CA bundle (" + trust_setting +
             "), or let the server send its whole chain";
    default:
      return whose + " was refused (" + X509_verify_cert_error_string(verdict) + ")";
  }
}

std::string first_tls_error() {
  const unsigned long code = ERR_peek_error();
  std::string text = "unknown reason";
  if (ERR_SYSTEM_ERROR(code)) {
    text = printable(std::system_category().message(ERR_GET_REASON(code)));
  } else if (const char* reason = ERR_reason_error_string(code); reason != nullptr) {
    text = printable(reason);
  }
  ERR_clear_error();
  return text;
}

std::string why_broken(const destination& to) {
  const unsigned long code = ERR_peek_error();
  const int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
  const std::string words = first_tls_error();
  switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
      return to.host + " offers no protocol version from TLS 1.2 on (" + words + ")";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_RECORD_LENGTH_MISMATCH:
      return to.host + " does not speak TLS on port " + std::to_string(to.port) + " (" + words +
             "): if it is a plain endpoint, its address begins with http://";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return to.host + " asks for a client certificate, and none was accepted";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
      return to.host + " refuses our client certificate (" + words + ")";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_NO_SHARED_CIPHER:
      return to.host + " accepts none of our ciphers, or asks for a client certificate (" + words +
             ")";
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      return to.host + " closed the connection without ending TLS";
    default:
      return "TLS with " + to.host + " failed (" + words + ")";
  }
}

}  // namespace connector::http
