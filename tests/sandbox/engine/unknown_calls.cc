#include "tests/sandbox/engine/unknown_calls.h"

#include <grpcpp/grpcpp.h>

namespace sandbox::engine {
namespace {

class refusal final : public grpc::ServerGenericBidiReactor {
 public:
  explicit refusal(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::Status method_not_found(const std::string& path) {
  const bool slash = !path.empty() && path.front() == '/';
  return {grpc::StatusCode::UNIMPLEMENTED, "Method not found: " + path.substr(slash ? 1 : 0)};
}

grpc::ServerGenericBidiReactor* unknown_calls::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  return new refusal(method_not_found(context->method()));
}

}  // namespace sandbox::engine
