// Calls that the gateway's own service does not have: refused with a real gateway's text, and the
// health protocol that clients of other languages ask first.
#include <grpcpp/generic/generic_stub.h>

#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

class raw_client {
 public:
  explicit raw_client(const engine& e)
      : stub_(grpc::CreateChannel(e.address(), grpc::InsecureChannelCredentials())) {}

  // One unary call of that path; `answer` holds the message's bytes.
  grpc::Status call(const std::string& path, const std::string& bytes, std::string& answer) {
    call_context context;
    grpc::CompletionQueue queue;
    grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    auto reader = stub_.PrepareUnaryCall(&context, path, request, &queue);
    reader->StartCall();
    reader->Finish(&response, &status, this);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    std::vector<grpc::Slice> slices;
    if (response.Dump(&slices).ok()) {
      for (const auto& each : slices) answer.append(each.begin(), each.end());
    }
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) {
    }
    return status;
  }

 private:
  grpc::GenericStub stub_;
};

TEST(EngineOtherCalls, ACallThatIsNotServedIsRefusedByItsName) {
  engine e(frozen());
  raw_client c(e);
  std::string answer;
  for (const std::string call : {"gateway_protocol.Gateway/BroadcastSignal",
                                 "gateway_protocol.Gateway/DeployResource", "some.Other/Thing"}) {
    const auto status = c.call("/" + call, "", answer);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << call;
    EXPECT_EQ(status.error_message(), "Method not found: " + call);
  }
}

TEST(EngineOtherCalls, TheHealthProtocolSaysThatTheGatewayServes) {
  engine e(frozen());
  raw_client c(e);
  const std::string name = "gateway_protocol.Gateway";
  const std::string service = std::string("\x0a") + static_cast<char>(name.size()) + name;
  const std::string serving("\x08\x01", 2);  // status = 1
  for (const std::string& asked : {std::string(), service}) {
    std::string answer;
    const auto status = c.call("/grpc.health.v1.Health/Check", asked, answer);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(answer, serving);
  }
  std::string answer;
  const auto unknown = c.call("/grpc.health.v1.Health/Check", "\x0a\x05other", answer);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace sandbox::engine
