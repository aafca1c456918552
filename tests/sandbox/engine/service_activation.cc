// The half of the service that hands out jobs.
#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "tests/sandbox/engine/held.h"
#include "tests/sandbox/engine/service.h"
#include "tests/sandbox/engine/streams.h"

namespace sandbox::engine {
namespace {

namespace gw = gateway_protocol;

grpc::Status invalid(std::string text) {
  return {grpc::StatusCode::INVALID_ARGUMENT, std::move(text)};
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool is_tenant_id(std::string_view id) {
  if (id == "<default>") return true;
  return !id.empty() && id.size() <= 31 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

template <class Field>
std::vector<std::string> strings(const Field& field) {
  return {field.begin(), field.end()};
}

}  // namespace

grpc::Status service::check_activation(const std::string& type, std::int64_t timeout,
                                       const std::vector<std::string>& tenants, bool assigned,
                                       activation& out) const {
  if (blank(type)) return invalid("Expected to activate jobs with a type, but it was blank");
  if (timeout < 1) {
    return invalid("Expected to activate jobs with timeout to be greater than zero, but it was '" +
                   std::to_string(timeout) + "'");
  }
  out.type = type;
  out.lease = milliseconds(timeout);
  const options& o = core_.settings();
  if (!o.multi_tenancy) {
    for (const std::string& id : tenants) {
      if (id != "<default>") {
        return invalid("Expected no tenant identifiers but '" + id +
                       "', as multi-tenancy is disabled");
      }
    }
    out.tenants = {"<default>"};
    return grpc::Status::OK;
  }
  // The field exists since 8.9.
  if (assigned && o.speaks.minor >= 9) {
    out.tenants = o.tenants;
    return grpc::Status::OK;
  }
  if (tenants.empty()) return invalid("Expected tenant identifiers, but none were provided");
  for (const std::string& id : tenants) {
    if (!is_tenant_id(id)) return invalid("The tenant identifier '" + id + "' is not valid");
    if (std::find(o.tenants.begin(), o.tenants.end(), id) == o.tenants.end()) {
      return {grpc::StatusCode::PERMISSION_DENIED, "Not authorized for tenant '" + id + "'"};
    }
  }
  out.tenants = tenants;
  return grpc::Status::OK;
}

grpc::ServerWriteReactor<gw::ActivateJobsResponse>* service::ActivateJobs(
    grpc::CallbackServerContext* context, const gw::ActivateJobsRequest* r) {
  auto call = std::make_shared<poll_call>(core_);
  const grpc::Status wrong =
      check_activation(r->type(), r->timeout(), strings(r->tenantids()),
                       r->tenantfilter() == gw::TenantFilter::ASSIGNED, call->wanted);
  call->wanted.worker = r->worker();
  call->wanted.fetch = strings(r->fetchvariable());
  call->wanted.with_lease = r->withlease();
  call->max_jobs = r->maxjobstoactivate();
  call->timeout = milliseconds(r->requesttimeout());
  {
    core::turn t(core_);
    auto interference = core_.interfere(t, rpc::activate_jobs, 0, *context);
    // Leased to a client that will never hear of it.
    if (interference.applied && wrong.ok()) t.table().poll(call->wanted, call->max_jobs, t.now());
    if (interference.action == core::interference::kind::refuse || !wrong.ok()) {
      const auto end = wrong.ok() ? interference.status : wrong;
      t.after([call, end] { call->answer({}, end); });
    } else if (interference.action == core::interference::kind::hang) {
      auto held = std::make_shared<held_start>(call.get(), [this, call] {
        core::turn then(core_);
        core_.start_poll(then, call);
      });
      held->which = rpc::activate_jobs;
      core_.hold(t, std::move(held), interference);
    } else {
      core_.start_poll(t, call);
    }
  }
  return poll_call::release(std::move(call));
}

grpc::ServerWriteReactor<gw::ActivatedJob>* service::StreamActivatedJobs(
    grpc::CallbackServerContext* context, const gw::StreamActivatedJobsRequest* r) {
  auto call = std::make_shared<stream_call>(core_);
  const grpc::Status wrong =
      check_activation(r->type(), r->timeout(), strings(r->tenantids()),
                       r->tenantfilter() == gw::TenantFilter::ASSIGNED, call->wanted);
  call->wanted.worker = r->worker();
  call->wanted.fetch = strings(r->fetchvariable());
  call->wanted.with_lease = r->withlease();
  {
    core::turn t(core_);
    auto interference = core_.interfere(t, rpc::stream_activated_jobs, 0, *context);
    if (interference.action == core::interference::kind::refuse || !wrong.ok()) {
      const auto end = wrong.ok() ? interference.status : wrong;
      t.after([call, end] { call->close(end); });
    } else if (interference.action == core::interference::kind::hang) {
      auto held = std::make_shared<held_start>(call.get(), [this, call] {
        core::turn then(core_);
        core_.open(then, call);
      });
      held->which = rpc::stream_activated_jobs;
      core_.hold(t, std::move(held), interference);
    } else {
      core_.open(t, call);
    }
  }
  return stream_call::release(std::move(call));
}

}  // namespace sandbox::engine
