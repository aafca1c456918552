// An in-memory workflow engine behind a real gRPC gateway on loopback, for tests, the demo and
// benchmarks: jobs are made through this class, workers reach them over the wire. See README.md for
// what it reproduces. Every member may be called from any thread. Destroying it ends all calls.
// The engine's clock is the machine's, moved by options.clock_offset and by advance(); leases,
// back-off, long polls and deadlines on the wire follow it.
#pragma once

#include <grpcpp/support/status.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sandbox/engine/faults.h"
#include "tests/sandbox/engine/job.h"
#include "tests/sandbox/engine/parent.h"
#include "tests/sandbox/engine/wire_version.h"

namespace sandbox::engine {

struct options {
  std::uint16_t port = 0;  // 0: any
  bool stopped = false;    // listens only after start()
  int partitions = 1;
  milliseconds expiry_interval{1000};  // how often leases and back-offs are looked at
  milliseconds clock_offset{0};        // the engine's clock minus the machine's
  // Requests above it are refused, variables above half of it too (a job's limit on polling as
  // well).
  std::size_t max_message_size = std::size_t{4} << 20;
  // What a stream may hold unwritten before further jobs are left to pollers.
  std::size_t stream_buffer = std::size_t{32} << 10;
  milliseconds default_request_timeout{10000};  // of ActivateJobs with requestTimeout 0
  milliseconds command_timeout{15000};          // of a command without quorum
  bool multi_tenancy = false;
  std::vector<std::string> tenants{"<default>"};  // those the caller may use
  bool keep_variables = true;  // off: completion texts are dropped, for long benchmarks
  std::string gateway_version = "8.6.0";
  wire_version speaks;
  std::string cluster_id;             // as engines since 8.9 tell it; empty: an older one
  std::string certificate_chain_pem;  // both set: the gateway speaks TLS only
  std::string private_key_pem;
  // The same as files, read at each start(). With `client_roots_file` every client must show a
  // certificate that one of these roots signed.
  std::string certificate_file;
  std::string private_key_file;
  std::string client_roots_file;
  // Is shown the metadata `authorization` of every call (empty: it has none), and says whether the
  // call is let in. Empty: every call is. Called by any thread, one at a time.
  std::function<grpc::Status(const std::string& authorization)> authorize;
  // Must outlive the engine. With one, DeployResource, the calls that create and cancel instances,
  // PublishMessage, SetVariables and the incidents of others are its own.
  sandbox::engine::parent* parent = nullptr;
};

// How a stopped server looks from outside.
enum class stop_as {
  killed,      // connections drop: UNAVAILABLE
  terminated,  // open streams and long polls end with CANCELLED first
};

class engine {
 public:
  // Starts listening, unless it is told to be stopped. Throws std::runtime_error when the port
  // cannot be had.
  explicit engine(options o = {});
  ~engine();
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  std::uint16_t port() const;
  std::string address() const;  // 127.0.0.1:<port>

  // Each job gets a process instance of its own; partitions take turns; key >> 51 is the partition.
  std::int64_t create(const job_spec& spec);
  std::vector<std::int64_t> create_many(const job_spec& spec, std::size_t count);
  // Ends the job as a cancelled process instance does. False: it had ended already.
  bool cancel(std::int64_t job_key);
  // What a person does in Operate: gives the job retries, then resolves its incident.
  bool resolve(std::int64_t job_key, std::int32_t retries);

  // What CreateProcessInstance makes over the wire: one job of this spec, its process variables
  // replaced by the call's. Known by spec.bpmn_process_id.
  void define_process(const job_spec& spec);

  // For a parent. create() takes the keys of the spec. Restoring gives a new job the state that one
  // of this key had in an engine that is gone.
  void restore(const job_spec& spec, const restored_state& state);
  // What the job's next activation carries.
  void replace_variables(std::int64_t job_key, std::string local, std::string process);
  bool cancel_job(std::int64_t job_key);
  // From now on every partition gives lease tokens.
  void upgrade_partitions();
  // False: no such call waits.
  bool answer(std::uint64_t call, const grpc::Status& status, const std::string& response_json);

  std::optional<job_account> account(std::int64_t job_key) const;
  std::vector<job_account> accounts() const;  // copies everything: not for benchmarks
  job_totals totals() const;
  std::uint64_t calls(rpc which) const;  // received, refused ones included
  std::size_t open_streams() const;
  std::size_t waiting_polls() const;
  std::size_t hanging_calls() const;
  // The deepest document that any command brought (its root object counts as 1), and whether one
  // was deeper than 500, which a real broker may not survive.
  std::size_t deepest_document() const;
  bool deep_nesting_seen() const;

  // True as soon as the predicate holds, looked at after every change; it may call this object.
  bool wait_until(const std::function<bool()>& predicate, milliseconds timeout) const;
  // True as soon as no job is open (an incident counts as an end).
  bool wait_all_ended(milliseconds timeout) const;

  milliseconds now() const;
  // Moves the clock forward and carries out at once what falls due.
  void advance(milliseconds by);

  void inject(rpc which, fault f);
  void refuse(rpc which, grpc::StatusCode code, std::string message = "refused by the sandbox",
              std::uint32_t times = 0);
  void hang(rpc which);
  void lift(rpc which);
  void lift_all();  // also back-pressure and lost quorum
  // RESOURCE_EXHAUSTED for ActivateJobs, UpdateJobTimeout and CreateProcessInstance.
  void back_pressure(bool on);
  // ActivateJobs answers OK and empty at once, streams stay open and silent, commands on jobs take
  // command_timeout and then end with DEADLINE_EXCEEDED, unapplied.
  void no_quorum(bool on);
  void streams_unimplemented();
  void update_timeout_unimplemented();
  // Pushes a job that has ended, as a client sees it whose command was_finished_before the
  // activation. False: no such job or no stream is open.
  bool push_late(std::int64_t job_key);
  // Ends every open stream; clients may open new ones.
  void close_streams(grpc::StatusCode code, std::string message = "");

  // Jobs and faults stay; start() listens on the same port again.
  void stop(stop_as how = stop_as::killed);
  void start();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace sandbox::engine
