// A client that trusts the authority of the test, and servers with its certificates.
#pragma once

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {

class HttpTlsTest : public HttpTest {
 public:
  ~HttpTlsTest() override { std::filesystem::remove_all(folder_); }

 protected:
  HttpTlsTest() {
    std::string name = "/http_tls_test.XXXXXX";
    name = std::filesystem::temp_directory_path().string() + name;
    folder_ = ::mkdtemp(name.data());
    sandbox::write_file(bundle(), authority_.root_pem());
    settings_.ca_bundle = bundle();
  }

  [[nodiscard]] std::string bundle() const { return folder_ + "/root.pem"; }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }

  static script::options with(const sandbox::issued_certificate& certificate) {
    script::options how;
    how.tls = true;
    how.chain = certificate.chain;
    how.key = certificate.key;
    return how;
  }

  script::options with(sandbox::certificate_kind kind) const {
    return with(sandbox::make_certificate(authority_, kind));
  }

  static void echo(script::peer& here) {
    while (auto got = here.request()) here.answer(got->substr(got->find("\r\n\r\n") + 4));
  }

  // A send to a server with this certificate must fail in the handshake; the failure's words.
  std::string refusal(const script::options& how, const std::string& host = "localhost") {
    script::server server(echo, how);
    const auto got = send(post(server.named(host)));
    if (got) return "it was accepted";
    EXPECT_EQ(got.error().kind, failure_kind::tls) << got.error().message;
    EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
    EXPECT_THAT(got.error().message, testing::HasSubstr(host));
    return got.error().message;
  }

  sandbox::certificate_authority authority_;

 private:
  std::string folder_;
};

}  // namespace connector::http
