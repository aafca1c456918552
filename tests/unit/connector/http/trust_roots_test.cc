// Where the roots of TLS come from, on machines of several kinds.
#include "connector/http/trust_roots.h"

#include <gmock/gmock.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include <map>

#include "connector/http/tls.h"
#include "tests/sandbox/lambda/certificates.h"

namespace connector::http {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A machine of its own below a temporary folder.
class TrustRoots : public testing::Test {
 public:
  ~TrustRoots() override { fs::remove_all(root_); }

 protected:
  TrustRoots() {
    std::string name = (fs::temp_directory_path() / "trust_roots_test.XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    asked_.root = root_;
    asked_.environment = [this](const char* variable) { return environment_[variable]; };
  }

  std::string put(const std::string& path, const std::string& text) {
    const fs::path where = root_ / path;
    fs::create_directories(where.parent_path());
    sandbox::write_file(where, text);
    return where;
  }

  trust_roots find() { return system_trust_roots(asked_); }

  fs::path root_;
  std::map<std::string, std::string> environment_;
  trust_question asked_;
  sandbox::certificate_authority authority_;
  const std::string root_pem_ = authority_.root_pem();
};

TEST_F(TrustRoots, EveryDistributionsBundleIsFound) {
  for (const char* path :
       {"etc/ssl/certs/ca-certificates.crt", "etc/pki/tls/certs/ca-bundle.crt",
        "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "etc/ssl/ca-bundle.pem",
        "var/lib/ca-certificates/ca-bundle.pem", "etc/pki/tls/cacert.pem", "etc/ssl/cert.pem"}) {
    const std::string file = put(path, root_pem_);
    const trust_roots found = find();
    EXPECT_EQ(found.file, file);
    EXPECT_EQ(found.source, "the system's bundle " + file);
    EXPECT_EQ(found.issue, "");
    EXPECT_EQ(read_trust_roots(found).text, root_pem_);
    fs::remove(file);
  }
}

TEST_F(TrustRoots, AFolderOfHashedNamesIsPreferredToTheBundle) {
  put("etc/ssl/certs/ca-certificates.crt", "not this one");
  put("etc/ssl/certs/0123abcd.0", root_pem_);
  const trust_roots found = find();
  EXPECT_EQ(found.file, "");
  EXPECT_THAT(found.folders, ElementsAre((root_ / "etc/ssl/certs").string()));
  EXPECT_EQ(read_trust_roots(found).text, root_pem_);
}

TEST_F(TrustRoots, TheEnvironmentTakesThePlaceOfOneAndTheOtherStays) {
  const std::string own = put("own.pem", root_pem_);
  const std::string other = sandbox::certificate_authority("Other").root_pem();
  put("etc/ssl/certs/0123abcd.0", other);
  put("etc/ssl/certs/ca-certificates.crt", other);
  environment_["SSL_CERT_FILE"] = own;
  trust_roots found = find();
  EXPECT_EQ(found.file, own);
  EXPECT_THAT(found.source, AllOf(HasSubstr("SSL_CERT_FILE (" + own + ")"), HasSubstr("folder")));
  EXPECT_THAT(read_trust_roots(found).text, AllOf(HasSubstr(root_pem_), HasSubstr(other)));

  environment_["SSL_CERT_DIR"] = (root_ / "empty").string() + ":" + (root_ / "nowhere").string();
  fs::create_directories(root_ / "empty");
  found = find();
  EXPECT_THAT(found.folders, ElementsAre((root_ / "empty").string()));
  EXPECT_THAT(found.issue, AllOf(HasSubstr("hashed name"), HasSubstr("nowhere")));
  EXPECT_EQ(read_trust_roots(found).text, root_pem_);
}

TEST_F(TrustRoots, AFileThatIsNotThereIsSaidAndNotReplacedInSilence) {
  put("etc/ssl/certs/ca-certificates.crt", root_pem_);
  environment_["SSL_CERT_FILE"] = "/nowhere/roots.pem";
  const trust_roots found = find();
  EXPECT_EQ(found.file, "");
  EXPECT_THAT(found.issue, HasSubstr("SSL_CERT_FILE names /nowhere/roots.pem, which is no file"));
  EXPECT_THAT(read_trust_roots(found).text, IsEmpty());
  EXPECT_THAT(read_trust_roots(found).issue, HasSubstr("/nowhere/roots.pem"));
}

TEST_F(TrustRoots, AMachineWithoutRootsSaysWhatToDo) {
  const trust_roots found = find();
  EXPECT_THAT(found.source, IsEmpty());
  EXPECT_THAT(found.issue, HasSubstr("ca-certificates"));
  EXPECT_THAT(read_trust_roots(found).issue, HasSubstr("ca-certificates"));
}

TEST_F(TrustRoots, OnlyCertificatesAreTakenAndEachOnce) {
  const auto leaf = authority_.issue();
  put("etc/ssl/cert.pem", "# comment\n" + leaf.key + root_pem_ + "text between\n" + root_pem_);
  const auto read = read_trust_roots(find());
  EXPECT_EQ(read.text, root_pem_);
  EXPECT_EQ(read.issue, "");
  put("etc/ssl/cert.pem", leaf.key);
  EXPECT_THAT(read_trust_roots(find()).text, IsEmpty());
  EXPECT_THAT(read_trust_roots(find()).issue, HasSubstr("has no certificate"));
}

TEST_F(TrustRoots, ThisMachinesRootsAreFound) {
  const trust_roots found = system_trust_roots();
  EXPECT_THAT(found.source, Not(IsEmpty()));
  EXPECT_THAT(read_trust_roots(found).text, HasSubstr("-----BEGIN CERTIFICATE-----"));
}

}  // namespace
}  // namespace connector::http
