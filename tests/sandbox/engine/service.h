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

namespace sandbox::engine {

class service final : public gateway_protocol::Gateway::CallbackService {
 public:
  explicit service(core& c) : core_(c) {}

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
  grpc::ServerUnaryReactor* SetVariables(grpc::CallbackServerContext* context,
                                         const gateway_protocol::SetVariablesRequest* request,
                                         gateway_protocol::SetVariablesResponse* response) override;
  grpc::ServerUnaryReactor* ResolveIncident(
      grpc::CallbackServerContext* context, const gateway_protocol::ResolveIncidentRequest* request,
      gateway_protocol::ResolveIncidentResponse* response) override;
  grpc::ServerUnaryReactor* Topology(grpc::CallbackServerContext* context,
                                     const gateway_protocol::TopologyRequest* request,
                                     gateway_protocol::TopologyResponse* response) override;
  grpc::ServerUnaryReactor* DeployResource(
      grpc::CallbackServerContext* context, const gateway_protocol::DeployResourceRequest* request,
      gateway_protocol::DeployResourceResponse* response) override;
  grpc::ServerUnaryReactor* CreateProcessInstance(
      grpc::CallbackServerContext* context,
      const gateway_protocol::CreateProcessInstanceRequest* request,
      gateway_protocol::CreateProcessInstanceResponse* response) override;
  grpc::ServerUnaryReactor* CancelProcessInstance(
      grpc::CallbackServerContext* context,
      const gateway_protocol::CancelProcessInstanceRequest* request,
      gateway_protocol::CancelProcessInstanceResponse* response) override;

 private:
  using command = std::function<grpc::Status(core::turn&)>;
  grpc::ServerUnaryReactor* run(grpc::CallbackServerContext* context, rpc which,
                                std::int64_t job_key, std::size_t bytes, const command& apply);
  grpc::Status check_activation(const std::string& type, std::int64_t timeout,
                                const std::vector<std::string>& tenants, bool assigned,
                                activation& out) const;

  core& core_;
};

}  // namespace sandbox::engine
