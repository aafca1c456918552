// A gRPC server on loopback that plays a script: any bytes as messages, any status, for what the
// embedded engine never answers. Scripts are set before the calls come; they may be asked on any
// thread.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace worker::engine {

struct played {
  std::vector<std::string> messages;  // the bytes of each
  grpc::Status end;
  bool never_ends = false;  // until the call is cancelled
};

// The answer of a gateway that tells nothing of itself.
inline played topology_of(const std::string& /*method*/, const std::string& /*request*/) {
  return {{""}, {}};
}

// How a call came.
struct seen_call {
  std::string method;       // "CompleteJob"
  std::string authority;    // the host that it was for
  std::string client_name;  // common name of the client's certificate; empty: there was none
  std::map<std::string, std::string> metadata;
};

class scripted_gateway {
 public:
  // `answer` is given the method, "CompleteJob", and the request's bytes.
  using answers = std::function<played(const std::string& method, const std::string& request)>;

  struct where {
    std::string host;
    int port = 0;  // 0: any
    std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  };

  explicit scripted_gateway(answers answer, grpc_compression_algorithm packed = GRPC_COMPRESS_NONE);
  scripted_gateway(answers answer, const where& listen,
                   grpc_compression_algorithm packed = GRPC_COMPRESS_NONE);
  ~scripted_gateway();
  scripted_gateway(const scripted_gateway&) = delete;
  scripted_gateway& operator=(const scripted_gateway&) = delete;

  [[nodiscard]] std::string address() const;
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::vector<seen_call> seen() const;
  // Messages that left the server, over all calls.
  [[nodiscard]] int written() const;

 private:
  class service;
  std::unique_ptr<service> service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace worker::engine
