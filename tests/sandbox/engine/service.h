// The gateway as gRPC sees it: checks a request as a gateway does, lets the faults in force have
// their way, and gives the rest to the core. Stateless beside the core, which must outlive it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "proto/gateway.grpc.pb.h"
#include "tests/sandbox/engine/core.h"
#include "tests/sandbox/engine/forwarded.h"

namespace sandbox::engine {

class service final : public gateway_protocol::Gateway::CallbackService {
 public:
  explicit service(core& c) : core_(c) {}

  // Of the parent, for a call that was forwarded. False: no such call waits.
  bool answer(std::uint64_t call, const grpc::Status& status, const std::string& response_json);

  grpc::ServerWriteReactor<gateway_protocol::ActivateJobsResponse>* ActivateJobs(
      grpc::CallbackServerContext* context,
      const gateway_protocol::ActivateJobsRequest* request) override;
  grpc::ServerWriteReactor<gateway_protocol::ActivatedJob>* StreamActivatedJobs(
      grpc::CallbackServerContext* context,
      const gateway_protocol::StreamActivatedJobsRequest* request) override;

  grpc::ServerUnaryReactor* CompleteJob(grpc::CallbackServerContext* context,
                                        const gateway_protocol::CompleteJobRequest* request,
                                        gateway_protocol::CompleteJobResponse* response) override;
  grpc::ServerUnaryReactor* FailJob(grpc::CallbackServerContext* context,
                                    const gateway_protocol::FailJobRequest* request,
                                    gateway_protocol::FailJobResponse* response) override;
  grpc::ServerUnaryReactor* ThrowError(grpc::CallbackServerContext* context,
                                       const gateway_protocol::ThrowErrorRequest* request,
                                       gateway_protocol::ThrowErrorResponse* response) override;
  grpc::ServerUnaryReactor* UpdateJobTimeout(
      grpc::CallbackServerContext* context,
      const gateway_protocol::UpdateJobTimeoutRequest* request,
      gateway_protocol::UpdateJobTimeoutResponse* response) override;
  grpc::ServerUnaryReactor* UpdateJobRetries(
      grpc::CallbackServerContext* context,
      const gateway_protocol::UpdateJobRetriesRequest* request,
      gateway_protocol::UpdateJobRetriesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateJobPriority(
      grpc::CallbackServerContext* context,
      const gateway_protocol::UpdateJobPriorityRequest* request,
      gateway_protocol::UpdateJobPriorityResponse* response) override;
  grpc::ServerUnaryReactor* SetVariables(grpc::CallbackServerContext* context,
                                         const gateway_protocol::SetVariablesRequest* request,
                                         gateway_protocol::SetVariablesResponse* response) override;
  grpc::ServerUnaryReactor* ResolveIncident(
      grpc::CallbackServerContext* context, const gateway_protocol::ResolveIncidentRequest* request,
      gateway_protocol::ResolveIncidentResponse* response) override;
  grpc::ServerUnaryReactor* Topology(grpc::CallbackServerContext* context,
                                     const gateway_protocol::TopologyRequest* request,
                                     gateway_protocol::TopologyResponse* response) override;
  grpc::ServerUnaryReactor* CreateProcessInstance(
      grpc::CallbackServerContext* context,
      const gateway_protocol::CreateProcessInstanceRequest* request,
      gateway_protocol::CreateProcessInstanceResponse* response) override;
  grpc::ServerUnaryReactor* CancelProcessInstance(
      grpc::CallbackServerContext* context,
      const gateway_protocol::CancelProcessInstanceRequest* request,
      gateway_protocol::CancelProcessInstanceResponse* response) override;
  grpc::ServerUnaryReactor* DeployResource(
      grpc::CallbackServerContext* context, const gateway_protocol::DeployResourceRequest* request,
      gateway_protocol::DeployResourceResponse* response) override;
  grpc::ServerUnaryReactor* CreateProcessInstanceWithResult(
      grpc::CallbackServerContext* context,
      const gateway_protocol::CreateProcessInstanceWithResultRequest* request,
      gateway_protocol::CreateProcessInstanceWithResultResponse* response) override;
  grpc::ServerUnaryReactor* PublishMessage(
      grpc::CallbackServerContext* context, const gateway_protocol::PublishMessageRequest* request,
      gateway_protocol::PublishMessageResponse* response) override;

 private:
  using command = std::function<grpc::Status(core::turn&)>;
  grpc::ServerUnaryReactor* run(grpc::CallbackServerContext* context, rpc which,
                                std::int64_t job_key, std::size_t bytes, const command& apply);
  // To the parent, unless the faults in force or `wrong` say otherwise.
  grpc::ServerUnaryReactor* forward(grpc::CallbackServerContext* context, rpc which,
                                    std::string_view name, const google::protobuf::Message& request,
                                    google::protobuf::Message* response,
                                    const grpc::Status& wrong = grpc::Status::OK);
  bool has_parent() const { return core_.settings().parent != nullptr; }
  // The reasons to refuse variables before the command is looked at; OK without one.
  grpc::Status refusal_of(const std::string& variables, std::string_view intent) const;
  grpc::Status check_activation(const std::string& type, std::int64_t timeout,
                                const std::vector<std::string>& tenants, bool assigned,
                                activation& out) const;

  core& core_;
  forwarded_book forwarded_;
};

}  // namespace sandbox::engine
