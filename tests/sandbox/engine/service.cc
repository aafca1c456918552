#include "tests/sandbox/engine/service.h"

#include <memory>
#include <utility>

#include "tests/sandbox/engine/held.h"
#include "tests/sandbox/engine/keys.h"
#include "tests/sandbox/engine/rejections.h"
#include "tests/sandbox/engine/unknown_calls.h"

namespace sandbox::engine {
namespace {
using context = grpc::CallbackServerContext;
using reactor = grpc::ServerUnaryReactor;
namespace gw = gateway_protocol;
}  // namespace

reactor* service::run(context* call, rpc which, std::int64_t job_key, std::size_t bytes,
                      const command& apply) {
  grpc::Status status;
  {
    core::turn t(core_);
    auto interference = core_.interfere(t, which, job_key, *call);
    const auto size = size_of_request(bytes, core_.settings().max_message_size);
    switch (interference.action) {
      case core::interference::kind::proceed:
        status = size.ok() ? apply(t) : size;
        break;
      case core::interference::kind::refuse:
        status = interference.status;
        if (interference.applied && size.ok()) {
          apply(t);
        } else if (which == rpc::update_job_timeout) {
          t.table().count_refused_extension(job_key);
        }
        break;
      case core::interference::kind::hang: {
        std::function<grpc::Status()> later = [this, apply, size] {
          if (!size.ok()) return size;
          core::turn then(core_);
          return apply(then);
        };
        if (interference.applied && size.ok()) later = [answer = apply(t)] { return answer; };
        auto held = std::make_shared<held_unary>(core_, std::move(later));
        held->which = which;
        core_.hold(t, held, interference);
        return held_unary::release(std::move(held));
      }
    }
  }
  reactor* done = call->DefaultReactor();
  done->Finish(status);
  return done;
}

reactor* service::CompleteJob(context* call, const gw::CompleteJobRequest* r,
                              gw::CompleteJobResponse*) {
  return run(call, rpc::complete_job, r->jobkey(), r->ByteSizeLong(),
             [r](core::turn& t) { return t.table().complete(*r, t.now()); });
}

reactor* service::FailJob(context* call, const gw::FailJobRequest* r, gw::FailJobResponse*) {
  return run(call, rpc::fail_job, r->jobkey(), r->ByteSizeLong(),
             [r](core::turn& t) { return t.table().fail(*r, t.now()); });
}

reactor* service::ThrowError(context* call, const gw::ThrowErrorRequest* r,
                             gw::ThrowErrorResponse*) {
  return run(call, rpc::throw_error, r->jobkey(), r->ByteSizeLong(),
             [r](core::turn& t) { return t.table().throw_error(*r, t.now()); });
}

reactor* service::UpdateJobTimeout(context* call, const gw::UpdateJobTimeoutRequest* r,
                                   gw::UpdateJobTimeoutResponse*) {
  return run(call, rpc::update_job_timeout, r->jobkey(), r->ByteSizeLong(),
             [r](core::turn& t) { return t.table().update_timeout(*r, t.now()); });
}

reactor* service::UpdateJobRetries(context* call, const gw::UpdateJobRetriesRequest* r,
                                   gw::UpdateJobRetriesResponse*) {
  return run(call, rpc::update_job_retries, r->jobkey(), r->ByteSizeLong(),
             [r](core::turn& t) { return t.table().update_retries(*r); });
}

reactor* service::UpdateJobPriority(context* call, const gw::UpdateJobPriorityRequest* r,
                                    gw::UpdateJobPriorityResponse*) {
  if (core_.settings().speaks.minor < 10) {
    reactor* done = call->DefaultReactor();
    done->Finish(method_not_found("gateway_protocol.Gateway/UpdateJobPriority"));
    return done;
  }
  return run(call, rpc::update_job_priority, r->jobkey(), r->ByteSizeLong(),
             [r](core::turn& t) { return t.table().update_priority(*r); });
}

reactor* service::SetVariables(context* call, const gw::SetVariablesRequest* r,
                               gw::SetVariablesResponse* response) {
  if (has_parent()) {
    return forward(call, rpc::set_variables, "SetVariables", *r, response,
                   refusal_of(r->variables(), "UPDATE"));
  }
  return run(call, rpc::set_variables, job_of_element(r->elementinstancekey()), r->ByteSizeLong(),
             [r, response](core::turn& t) {
               response->set_key(r->elementinstancekey());
               return t.table().set_variables(*r);
             });
}

reactor* service::ResolveIncident(context* call, const gw::ResolveIncidentRequest* r,
                                  gw::ResolveIncidentResponse* response) {
  if (has_parent()) {
    bool of_a_job = false;
    {
      std::lock_guard lock(core_.mutex());
      of_a_job = core_.table().has_incident(r->incidentkey());
    }
    if (!of_a_job) return forward(call, rpc::resolve_incident, "ResolveIncident", *r, response);
  }
  return run(call, rpc::resolve_incident, 0, r->ByteSizeLong(),
             [r](core::turn& t) { return t.table().resolve_incident(r->incidentkey()); });
}

reactor* service::Topology(context* call, const gw::TopologyRequest* r,
                           gw::TopologyResponse* response) {
  return run(call, rpc::topology, 0, r->ByteSizeLong(), [this, response](core::turn&) {
    const options& o = core_.settings();
    response->set_clustersize(1);
    response->set_partitionscount(o.partitions);
    response->set_replicationfactor(1);
    response->set_gatewayversion(o.gateway_version);
    response->set_clusterid(o.cluster_id);
    auto* broker = response->add_brokers();
    broker->set_host("127.0.0.1");
    broker->set_version(o.gateway_version);
    for (int p = 1; p <= o.partitions; ++p) {
      auto* partition = broker->add_partitions();
      partition->set_partitionid(p);
      partition->set_role(core_.quorum() ? gw::Partition::LEADER : gw::Partition::FOLLOWER);
      partition->set_health(gw::Partition::HEALTHY);
    }
    return grpc::Status::OK;
  });
}

reactor* service::CreateProcessInstance(context* call, const gw::CreateProcessInstanceRequest* r,
                                        gw::CreateProcessInstanceResponse* response) {
  if (has_parent()) {
    return forward(call, rpc::create_process_instance, "CreateProcessInstance", *r, response,
                   refusal_of(r->variables(), "CREATE"));
  }
  return run(call, rpc::create_process_instance, 0, r->ByteSizeLong(),
             [this, r, response](core::turn& t) -> grpc::Status {
               const document doc = read_document(r->variables());
               if (auto status = unreadable(doc); !status.ok()) return status;
               auto known = core_.processes().find(r->bpmnprocessid());
               if (known == core_.processes().end()) {
                 return rejected(grpc::StatusCode::NOT_FOUND, "CREATE", "NOT_FOUND",
                                 "Expected to find process definition with process ID '" +
                                     r->bpmnprocessid() + "', but none found");
               }
               if (r->variables().size() > core_.settings().max_message_size / 2) {
                 return record_too_large("CREATE");
               }
               job_spec spec = known->second->spec;
               if (!doc.members.empty()) spec.process_variables = r->variables();
               const auto key =
                   t.table().create(std::make_shared<prepared_spec>(std::move(spec)), t.now());
               response->set_processinstancekey(process_of_job(key));
               response->set_bpmnprocessid(r->bpmnprocessid());
               response->set_processdefinitionkey(definition_key);
               response->set_version(1);
               response->set_tenantid(known->second->spec.tenant_id);
               return grpc::Status::OK;
             });
}

reactor* service::CancelProcessInstance(context* call, const gw::CancelProcessInstanceRequest* r,
                                        gw::CancelProcessInstanceResponse* response) {
  if (has_parent()) {
    return forward(call, rpc::cancel_process_instance, "CancelProcessInstance", *r, response);
  }
  return run(call, rpc::cancel_process_instance, 0, r->ByteSizeLong(),
             [r](core::turn& t) { return t.table().cancel(r->processinstancekey(), t.now()); });
}

}  // namespace sandbox::engine
