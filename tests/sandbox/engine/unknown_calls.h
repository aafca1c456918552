// Answers every call that the gateway's service does not have, with the words of a real gateway.
// Clients print that text, and some decide by it. Stateless; must outlive the server.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <string>

namespace sandbox::engine {

// "Method not found: gateway_protocol.Gateway/PublishMessage" for the path with a slash before it.
grpc::Status method_not_found(const std::string& path);

class unknown_calls final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;
};

}  // namespace sandbox::engine
