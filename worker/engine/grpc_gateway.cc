#include "worker/engine/grpc_gateway.h"

#include <algorithm>
#include <utility>

#include "connector/base/log.h"
#include "connector/base/unseen.h"
#include "connector/base/utf8.h"
#include "proto/gateway.pb.h"
#include "worker/engine/grpc_calls.h"
#include "worker/engine/library_start.h"
#include "worker/engine/request_bytes.h"

namespace worker::engine {

namespace pb = gateway_protocol;
using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

job_kind kind_of(const pb::ActivatedJob& from) {
  switch (from.kind()) {
    case pb::ActivatedJob::BPMN_ELEMENT:
      return job_kind::bpmn_element;
    case pb::ActivatedJob::EXECUTION_LISTENER:
      return job_kind::execution_listener;
    case pb::ActivatedJob::TASK_LISTENER:
      return job_kind::task_listener;
    case pb::ActivatedJob::AD_HOC_SUB_PROCESS:
      return job_kind::ad_hoc_sub_process;
    default:
      return job_kind::unknown;
  }
}

// The token goes back as it came, so it is taken whole; tags and ids are for people and functions.
constexpr int most_tags = 32;
constexpr std::size_t longest_tag = 256;

std::string shortened(std::string text) {
  return text.size() <= longest_tag ? text : std::string(connector::cut_utf8(text, longest_tag));
}

void add_marks(job& to, pb::ActivatedJob& from) {
  for (auto& tag : *from.mutable_tags()) {
    if (to.tags.size() == most_tags) break;
    to.tags.push_back(shortened(std::move(tag)));
  }
  to.business_id = shortened(std::move(*from.mutable_businessid()));
  to.priority = from.priority();
  to.physical_tenant = shortened(std::move(*from.mutable_physicaltenantid()));
}

template <class Request>
grpc::ByteBuffer with_variables(const Request& rest, const shared_text& variables) {
  return request_bytes(rest, Request::kVariablesFieldNumber, variables);
}

// Commands of a job without a token carry none.
template <class Request>
void name_job(Request& request, job_ref& job) {
  request.set_jobkey(job.key);
  if (!job.lease_token.empty()) request.set_jobleasetoken(std::move(job.lease_token));
}

constexpr std::int64_t latest_deadline = 100'000'000'000'000;  // ms: the year 5138

job to_job(pb::ActivatedJob& from) {
  job to;
  to.key = from.key();
  to.type = std::move(*from.mutable_type());
  to.process_instance_key = from.processinstancekey();
  to.bpmn_process_id = std::move(*from.mutable_bpmnprocessid());
  to.element_id = std::move(*from.mutable_elementid());
  to.element_instance_key = from.elementinstancekey();
  to.headers = std::move(*from.mutable_customheaders());
  to.variables = std::move(*from.mutable_variables());
  to.retries = from.retries();
  // The number comes from outside, and is added to others later.
  to.deadline = milliseconds(std::clamp<std::int64_t>(from.deadline(), 0, latest_deadline));
  to.tenant_id = std::move(*from.mutable_tenantid());
  to.kind = kind_of(from);
  to.kind_number = static_cast<int>(from.kind());
  if (to.of_listener()) {
    // Empty for a number that this version does not know.
    to.listener_event = pb::ActivatedJob::ListenerEventType_Name(from.listenereventtype());
  }
  to.lease_token = std::move(*from.mutable_jobleasetoken());
  add_marks(to, from);
  return to;
}

// A gateway gives jobs of the type that it was asked for. Bytes that are no job may parse as one
// without a key.
bool is_of(const pb::ActivatedJob& one, const std::string& type) {
  return one.key() > 0 && (one.type().empty() || one.type() == type);
}

status not_asked_for() {
  return {status_code::internal,
          "the gateway gave a job without a key, or of another type than asked",
          response_defect::unreadable};
}

template <class Request>
void fill(Request& request, activation& from) {
  request.set_type(std::move(from.type));
  request.set_worker(std::move(from.worker));
  request.set_timeout(from.timeout.count());
  for (auto& name : from.fetch_variables) request.add_fetchvariable(std::move(name));
  for (auto& id : from.tenant_ids) request.add_tenantids(std::move(id));
  request.set_withlease(from.with_lease);
}

}  // namespace

grpc_gateway::grpc_gateway(boost::asio::any_io_executor loop, channel_settings settings,
                           login* by) {
  start_grpc();
  calls_ = std::make_unique<grpc_calls>(std::move(loop), std::move(settings), by);
}

grpc_gateway::~grpc_gateway() = default;

const call_counts& grpc_gateway::calls() const { return calls_->calls(); }

std::optional<connector::boot_clock::time_point> grpc_gateway::unreadable_at() const {
  return calls_->unreadable_at();
}

awaitable<status> grpc_gateway::activate(activation request, int max_jobs, milliseconds wait,
                                         on_job take) {
  pb::ActivateJobsRequest asked;
  fill(asked, request);
  asked.set_maxjobstoactivate(max_jobs);
  asked.set_requesttimeout(wait.count());
  const std::string type = asked.type();
  bool strange = false;
  std::function<void(pb::ActivateJobsResponse&)> each = [&](pb::ActivateJobsResponse& batch) {
    for (auto& one : *batch.mutable_jobs()) {
      if (is_of(one, type)) {
        take(to_job(one));
      } else {
        strange = true;
      }
    }
  };
  auto ended = co_await calls_->stream<pb::ActivateJobsResponse>("ActivateJobs", wait + poll_grace,
                                                                 std::move(asked), std::move(each));
  co_return strange ? not_asked_for() : std::move(ended);
}

awaitable<status> grpc_gateway::stream(activation request, on_job take, read_switch& reading) {
  pb::StreamActivatedJobsRequest asked;
  fill(asked, request);
  const std::string type = asked.type();
  bool told = false;
  std::function<void(pb::ActivatedJob&)> each = [&](pb::ActivatedJob& one) {
    if (is_of(one, type)) return take(to_job(one));
    if (!std::exchange(told, true)) {
      connector::log::warning(not_asked_for().message, {{"type", type}});
    }
  };
  co_return co_await calls_->stream<pb::ActivatedJob>("StreamActivatedJobs", std::nullopt,
                                                      std::move(asked), std::move(each), &reading);
}

awaitable<status> grpc_gateway::complete(job_ref job, shared_text variables, milliseconds limit) {
  pb::CompleteJobRequest request;
  const auto key = job.key;
  name_job(request, job);
  return calls_->command<pb::CompleteJobResponse>("CompleteJob", key,
                                                  with_variables(request, variables), limit);
}

awaitable<status> grpc_gateway::fail(job_ref job, int retries, std::string message,
                                     milliseconds back_off, shared_text variables,
                                     milliseconds limit) {
  pb::FailJobRequest request;
  const auto key = job.key;
  name_job(request, job);
  request.set_retries(retries);
  request.set_errormessage(std::move(message));
  request.set_retrybackoff(back_off.count());
  return calls_->command<pb::FailJobResponse>("FailJob", key, with_variables(request, variables),
                                              limit);
}

awaitable<status> grpc_gateway::throw_error(job_ref job, std::string error_code,
                                            std::string message, shared_text variables,
                                            milliseconds limit) {
  pb::ThrowErrorRequest request;
  const auto key = job.key;
  name_job(request, job);
  request.set_errorcode(std::move(error_code));
  request.set_errormessage(std::move(message));
  return calls_->command<pb::ThrowErrorResponse>("ThrowError", key,
                                                 with_variables(request, variables), limit);
}

awaitable<status> grpc_gateway::update_timeout(job_ref job, milliseconds timeout,
                                               milliseconds limit) {
  pb::UpdateJobTimeoutRequest request;
  const auto key = job.key;
  name_job(request, job);
  request.set_timeout(timeout.count());
  return calls_->command<pb::UpdateJobTimeoutResponse>("UpdateJobTimeout", key, std::move(request),
                                                       limit);
}

awaitable<status> grpc_gateway::set_variables(std::int64_t element_instance_key,
                                              std::string variables, milliseconds limit) {
  pb::SetVariablesRequest request;
  request.set_elementinstancekey(element_instance_key);
  request.set_local(true);
  return calls_->command<pb::SetVariablesResponse>(
      "SetVariables", element_instance_key, with_variables(request, shared(std::move(variables))),
      limit);
}

awaitable<status> grpc_gateway::ask_topology(topology& into, milliseconds limit) {
  pb::TopologyResponse response;
  auto answer = co_await calls_->command("Topology", 0, pb::TopologyRequest(), limit, &response);
  if (answer.ok()) {
    // For people: a log line, and a terminal.
    into.gateway_version = connector::escaped_unseen(shortened(response.gatewayversion()));
    into.cluster_id = response.clusterid();
    into.brokers = response.brokers_size();
    into.partitions = response.partitionscount();
    into.partitions_led = 0;
    into.broker_versions.clear();
    for (const auto& broker : response.brokers()) {
      into.broker_versions.push_back(broker.version());
      for (const auto& partition : broker.partitions()) {
        into.partitions_led += partition.role() == pb::Partition::LEADER &&
                                       partition.health() == pb::Partition::HEALTHY
                                   ? 1
                                   : 0;
      }
    }
  }
  co_return answer;
}

}  // namespace worker::engine
