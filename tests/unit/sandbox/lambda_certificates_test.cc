#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/sandbox/lambda_fixture.h"

namespace sandbox::test {
namespace {

using x509_ptr = std::unique_ptr<X509, decltype(&X509_free)>;

x509_ptr read_first(const std::string& pem) {
  BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  x509_ptr out(PEM_read_bio_X509(memory, nullptr, nullptr, nullptr), X509_free);
  BIO_free(memory);
  return out;
}

// X509_V_OK, or the error of OpenSSL's own verification of what a server presents.
int verify(const certificate_authority& trusted, const issued_certificate& presented,
           const std::string& host) {
  const x509_ptr root = read_first(trusted.root_pem());
  const x509_ptr leaf = read_first(presented.chain);
  STACK_OF(X509)* between = sk_X509_new_null();
  x509_ptr intermediate = read_first(presented.chain.substr(presented.certificate.size()));
  if (intermediate) sk_X509_push(between, intermediate.get());
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, root.get());
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, leaf.get(), between);
  X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(context), host.c_str(), host.size());
  X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
  X509_verify_cert(context);
  const int result = X509_STORE_CTX_get_error(context);
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  sk_X509_free(between);
  return result;
}

TEST(LambdaCertificates, EachKindVerifiesAsItsNameSays) {
  const certificate_authority root;
  const auto result = [&](certificate_kind kind) {
    return verify(root, make_certificate(root, kind), "localhost");
  };
  EXPECT_EQ(result(certificate_kind::good), X509_V_OK);
  EXPECT_EQ(result(certificate_kind::rsa), X509_V_OK);
  EXPECT_EQ(result(certificate_kind::with_intermediate), X509_V_OK);
  EXPECT_EQ(result(certificate_kind::missing_intermediate),
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  EXPECT_EQ(result(certificate_kind::expired), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(result(certificate_kind::not_yet_valid), X509_V_ERR_CERT_NOT_YET_VALID);
  EXPECT_EQ(result(certificate_kind::wrong_name), X509_V_ERR_HOSTNAME_MISMATCH);
  EXPECT_EQ(result(certificate_kind::other_authority),
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

TEST(LambdaCertificates, LeafIsForLocalhostAndLoopbackAddresses) {
  const certificate_authority root;
  const x509_ptr leaf = read_first(root.issue().certificate);
  ASSERT_TRUE(leaf);
  EXPECT_EQ(X509_check_host(leaf.get(), "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(leaf.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(leaf.get(), "::1", 0), 1);
  EXPECT_EQ(X509_check_host(leaf.get(), "elsewhere.example", 0, 0, nullptr), 0);
}

TEST(LambdaCertificates, ServerPresentsThemAndTheClientSaysWhy) {
  lambda server;
  const auto problem = [&](certificate_kind kind) {
    server.set_certificate(kind);
    client connection(server.port());
    return connection.secure(server.ca_pem()) ? std::string() : connection.error();
  };
  EXPECT_EQ(problem(certificate_kind::with_intermediate), "");
  EXPECT_EQ(problem(certificate_kind::expired), "certificate has expired");
  EXPECT_EQ(problem(certificate_kind::wrong_name), "hostname mismatch");
  EXPECT_EQ(problem(certificate_kind::other_authority), "unable to get local issuer certificate");
  EXPECT_EQ(problem(certificate_kind::good), "");
}

TEST(LambdaCertificates, RootIsWrittenToTheFileThatWasNamed) {
  const std::filesystem::path file =
      std::filesystem::path(::testing::TempDir()) / "lambda_certificates_test_root.pem";
  lambda_options options;
  options.ca_file = file;
  const lambda server(std::move(options));
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text, server.ca_pem());
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace sandbox::test
