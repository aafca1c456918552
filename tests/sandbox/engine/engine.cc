#include "tests/sandbox/engine/engine.h"

#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "tests/sandbox/engine/core.h"
#include "tests/sandbox/engine/keys.h"
#include "tests/sandbox/engine/service.h"
#include "tests/sandbox/engine/unknown_calls.h"

namespace sandbox::engine {
namespace {

constexpr int least_ping_interval_ms = 30000;  // of clients, as the gateway tolerates

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("sandbox engine: cannot read " + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::shared_ptr<grpc::ServerCredentials> credentials_of_files(const options& o) {
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({text_of(o.private_key_file), text_of(o.certificate_file)});
  if (!o.client_roots_file.empty()) {
    tls.pem_root_certs = text_of(o.client_roots_file);
    tls.client_certificate_request = GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(tls);
}

std::shared_ptr<grpc::ServerCredentials> credentials(const options& o) {
  if (!o.certificate_file.empty()) return credentials_of_files(o);
  if (o.certificate_chain_pem.empty()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({o.private_key_pem, o.certificate_chain_pem});
  return grpc::SslServerCredentials(tls);
}

// The last user of gRPC shuts the library down, and that was seen to wait ten seconds for its own
// poller. So it is never the last.
void keep_grpc_alive() {
  static const bool kept = [] {
    // Asked by clients before they begin: grpc.health.v1, as a real gateway has it.
    grpc::EnableDefaultHealthCheckService(true);
    grpc_init();
    return true;
  }();
  static_cast<void>(kept);
}

}  // namespace

struct engine::impl {
  explicit impl(const options& o) : state(o), front(state), port(o.port) {}

  core state;
  service front;
  std::unique_ptr<unknown_calls> others;  // gRPC takes one for one server only
  std::uint16_t port;
  std::unique_ptr<grpc::Server> server;
};

engine::engine(options o) : impl_(std::make_unique<impl>(o)) {
  keep_grpc_alive();
  if (!impl_->state.settings().stopped) start();
}

engine::~engine() { stop(); }

void engine::start() {
  if (impl_->server) return;
  const options& o = impl_->state.settings();
  int bound = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(impl_->port), credentials(o), &bound);
  builder.RegisterService(&impl_->front);
  impl_->others = std::make_unique<unknown_calls>();
  builder.RegisterCallbackGenericService(impl_->others.get());
  // The service looks at sizes itself, to answer as the gateway does.
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  // A port that another program has is an error, not a share of it.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             least_ping_interval_ms);
  impl_->server = builder.BuildAndStart();
  if (!impl_->server || bound == 0) {
    impl_->server.reset();
    throw std::runtime_error("sandbox engine: cannot listen on 127.0.0.1:" +
                             std::to_string(impl_->port));
  }
  impl_->port = static_cast<std::uint16_t>(bound);
  impl_->server->GetHealthCheckService()->SetServingStatus("gateway_protocol.Gateway", true);
}

void engine::stop(stop_as how) {
  if (!impl_->server) return;
  auto patience = std::chrono::seconds(0);
  if (how == stop_as::terminated) {
    core::turn t(impl_->state);
    impl_->state.close_streams(t, {grpc::StatusCode::CANCELLED, "the broker is shutting down"});
    impl_->state.end_polls(t, {grpc::StatusCode::CANCELLED, "the broker is shutting down"});
    // Until these words are on the wire; else a client may see no more than a broken connection.
    patience = std::chrono::seconds(2);
  }
  impl_->server->Shutdown(std::chrono::system_clock::now() + patience);
  impl_->server->Wait();
  impl_->server.reset();
}

std::uint16_t engine::port() const { return impl_->port; }
std::string engine::address() const { return "127.0.0.1:" + std::to_string(impl_->port); }

std::int64_t engine::create(const job_spec& spec) { return create_many(spec, 1).front(); }

std::vector<std::int64_t> engine::create_many(const job_spec& spec, std::size_t count) {
  const auto prepared = std::make_shared<const prepared_spec>(spec);
  std::vector<std::int64_t> keys;
  keys.reserve(count);
  core::turn t(impl_->state);
  for (std::size_t i = 0; i < count; ++i) keys.push_back(t.table().create(prepared, t.now()));
  return keys;
}

bool engine::cancel(std::int64_t job_key) {
  core::turn t(impl_->state);
  return t.table().cancel(process_of_job(job_key), t.now()).ok();
}

bool engine::resolve(std::int64_t job_key, std::int32_t retries) {
  core::turn t(impl_->state);
  const job_record* job = t.table().find(job_key);
  if (job == nullptr || !job->rare) return false;
  return t.table().update_retries(job_key, retries).ok() &&
         t.table().resolve_incident(job->rare->incident_key).ok();
}

void engine::define_process(const job_spec& spec) {
  core::turn t(impl_->state);
  impl_->state.processes()[spec.bpmn_process_id] = std::make_shared<const prepared_spec>(spec);
}

void engine::restore(const job_spec& spec, const restored_state& state) {
  const auto prepared = std::make_shared<const prepared_spec>(spec);
  core::turn t(impl_->state);
  t.table().restore(t.table().create(prepared, t.now()), state);
}

void engine::replace_variables(std::int64_t job_key, std::string local, std::string process) {
  core::turn t(impl_->state);
  t.table().replace_variables(job_key, std::move(local), std::move(process));
}

bool engine::cancel_job(std::int64_t job_key) {
  core::turn t(impl_->state);
  return t.table().cancel_job(job_key, t.now());
}

void engine::upgrade_partitions() {
  core::turn t(impl_->state);
  t.table().upgrade_partitions();
}

bool engine::answer(std::uint64_t call, const grpc::Status& status,
                    const std::string& response_json) {
  return impl_->front.answer(call, status, response_json);
}

std::optional<job_account> engine::account(std::int64_t job_key) const {
  std::lock_guard lock(impl_->state.mutex());
  const job_record* job = impl_->state.table().find(job_key);
  if (job == nullptr) return std::nullopt;
  return account_of(*job);
}

std::vector<job_account> engine::accounts() const {
  std::lock_guard lock(impl_->state.mutex());
  std::vector<job_account> out;
  for (const job_record* job : impl_->state.table().all()) out.push_back(account_of(*job));
  return out;
}

job_totals engine::totals() const {
  std::lock_guard lock(impl_->state.mutex());
  return impl_->state.table().totals();
}

std::uint64_t engine::calls(rpc which) const {
  std::lock_guard lock(impl_->state.mutex());
  return impl_->state.calls(which);
}

std::size_t engine::open_streams() const {
  std::lock_guard lock(impl_->state.mutex());
  return impl_->state.streams();
}

std::size_t engine::waiting_polls() const {
  std::lock_guard lock(impl_->state.mutex());
  return impl_->state.polls();
}

std::size_t engine::hanging_calls() const {
  std::lock_guard lock(impl_->state.mutex());
  return impl_->state.held();
}

std::size_t engine::deepest_document() const {
  std::lock_guard lock(impl_->state.mutex());
  return impl_->state.table().deepest();
}

bool engine::deep_nesting_seen() const { return deepest_document() > 500; }

bool engine::wait_until(const std::function<bool()>& predicate, milliseconds timeout) const {
  return impl_->state.wait_until(predicate, timeout);
}

bool engine::wait_all_ended(milliseconds timeout) const {
  return impl_->state.wait_all_ended(timeout);
}

milliseconds engine::now() const { return impl_->state.now(); }

void engine::advance(milliseconds by) {
  {
    std::lock_guard lock(impl_->state.mutex());
    impl_->state.move_clock(by);
  }
  core::turn t(impl_->state);
  if (impl_->state.quorum()) t.table().expire(t.now());
  impl_->state.run_due(t);
}

void engine::inject(rpc which, fault f) {
  core::turn t(impl_->state);
  impl_->state.faults().add(which, std::move(f));
}

void engine::refuse(rpc which, grpc::StatusCode code, std::string message, std::uint32_t times) {
  inject(which, {fault::kind::refuse, code, std::move(message), times});
}

void engine::hang(rpc which) { inject(which, {fault::kind::hang}); }

void engine::lift(rpc which) {
  core::turn t(impl_->state);
  impl_->state.lift(t, which);
}

void engine::lift_all() {
  core::turn t(impl_->state);
  impl_->state.lift(t, std::nullopt);
  impl_->state.set_back_pressure(t, false);
  impl_->state.set_quorum(t, true);
}

void engine::back_pressure(bool on) {
  core::turn t(impl_->state);
  impl_->state.set_back_pressure(t, on);
}

void engine::no_quorum(bool on) {
  core::turn t(impl_->state);
  impl_->state.set_quorum(t, !on);
}

void engine::streams_unimplemented() {
  refuse(rpc::stream_activated_jobs, grpc::StatusCode::UNIMPLEMENTED,
         "Method not found: gateway_protocol.Gateway/StreamActivatedJobs");
}

void engine::update_timeout_unimplemented() {
  refuse(rpc::update_job_timeout, grpc::StatusCode::UNIMPLEMENTED,
         "Method not found: gateway_protocol.Gateway/UpdateJobTimeout");
}

bool engine::push_late(std::int64_t job_key) {
  core::turn t(impl_->state);
  return impl_->state.push_late(t, job_key);
}

void engine::close_streams(grpc::StatusCode code, std::string message) {
  core::turn t(impl_->state);
  impl_->state.close_streams(t, {code, std::move(message)});
}

}  // namespace sandbox::engine
