// The verifier of the Roles Anywhere stand-in: what it takes, and that it takes nothing else. The
// request is built here by hand, with openssl's own signing.
#include "tests/sandbox/aws/x509_signature.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <ctime>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/sandbox/lambda/encoding.h"

namespace sandbox {
namespace {

std::string hex_signature(const std::string& key_pem, const std::string& text) {
  BIO* in = BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::size_t size = 1024;
  std::vector<unsigned char> raw(size);
  EXPECT_EQ(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key), 1);
  EXPECT_EQ(EVP_DigestSign(context, raw.data(), &size,
                           reinterpret_cast<const unsigned char*>(text.data()), text.size()),
            1);
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  BIO_free(in);
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    const char* digits = "0123456789abcdef";
    out += digits[raw[i] >> 4U];
    out += digits[raw[i] & 15U];
  }
  return out;
}

struct parsed {
  std::string base64;
  std::string serial;
};

parsed parse(const std::string& pem) {
  BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  BIGNUM* number = ASN1_INTEGER_to_BN(X509_get_serialNumber(certificate), nullptr);
  char* decimal = BN_bn2dec(number);
  parsed out{base64_encode({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}),
             decimal};
  OPENSSL_free(decimal);
  OPENSSL_free(der);
  BN_free(number);
  X509_free(certificate);
  BIO_free(in);
  return out;
}

struct world {
  certificate_authority root;
  issued_certificate leaf = root.issue();
  parsed certificate = parse(leaf.certificate);
  std::chrono::system_clock::time_point now = std::chrono::system_clock::now();
  std::string date;
  stand_in_request request;

  world() {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[32];
    date.assign(text, strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc));
    const std::string scope = date.substr(0, 8) + "/eu-central-1/rolesanywhere/aws4_request";
    const std::string names = "content-type;host;x-amz-date;x-amz-x509";
    request.method = "POST";
    request.target = "/sessions?b=1%2F2&a=x";
    request.body = "{}";
    request.headers = {{"Host", "h"},
                       {"Content-Type", "application/json"},
                       {"X-Amz-Date", date},
                       {"X-Amz-X509", certificate.base64}};
    const std::string canonical =
        "POST\n/sessions\na=x&b=1%2F2\ncontent-type:application/json\n"
        "host:h\nx-amz-date:" +
        date + "\nx-amz-x509:" + certificate.base64 + "\n\n" + names + "\n" + hex(sha256("{}"));
    const std::string to_sign =
        "AWS4-X509-ECDSA-SHA256\n" + date + "\n" + scope + "\n" + hex(sha256(canonical));
    request.headers.emplace_back(
        "Authorization", "AWS4-X509-ECDSA-SHA256 Credential=" + certificate.serial + "/" + scope +
                             ", SignedHeaders=" + names +
                             ", Signature=" + hex_signature(leaf.key, to_sign));
  }

  x509_verdict verdict(const std::string& region = "eu-central-1") const {
    return verify_x509_request(request, region, root.root_pem(), now);
  }
};

void replace_in(stand_in_request& request, const std::string& name, const std::string& part,
                const std::string& by) {
  for (auto& [known, value] : request.headers) {
    if (known == name) value.replace(value.find(part), part.size(), by);
  }
}

TEST(X509Signature, TakesARequestThatIsSignedByHand) {
  const world good;
  EXPECT_EQ(good.verdict().problem, "");
  EXPECT_EQ(good.verdict().serial, good.certificate.serial);
}

TEST(X509Signature, TakesNothingThatWasChanged) {
  using change = std::function<void(world&)>;
  const std::vector<std::pair<const char*, change>> rows = {
      {"body", [](world& w) { w.request.body = "{ }"; }},
      {"query", [](world& w) { w.request.target = "/sessions?b=1%2F2&a=y"; }},
      {"path", [](world& w) { w.request.target = "/session?b=1%2F2&a=x"; }},
      {"method", [](world& w) { w.request.method = "PUT"; }},
      {"host", [](world& w) { replace_in(w.request, "Host", "h", "g"); }},
      {"type", [](world& w) { replace_in(w.request, "Content-Type", "json", "jsoN"); }},
      {"serial", [](world& w) { replace_in(w.request, "Authorization", "=", "=9"); }},
      {"scope", [](world& w) { replace_in(w.request, "Authorization", "rolesanywhere", "sts"); }},
      {"algorithm",
       [](world& w) { replace_in(w.request, "Authorization", "ECDSA-SHA256", "RSA-SHA256"); }},
      {"signature",
       [](world& w) { replace_in(w.request, "Authorization", "Signature=30", "Signature=31"); }},
      {"unsigned", [](world& w) { w.request.headers.emplace_back("X-Amz-Other", "1"); }},
      {"names", [](world& w) { replace_in(w.request, "Authorization", "host;", ""); }},
      {"certificate",
       [](world& w) {
         replace_in(w.request, "X-Amz-X509", w.certificate.base64,
                    parse(w.root.issue().certificate).base64);
       }},
      {"garbage",
       [](world& w) { replace_in(w.request, "X-Amz-X509", w.certificate.base64, "AAAA"); }},
      {"late", [](world& w) { w.now += std::chrono::minutes(6); }},
      {"early", [](world& w) { w.now -= std::chrono::minutes(6); }},
      {"nothing", [](world& w) { w.request.headers.pop_back(); }},
  };
  for (const auto& [change, apply] : rows) {
    world changed;
    apply(changed);
    EXPECT_NE(changed.verdict().problem, "") << change;
    EXPECT_TRUE(changed.verdict().trusted) << change;
  }
  EXPECT_NE(world().verdict("eu-west-1").problem, "");
}

TEST(X509Signature, TrustsOnlyWhatTheAnchorIssued) {
  const world good;
  const auto other = verify_x509_request(good.request, "eu-central-1",
                                         certificate_authority("x").root_pem(), good.now);
  EXPECT_NE(other.problem, "");
  EXPECT_FALSE(other.trusted);
}

}  // namespace
}  // namespace sandbox
