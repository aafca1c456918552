// A plain gateway client for the tests of the embedded engine: every call blocks, at most ten
// seconds. Made for one engine, which must outlive it. One thread.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "proto/gateway.grpc.pb.h"
#include "tests/sandbox/engine/engine.h"

namespace sandbox::engine {

namespace gw = gateway_protocol;
using namespace std::chrono_literals;

inline constexpr milliseconds patience = 10s;

// A key as messages write it.
inline std::string number(std::int64_t key) { return std::to_string(key); }

// Leases are looked at often, so that nothing waits for a second of real time.
inline options quick() {
  options o;
  o.expiry_interval = 20ms;
  return o;
}

// Leases move only when advance() says so.
inline options frozen() {
  options o;
  o.expiry_interval = 1h;
  return o;
}

struct call_context : grpc::ClientContext {
  explicit call_context(milliseconds timeout = patience) {
    set_deadline(std::chrono::system_clock::now() + timeout);
  }
};

class client {
 public:
  explicit client(const engine& e, const std::shared_ptr<grpc::ChannelCredentials>& credentials =
                                       grpc::InsecureChannelCredentials())
      : client(e.address(), credentials) {}
  explicit client(const std::string& address,
                  const std::shared_ptr<grpc::ChannelCredentials>& credentials =
                      grpc::InsecureChannelCredentials()) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetMaxSendMessageSize(-1);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 50);
    stub_ = gw::Gateway::NewStub(grpc::CreateCustomChannel(address, credentials, arguments));
  }

  gw::Gateway::Stub& stub() { return *stub_; }

  struct polled {
    grpc::Status status;
    std::vector<gw::ActivateJobsResponse> messages;
    std::vector<gw::ActivatedJob> jobs;
  };
  static gw::ActivateJobsRequest poll_request(int max_jobs = 10, milliseconds wait = -1ms) {
    gw::ActivateJobsRequest r;
    r.set_type("lambdaConnector.INVOKE");
    r.set_worker("tester");
    r.set_timeout(60000);
    r.set_maxjobstoactivate(max_jobs);
    r.set_requesttimeout(wait.count());
    return r;
  }
  polled poll(const gw::ActivateJobsRequest& r) {
    polled out;
    call_context context;
    auto reader = stub_->ActivateJobs(&context, r);
    gw::ActivateJobsResponse message;
    while (reader->Read(&message)) {
      out.jobs.insert(out.jobs.end(), message.jobs().begin(), message.jobs().end());
      out.messages.push_back(message);
    }
    out.status = reader->Finish();
    return out;
  }
  polled poll(int max_jobs = 10, milliseconds wait = -1ms) {
    return poll(poll_request(max_jobs, wait));
  }
  // The one job there is.
  gw::ActivatedJob take() {
    auto got = poll(1);
    EXPECT_TRUE(got.status.ok()) << got.status.error_message();
    if (got.jobs.size() == 1) return got.jobs[0];
    ADD_FAILURE() << "no job";
    return {};
  }

  grpc::Status complete(std::int64_t key, const std::string& variables = "",
                        milliseconds timeout = patience) {
    gw::CompleteJobRequest r;
    r.set_jobkey(key);
    r.set_variables(variables);
    call_context context(timeout);
    gw::CompleteJobResponse response;
    return stub_->CompleteJob(&context, r, &response);
  }
  grpc::Status fail(std::int64_t key, int retries, milliseconds back_off = 0ms,
                    const std::string& message = "", const std::string& variables = "") {
    gw::FailJobRequest r;
    r.set_jobkey(key);
    r.set_retries(retries);
    r.set_retrybackoff(back_off.count());
    r.set_errormessage(message);
    r.set_variables(variables);
    call_context context;
    gw::FailJobResponse response;
    return stub_->FailJob(&context, r, &response);
  }
  grpc::Status throw_error(std::int64_t key, const std::string& code,
                           const std::string& message = "", const std::string& variables = "") {
    gw::ThrowErrorRequest r;
    r.set_jobkey(key);
    r.set_errorcode(code);
    r.set_errormessage(message);
    r.set_variables(variables);
    call_context context;
    gw::ThrowErrorResponse response;
    return stub_->ThrowError(&context, r, &response);
  }
  grpc::Status extend(std::int64_t key, milliseconds timeout) {
    gw::UpdateJobTimeoutRequest r;
    r.set_jobkey(key);
    r.set_timeout(timeout.count());
    call_context context;
    gw::UpdateJobTimeoutResponse response;
    return stub_->UpdateJobTimeout(&context, r, &response);
  }
  grpc::Status set_retries(std::int64_t key, int retries) {
    gw::UpdateJobRetriesRequest r;
    r.set_jobkey(key);
    r.set_retries(retries);
    call_context context;
    gw::UpdateJobRetriesResponse response;
    return stub_->UpdateJobRetries(&context, r, &response);
  }
  grpc::Status resolve(std::int64_t incident_key) {
    gw::ResolveIncidentRequest r;
    r.set_incidentkey(incident_key);
    call_context context;
    gw::ResolveIncidentResponse response;
    return stub_->ResolveIncident(&context, r, &response);
  }
  grpc::Status set_variables(std::int64_t instance, const std::string& variables, bool local) {
    gw::SetVariablesRequest r;
    r.set_elementinstancekey(instance);
    r.set_variables(variables);
    r.set_local(local);
    call_context context;
    gw::SetVariablesResponse response;
    return stub_->SetVariables(&context, r, &response);
  }
  grpc::Status topology(gw::TopologyResponse* response) {
    call_context context;
    return stub_->Topology(&context, {}, response);
  }
  // Asks until the gateway answers again, as a client does after a restart.
  bool reaches() {
    const auto end = std::chrono::steady_clock::now() + patience;
    gw::TopologyResponse response;
    while (std::chrono::steady_clock::now() < end) {
      call_context context;
      context.set_wait_for_ready(true);
      if (stub_->Topology(&context, {}, &response).ok()) return true;
    }
    return false;
  }

 private:
  std::unique_ptr<gw::Gateway::Stub> stub_;
};

// One open stream. Reading blocks until a job is pushed or the deadline of the call is over.
class stream_reader {
 public:
  // Returns when the engine knows the stream.
  stream_reader(engine& e, client& c, milliseconds lease = 60s,
                std::vector<std::string> fetch = {}) {
    gw::StreamActivatedJobsRequest r;
    r.set_type("lambdaConnector.INVOKE");
    r.set_worker("streamer");
    r.set_timeout(lease.count());
    for (const auto& name : fetch) r.add_fetchvariable(name);
    const auto before = e.open_streams();
    reader_ = c.stub().StreamActivatedJobs(&context_, r);
    EXPECT_TRUE(e.wait_until([&] { return e.open_streams() > before; }, patience));
  }
  ~stream_reader() {
    context_.TryCancel();
    if (!finished_) reader_->Finish();
  }
  stream_reader(const stream_reader&) = delete;
  stream_reader& operator=(const stream_reader&) = delete;

  bool next(gw::ActivatedJob& job) { return reader_->Read(&job); }
  void cancel() { context_.TryCancel(); }
  grpc::Status finish() {
    finished_ = true;
    return reader_->Finish();
  }

 private:
  call_context context_{30s};
  std::unique_ptr<grpc::ClientReader<gw::ActivatedJob>> reader_;
  bool finished_ = false;
};

}  // namespace sandbox::engine
