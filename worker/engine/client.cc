#include "worker/engine/client.h"

#include <absl/synchronization/mutex.h>
#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <climits>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "proto/gateway.grpc.pb.h"
#include "worker/engine/rpc_await.h"

namespace worker::engine {

namespace pb = gateway_protocol;
using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

// A stream pushes jobs larger than the gateway's own 4 MiB limit (4.5 MiB were measured); too small
// a limit here would look like back-pressure.
constexpr int inbound_limit = 64 * 1024 * 1024;

// For an answer to a ping; then the connection counts as dead.
constexpr milliseconds ping_answer{20'000};

// How much longer than the gateway the client waits for an empty poll.
constexpr milliseconds poll_grace{10'000};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw std::runtime_error("the CA file of the gateway '" + path + "' cannot be read");
  }
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::shared_ptr<grpc::Channel> open_channel(const channel_settings& settings) {
  grpc::ChannelArguments args;
  args.SetMaxReceiveMessageSize(inbound_limit);
  args.SetMaxSendMessageSize(inbound_limit);
  // The proxy variables of the environment are AWS's; the gateway is reached directly.
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(settings.keep_alive.count()));
  // A ping is waited for no longer than until the next one would be due.
  args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
              static_cast<int>(std::min(settings.keep_alive, ping_answer).count()));
  // Gateways refuse pings without calls (permitKeepAliveWithoutCalls is false there).
  args.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
  args.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // The window of HTTP/2 stays small: grown by the probe it let a stream push 2,000 jobs before the
  // first could be refused, 40 MiB of memory and as many hand-backs.
  args.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // Despite its name the time that one attempt to connect is given, handshakes included.
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 400);
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // A tenth of the processor time of small jobs: call layers that do nothing here. Repeating a
  // command is ours to decide, gateways compress nothing, and nobody looks at channelz.
  args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  args.SetInt(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
  args.SetInt(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  args.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
  if (!settings.user_agent.empty()) args.SetUserAgentPrefix(settings.user_agent);
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (settings.tls) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = read_file(
        settings.ca_file.empty() ? "/etc/ssl/certs/ca-certificates.crt" : settings.ca_file);
    credentials = grpc::SslCredentials(options);
    if (!settings.authority_override.empty()) {
      args.SetSslTargetNameOverride(settings.authority_override);
    }
  } else {
    credentials = grpc::InsecureChannelCredentials();
  }
  return grpc::CreateCustomChannel(settings.address, credentials, args);
}

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
  to.deadline = milliseconds(from.deadline());
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

call_context context_until(milliseconds limit) {
  auto made = std::make_unique<grpc::ClientContext>();
  made->set_deadline(std::chrono::system_clock::now() + limit);
  return made;
}

// A member function of the stub that prepares one unary call.
template <class Request, class Response>
using method_of = std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (pb::Gateway::Stub::*)(
    grpc::ClientContext*, const Request&, grpc::CompletionQueue*);

}  // namespace

struct client::wire {
  wire(boost::asio::any_io_executor loop, const channel_settings& settings)
      : channel(open_channel(settings)),
        stub(pb::Gateway::NewStub(channel)),
        events(std::move(loop)) {}

  template <class Request, class Response>
  awaitable<unary_result<Response>> call(method_of<Request, Response> method, Request request,
                                         milliseconds limit) {
    auto start = [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
      return (stub.get()->*method)(context, request, queue);
    };
    co_return co_await await_unary<Response>(events, context_until(limit), start);
  }

  status noted(const char* call, const grpc::Status& from) {
    const auto what = static_cast<code>(from.error_code());
    ++answers[{call, what}];
    return {what, from.error_message()};
  }

  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<pb::Gateway::Stub> stub;
  completions events;
  answer_counts answers;
};

client::client(boost::asio::any_io_executor loop, const channel_settings& settings) {
  // Held for the life of the process: when its last user leaves, gRPC 1.51 was seen to wait up to
  // 10 s for its own poller, which would be the end of every SIGTERM.
  static const bool held = (grpc_init(), true);
  static_cast<void>(held);
  // Debian's library looks for deadlocks in gRPC's locks as a debug build does: 2 us of every job.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  wire_ = std::make_unique<wire>(std::move(loop), settings);
}

client::~client() = default;

const answer_counts& client::answers() const { return wire_->answers; }

awaitable<status> client::activate(activation what, int most, milliseconds wait, on_job take) {
  pb::ActivateJobsRequest request;
  fill(request, what);
  request.set_maxjobstoactivate(most);
  request.set_requesttimeout(wait.count());
  auto start = [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
    return wire_->stub->PrepareAsyncActivateJobs(context, request, queue);
  };
  std::function<void(pb::ActivateJobsResponse&)> each = [&](pb::ActivateJobsResponse& batch) {
    for (auto& one : *batch.mutable_jobs()) take(to_job(one));
  };
  auto context = context_until(wait + poll_grace);
  const auto done = co_await await_stream<pb::ActivateJobsResponse>(
      wire_->events, std::move(context), start, each);
  co_return wire_->noted("ActivateJobs", done);
}

awaitable<status> client::stream(activation what, on_job take) {
  pb::StreamActivatedJobsRequest request;
  fill(request, what);
  auto start = [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
    return wire_->stub->PrepareAsyncStreamActivatedJobs(context, request, queue);
  };
  std::function<void(pb::ActivatedJob&)> each = [&](pb::ActivatedJob& one) { take(to_job(one)); };
  auto context = std::make_unique<grpc::ClientContext>();  // no deadline
  const auto done =
      co_await await_stream<pb::ActivatedJob>(wire_->events, std::move(context), start, each);
  co_return wire_->noted("StreamActivatedJobs", done);
}

awaitable<status> client::complete(job_key key, std::string variables, milliseconds limit) {
  pb::CompleteJobRequest request;
  request.set_jobkey(key);
  request.set_variables(std::move(variables));
  const auto done =
      co_await wire_->call(&pb::Gateway::Stub::PrepareAsyncCompleteJob, std::move(request), limit);
  co_return wire_->noted("CompleteJob", done.status);
}

awaitable<status> client::fail(job_key key, int retries, std::string message, milliseconds back_off,
                               std::string variables, milliseconds limit) {
  pb::FailJobRequest request;
  request.set_jobkey(key);
  request.set_retries(retries);
  request.set_errormessage(std::move(message));
  request.set_retrybackoff(back_off.count());
  request.set_variables(std::move(variables));
  const auto done =
      co_await wire_->call(&pb::Gateway::Stub::PrepareAsyncFailJob, std::move(request), limit);
  co_return wire_->noted("FailJob", done.status);
}

awaitable<status> client::throw_error(job_key key, std::string error_code, std::string message,
                                      std::string variables, milliseconds limit) {
  pb::ThrowErrorRequest request;
  request.set_jobkey(key);
  request.set_errorcode(std::move(error_code));
  request.set_errormessage(std::move(message));
  request.set_variables(std::move(variables));
  const auto done =
      co_await wire_->call(&pb::Gateway::Stub::PrepareAsyncThrowError, std::move(request), limit);
  co_return wire_->noted("ThrowError", done.status);
}

awaitable<status> client::update_timeout(job_key key, milliseconds timeout, milliseconds limit) {
  pb::UpdateJobTimeoutRequest request;
  request.set_jobkey(key);
  request.set_timeout(timeout.count());
  const auto done = co_await wire_->call(&pb::Gateway::Stub::PrepareAsyncUpdateJobTimeout,
                                         std::move(request), limit);
  co_return wire_->noted("UpdateJobTimeout", done.status);
}

awaitable<status> client::set_variables(std::int64_t element_instance_key, std::string variables,
                                        milliseconds limit) {
  pb::SetVariablesRequest request;
  request.set_elementinstancekey(element_instance_key);
  request.set_variables(std::move(variables));
  request.set_local(true);
  const auto done =
      co_await wire_->call(&pb::Gateway::Stub::PrepareAsyncSetVariables, std::move(request), limit);
  co_return wire_->noted("SetVariables", done.status);
}

awaitable<status> client::ask_topology(topology& into, milliseconds limit) {
  const auto done =
      co_await wire_->call(&pb::Gateway::Stub::PrepareAsyncTopology, pb::TopologyRequest(), limit);
  if (done.status.ok()) {
    const auto& response = done.response;
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
  co_return wire_->noted("Topology", done.status);
}

}  // namespace worker::engine
