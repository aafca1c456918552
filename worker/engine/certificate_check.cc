#include "worker/engine/certificate_check.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <utility>

namespace worker::engine {

namespace {

namespace tls = grpc::experimental;

std::string text_of(grpc::string_ref from) { return {from.data(), from.size()}; }

// gRPC asks between the handshake and the first byte of HTTP/2, on a thread of its own.
class certificate_check final : public tls::ExternalCertificateVerifier {
 public:
  explicit certificate_check(std::shared_ptr<const gateway_trust> trust)
      : trust_(std::move(trust)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* asked,
              std::function<void(grpc::Status)> /*later*/, grpc::Status* answer) override {
    const auto why =
        trust_->why_refused(text_of(asked->peer_cert_full_chain()), text_of(asked->target_name()));
    *answer = why.empty() ? grpc::Status::OK : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, why);
    return true;  // answered
  }

  void Cancel(tls::TlsCustomVerificationCheckRequest* /*asked*/) override {}

 private:
  std::shared_ptr<const gateway_trust> trust_;
};

}  // namespace

std::shared_ptr<grpc::ChannelCredentials> credentials_that_check(
    std::shared_ptr<const gateway_trust> trust) {
  tls::TlsChannelCredentialsOptions options;
  // Without roots of its own gRPC looks for some and fails where it finds none. It checks nothing,
  // so one is enough: to read them all again costs as much as for the check itself.
  options.set_certificate_provider(
      std::make_shared<tls::StaticDataCertificateProvider>(trust->first_root()));
  options.watch_root_certs();
  // The check below is the whole of it: OpenSSL's own would end the handshake before it could be
  // said why.
  options.set_verify_server_certs(false);
  options.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<certificate_check>(std::move(trust)));
  // Every call goes to the host that was checked.
  options.set_check_call_host(false);
  return tls::TlsCredentials(options);
}

}  // namespace worker::engine
