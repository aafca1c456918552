#include "worker/engine/client.h"

#include <absl/synchronization/mutex.h>
#include <grpc/grpc.h>

#include "proto/gateway.pb.h"
#include "worker/engine/library_lines.h"
#include "worker/engine/wire.h"

namespace worker::engine {

namespace pb = gateway_protocol;
using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

// How much longer than the gateway the client waits for an empty poll.
constexpr milliseconds poll_grace{10'000};

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
  // Any number may stand there; further on it is added to others.
  to.deadline = milliseconds(std::clamp<std::int64_t>(from.deadline(), 0, latest_deadline));
  to.tenant_id = std::move(*from.mutable_tenantid());
  to.kind = kind_of(from);
  to.kind_number = static_cast<int>(from.kind());
  if (to.of_listener()) {
    // Empty for a number that this version does not know.
    to.listener_event = pb::ActivatedJob::ListenerEventType_Name(from.listenereventtype());
  }
  return to;
}

template <class Request>
void fill(Request& request, activation& what) {
  request.set_type(std::move(what.type));
  request.set_worker(std::move(what.worker));
  request.set_timeout(what.timeout.count());
  for (auto& name : what.fetch_variables) request.add_fetchvariable(std::move(name));
  for (auto& id : what.tenant_ids) request.add_tenantids(std::move(id));
}

}  // namespace

client::client(boost::asio::any_io_executor loop, channel_settings settings) {
  keep_library_lines();
  // Held for the life of the process: when its last user leaves, gRPC 1.51 was seen to wait up to
  // 10 s for its own poller, which would be the end of every SIGTERM.
  static const bool held = (grpc_init(), true);
  static_cast<void>(held);
  // Debian's library looks for deadlocks in gRPC's locks as a debug build does: 2 us of every job.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  wire_ = std::make_unique<wire>(std::move(loop), std::move(settings));
}

client::~client() = default;

const answer_counts& client::answers() const { return wire_->answers(); }

std::optional<connector::boot_clock::time_point> client::unreadable_at() const {
  return wire_->unreadable_at();
}

awaitable<status> client::activate(activation what, int most, milliseconds wait, on_job take) {
  pb::ActivateJobsRequest request;
  fill(request, what);
  request.set_maxjobstoactivate(most);
  request.set_requesttimeout(wait.count());
  std::function<void(pb::ActivateJobsResponse&)> each = [&](pb::ActivateJobsResponse& batch) {
    for (auto& one : *batch.mutable_jobs()) take(to_job(one));
  };
  auto context = context_until(wait + poll_grace);
  co_return co_await wire_->stream<pb::ActivateJobsResponse>("ActivateJobs", std::move(context),
                                                             std::move(request), std::move(each));
}

awaitable<status> client::stream(activation what, on_job take) {
  pb::StreamActivatedJobsRequest request;
  fill(request, what);
  std::function<void(pb::ActivatedJob&)> each = [&](pb::ActivatedJob& one) { take(to_job(one)); };
  auto context = std::make_unique<grpc::ClientContext>();  // no deadline
  co_return co_await wire_->stream<pb::ActivatedJob>("StreamActivatedJobs", std::move(context),
                                                     std::move(request), std::move(each));
}

awaitable<status> client::complete(job_key key, std::string variables, milliseconds limit) {
  pb::CompleteJobRequest request;
  request.set_jobkey(key);
  request.set_variables(std::move(variables));
  co_return co_await wire_->command<pb::CompleteJobResponse>("CompleteJob", key, std::move(request),
                                                             limit);
}

awaitable<status> client::fail(job_key key, int retries, std::string message, milliseconds back_off,
                               std::string variables, milliseconds limit) {
  pb::FailJobRequest request;
  request.set_jobkey(key);
  request.set_retries(retries);
  request.set_errormessage(std::move(message));
  request.set_retrybackoff(back_off.count());
  request.set_variables(std::move(variables));
  co_return co_await wire_->command<pb::FailJobResponse>("FailJob", key, std::move(request), limit);
}

awaitable<status> client::throw_error(job_key key, std::string error_code, std::string message,
                                      std::string variables, milliseconds limit) {
  pb::ThrowErrorRequest request;
  request.set_jobkey(key);
  request.set_errorcode(std::move(error_code));
  request.set_errormessage(std::move(message));
  request.set_variables(std::move(variables));
  co_return co_await wire_->command<pb::ThrowErrorResponse>("ThrowError", key, std::move(request),
                                                            limit);
}

awaitable<status> client::update_timeout(job_key key, milliseconds timeout, milliseconds limit) {
  pb::UpdateJobTimeoutRequest request;
  request.set_jobkey(key);
  request.set_timeout(timeout.count());
  co_return co_await wire_->command<pb::UpdateJobTimeoutResponse>("UpdateJobTimeout", key,
                                                                  std::move(request), limit);
}

awaitable<status> client::set_variables(std::int64_t element_instance_key, std::string variables,
                                        milliseconds limit) {
  pb::SetVariablesRequest request;
  request.set_elementinstancekey(element_instance_key);
  request.set_variables(std::move(variables));
  request.set_local(true);
  co_return co_await wire_->command<pb::SetVariablesResponse>("SetVariables", element_instance_key,
                                                              std::move(request), limit);
}

awaitable<status> client::ask_topology(topology& into, milliseconds limit) {
  pb::TopologyResponse response;
  auto answer = co_await wire_->command("Topology", 0, pb::TopologyRequest(), limit, &response);
  if (answer.ok()) {
    into.gateway_version = response.gatewayversion();
    into.brokers = response.brokers_size();
    into.partitions = response.partitionscount();
    into.partitions_led = 0;
    for (const auto& broker : response.brokers()) {
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
