// TLS credentials of a channel: gateway_trust alone checks the gateway's certificate. They keep
// `trust` alive. The check runs on a thread of gRPC. `shown` goes to a gateway that asks for a
// certificate.
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>
#include <optional>

#include "worker/engine/client_identity.h"
#include "worker/engine/gateway_trust.h"

namespace worker::engine {

std::shared_ptr<grpc::ChannelCredentials> checked_credentials(
    std::shared_ptr<const gateway_trust> trust, const std::optional<client_identity>& shown);

}  // namespace worker::engine
