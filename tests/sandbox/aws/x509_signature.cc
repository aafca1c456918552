#include "tests/sandbox/aws/x509_signature.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <vector>

#include "tests/sandbox/lambda/canonical.h"
#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/freeing.h"

namespace sandbox {

namespace {

using x509_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using store_ptr = std::unique_ptr<X509_STORE, freeing<X509_STORE_free>>;
using store_context_ptr = std::unique_ptr<X509_STORE_CTX, freeing<X509_STORE_CTX_free>>;
using digest_ptr = std::unique_ptr<EVP_MD_CTX, freeing<EVP_MD_CTX_free>>;
using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free>>;

constexpr std::chrono::minutes allowed_skew{5};

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(by);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

x509_ptr certificate_of(std::string_view base64) {
  const auto der = base64_decode(base64);
  if (!der) return nullptr;
  const auto* bytes = reinterpret_cast<const unsigned char*>(der->data());
  x509_ptr read(d2i_X509(nullptr, &bytes, static_cast<long>(der->size())));
  // Nothing may follow the one certificate.
  const auto* end = reinterpret_cast<const unsigned char*>(der->data()) + der->size();
  return read && bytes == end ? std::move(read) : nullptr;
}

std::optional<std::string> bytes_of_hex(std::string_view text) {
  std::string out;
  if (text.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned byte = 0;
    for (const char c : text.substr(i, 2)) {
      const bool digit = c >= '0' && c <= '9';
      if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
      byte = byte * 16 + static_cast<unsigned>(digit ? c - '0' : c - 'a' + 10);
    }
    out += static_cast<char>(byte);
  }
  return out;
}

struct credential {
  std::string algorithm, serial, scope, names, signature;
};

// "ALGORITHM Credential=SERIAL/SCOPE, SignedHeaders=NAMES, Signature=HEX" and nothing else.
std::optional<credential> credential_of(std::string_view header) {
  const auto blank = header.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  credential out;
  out.algorithm = header.substr(0, blank);
  const auto items = split(header.substr(blank + 1), ',');
  if (items.size() != 3) return std::nullopt;
  const auto value = [&items](std::size_t i, std::string_view name) -> std::optional<std::string> {
    auto item = items[i];
    if (i > 0 && item.starts_with(' ')) item.remove_prefix(1);
    if (!item.starts_with(name)) return std::nullopt;
    return std::string(item.substr(name.size()));
  };
  const auto whole = value(0, "Credential=");
  const auto names = value(1, "SignedHeaders=");
  const auto signature = value(2, "Signature=");
  if (!whole || !names || !signature || whole->find('/') == std::string::npos) return std::nullopt;
  out.serial = whole->substr(0, whole->find('/'));
  out.scope = whole->substr(whole->find('/') + 1);
  out.names = *names;
  out.signature = *signature;
  return out;
}

std::string serial_of(const X509* certificate) {
  const ASN1_INTEGER* number = X509_get0_serialNumber(certificate);
  return decimal_of({reinterpret_cast<const char*>(ASN1_STRING_get0_data(number)),
                     static_cast<std::size_t>(ASN1_STRING_length(number))});
}

// Whether what must be signed is, in order, each once.
bool are_signed(const stand_in_request& request, const std::vector<std::string_view>& names) {
  if (!std::is_sorted(names.begin(), names.end()) ||
      std::adjacent_find(names.begin(), names.end()) != names.end()) {
    return false;
  }
  const auto is_named = [&names](std::string_view name) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view one) { return equals_ignoring_case(one, name); });
  };
  for (const auto& [name, value] : request.headers) {
    const bool wanted = name.size() > 6 && equals_ignoring_case(name.substr(0, 6), "x-amz-");
    if (wanted && !is_named(name)) return false;
  }
  return is_named("host") && is_named("content-type") && is_named("x-amz-date") &&
         is_named("x-amz-x509");
}

std::string string_to_sign(const stand_in_request& signed_request, const credential& by) {
  const auto mark = signed_request.target.find('?');
  const std::string query = mark == std::string::npos ? "" : signed_request.target.substr(mark + 1);
  header_views headers;
  for (const auto& [name, value] : signed_request.headers) headers.emplace_back(name, value);
  const std::string request =
      signed_request.method + "\n" + canonical_path(signed_request.target.substr(0, mark)).text +
      "\n" + canonical_query(query) + "\n" + canonical_headers(headers, split(by.names, ';')) +
      "\n" + by.names + "\n" + hex(sha256(signed_request.body));
  return by.algorithm + "\n" + std::string(signed_request.header("X-Amz-Date")) + "\n" + by.scope +
         "\n" + hex(sha256(request));
}

bool fits(EVP_PKEY* key, const std::string& signature, const std::string& text) {
  const digest_ptr context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

// Why the chain does not lead to the anchor; empty: it does.
std::string why_untrusted(X509* leaf, std::string_view chain, const std::string& anchor,
                          std::chrono::system_clock::time_point now) {
  const bio_ptr pem(BIO_new_mem_buf(anchor.data(), static_cast<int>(anchor.size())));
  const x509_ptr root(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
  const store_ptr store(X509_STORE_new());
  if (!root || X509_STORE_add_cert(store.get(), root.get()) != 1) return "no anchor";
  std::vector<x509_ptr> between;
  STACK_OF(X509)* untrusted = sk_X509_new_null();
  bool readable = true;
  if (!chain.empty()) {
    for (const auto one : split(chain, ',')) {
      between.push_back(certificate_of(one));
      readable = readable && between.back() != nullptr;
      if (readable) sk_X509_push(untrusted, between.back().get());
    }
  }
  const store_context_ptr context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), leaf, untrusted);
  X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(now));
  const bool good = readable && X509_verify_cert(context.get()) == 1;
  const std::string why =
      readable ? X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()))
               : "unreadable chain";
  sk_X509_free(untrusted);
  return good ? "" : why;
}

bool is_current(std::string_view amz_date, std::chrono::system_clock::time_point now) {
  std::tm parts{};
  const std::string text(amz_date);
  const char* end = strptime(text.c_str(), "%Y%m%dT%H%M%SZ", &parts);
  if (text.size() != 16 || end == nullptr || *end != '\0') return false;
  const auto sent = std::chrono::system_clock::from_time_t(timegm(&parts));
  return sent > now - allowed_skew && sent < now + allowed_skew;
}

}  // namespace

std::string decimal_of(std::string_view bytes) {
  std::vector<unsigned> number;
  for (const char c : bytes) number.push_back(static_cast<unsigned char>(c));
  std::string digits;
  while (std::any_of(number.begin(), number.end(), [](unsigned byte) { return byte != 0; })) {
    unsigned rest = 0;
    for (unsigned& byte : number) {
      const unsigned value = rest * 256 + byte;
      byte = value / 10;
      rest = value % 10;
    }
    digits.insert(digits.begin(), static_cast<char>('0' + rest));
  }
  return digits.empty() ? "0" : digits;
}

x509_verdict verify_x509_request(const stand_in_request& request, std::string_view region,
                                 const std::string& anchor,
                                 std::chrono::system_clock::time_point now) {
  const auto by = credential_of(request.header("Authorization"));
  if (!by) return {"Authorization is missing or malformed"};
  const auto date = request.header("X-Amz-Date");
  if (!is_current(date, now)) return {"X-Amz-Date is malformed or not current"};
  const std::string scope =
      std::string(date.substr(0, 8)) + "/" + std::string(region) + "/rolesanywhere/aws4_request";
  if (by->scope != scope) return {"the scope is " + by->scope + " instead of " + scope};
  if (!are_signed(request, split(by->names, ';'))) return {"not all is signed that must be"};
  const auto leaf = certificate_of(request.header("X-Amz-X509"));
  if (!leaf) return {"X-Amz-X509 is no certificate"};
  x509_verdict verdict;
  verdict.serial = by->serial;
  if (by->serial != serial_of(leaf.get())) {
    verdict.problem = "the credential is not the certificate's serial number";
    return verdict;
  }
  EVP_PKEY* const key = X509_get0_pubkey(leaf.get());
  const int type = key != nullptr ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;
  const std::string algorithm = type == EVP_PKEY_RSA  ? "AWS4-X509-RSA-SHA256"
                                : type == EVP_PKEY_EC ? "AWS4-X509-ECDSA-SHA256"
                                                      : "none";
  const auto signature = bytes_of_hex(by->signature);
  if (by->algorithm != algorithm || !signature ||
      !fits(key, *signature, string_to_sign(request, *by))) {
    verdict.problem = "the signature does not match";
    return verdict;
  }
  verdict.problem = why_untrusted(leaf.get(), request.header("X-Amz-X509-Chain"), anchor, now);
  verdict.trusted = verdict.problem.empty();
  return verdict;
}

}  // namespace sandbox
