// TLS credentials of a channel: gateway_trust alone checks the gateway's certificate. They keep
// `trust` alive. The check runs on a thread of gRPC.
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>

#include "worker/engine/gateway_trust.h"

namespace worker::engine {

std::shared_ptr<grpc::ChannelCredentials> checked_credentials(
    std::shared_ptr<const gateway_trust> trust);

}  // namespace worker::engine
