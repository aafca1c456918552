// The half of the service that a parent answers (parent.h).
#include <google/protobuf/util/json_util.h>

#include <memory>
#include <utility>

#include "tests/sandbox/engine/rejections.h"
#include "tests/sandbox/engine/service.h"
#include "tests/sandbox/engine/unknown_calls.h"

namespace sandbox::engine {
namespace {

using context = grpc::CallbackServerContext;
using reactor = grpc::ServerUnaryReactor;
namespace gw = gateway_protocol;

}  // namespace

reactor* service::forward(context* call, rpc which, std::string_view name,
                          const google::protobuf::Message& request,
                          google::protobuf::Message* response, const grpc::Status& wrong) {
  grpc::Status refused = size_of_request(request.ByteSizeLong(), core_.settings().max_message_size);
  if (refused.ok()) {
    refused =
        has_parent() ? wrong : method_not_found("gateway_protocol.Gateway/" + std::string(name));
  }
  std::string text;
  if (refused.ok()) {
    const auto written = google::protobuf::util::MessageToJsonString(request, &text);
    if (!written.ok()) refused = {grpc::StatusCode::INTERNAL, std::string(written.message())};
  }
  core::turn t(core_);
  const auto interference = core_.interfere(t, which, 0, *call);
  const bool lost = interference.action == core::interference::kind::refuse;
  if (!refused.ok() || lost) {
    // Carried out, only its answer is lost: nothing waits for what the parent says.
    if (refused.ok() && interference.applied)
      core_.settings().parent->asked(0, name, std::move(text));
    reactor* done = call->DefaultReactor();
    const auto end = lost ? interference.status : refused;
    t.after([done, end] { done->Finish(end); });
    return done;
  }
  auto waiting =
      std::make_shared<forwarded_call>(core_, forwarded_, name, std::move(text), response);
  waiting->which = which;
  forwarded_call* raw = forwarded_call::release(waiting);
  if (interference.action == core::interference::kind::hang) {
    core_.hold(t, std::move(waiting), interference);
  } else {
    raw->begin();
  }
  return raw;
}

bool service::answer(std::uint64_t call, const grpc::Status& status,
                     const std::string& response_json) {
  const auto waiting = forwarded_.take(call);
  if (!waiting) return false;
  waiting->answer(status, response_json);
  return true;
}

grpc::Status service::refusal_of(const std::string& variables, std::string_view intent) const {
  const grpc::Status status = unreadable(read_document(variables));
  if (!status.ok() || variables.size() <= core_.settings().max_message_size / 2) return status;
  return record_too_large(intent);
}

reactor* service::DeployResource(context* call, const gw::DeployResourceRequest* r,
                                 gw::DeployResourceResponse* response) {
  return forward(call, rpc::deploy_resource, "DeployResource", *r, response);
}

reactor* service::CreateProcessInstanceWithResult(
    context* call, const gw::CreateProcessInstanceWithResultRequest* r,
    gw::CreateProcessInstanceWithResultResponse* response) {
  return forward(call, rpc::create_process_instance_with_result, "CreateProcessInstanceWithResult",
                 *r, response, refusal_of(r->request().variables(), "CREATE"));
}

reactor* service::PublishMessage(context* call, const gw::PublishMessageRequest* r,
                                 gw::PublishMessageResponse* response) {
  return forward(call, rpc::publish_message, "PublishMessage", *r, response,
                 refusal_of(r->variables(), "PUBLISH"));
}

}  // namespace sandbox::engine
