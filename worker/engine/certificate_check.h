// TLS credentials of a channel whose gateway is checked by gateway_trust, and by that alone.
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>

#include "worker/engine/gateway_trust.h"

namespace worker::engine {

std::shared_ptr<grpc::ChannelCredentials> credentials_that_check(
    std::shared_ptr<const gateway_trust> trust);

}  // namespace worker::engine
