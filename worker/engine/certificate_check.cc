#include "worker/engine/certificate_check.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <utility>
#include <vector>

namespace worker::engine {

namespace {

namespace tls = grpc::experimental;

std::string text_of(grpc::string_ref from) { return {from.data(), from.size()}; }

// gRPC calls Verify between the handshake and the first byte of HTTP/2, on a thread of its own.
class certificate_check final : public tls::ExternalCertificateVerifier {
 public:
  explicit certificate_check(std::shared_ptr<const gateway_trust> trust)
      : trust_(std::move(trust)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)> /*later*/, grpc::Status* answer) override {
    const auto reason = trust_->why_refused(text_of(request->peer_cert_full_chain()),
                                            text_of(request->target_name()));
    *answer =
        reason.empty() ? grpc::Status::OK : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, reason);
    return true;  // *answer holds the decision already
  }

  void Cancel(tls::TlsCustomVerificationCheckRequest* /*request*/) override {}

 private:
  std::shared_ptr<const gateway_trust> trust_;
};

}  // namespace

std::shared_ptr<grpc::ChannelCredentials> checked_credentials(
    std::shared_ptr<const gateway_trust> trust, const std::optional<client_identity>& shown) {
  tls::TlsChannelCredentialsOptions options;
  std::vector<tls::IdentityKeyCertPair> identity;
  if (shown) identity.push_back({std::string(shown->key.reveal()), shown->chain});
  // gRPC checks nothing with these roots, but without any it looks for some and fails when it finds
  // none. One is enough: to read all of them again would cost as much as the check itself.
  options.set_certificate_provider(
      std::make_shared<tls::StaticDataCertificateProvider>(trust->first_root(), identity));
  options.watch_root_certs();
  if (shown) options.watch_identity_key_cert_pairs();
  // certificate_check does the whole check: OpenSSL's own would end the handshake without a reason
  // that a person can act on.
  options.set_verify_server_certs(false);
  options.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<certificate_check>(std::move(trust)));
  // The check above covers it: every call goes to the host that was checked.
  options.set_check_call_host(false);
  return tls::TlsCredentials(options);
}

}  // namespace worker::engine
