#include "tests/sandbox/lambda/lambda.h"

#include <openssl/ssl.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "tests/sandbox/lambda/functions.h"
#include "tests/sandbox/lambda/session.h"

namespace sandbox {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr unsigned char http11[] = "\x08http/1.1";

int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
                    unsigned in_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, size, http11, sizeof http11 - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

std::shared_ptr<asio::ssl::context> make_tls(const lambda_options& options,
                                             const issued_certificate& certificate) {
  auto made = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* const native = made->native_handle();
  SSL_CTX_set_min_proto_version(native, options.tls13_only ? TLS1_3_VERSION : TLS1_2_VERSION);
  if (options.tls12_only) SSL_CTX_set_max_proto_version(native, TLS1_2_VERSION);
  constexpr unsigned char name[] = "sandbox";
  SSL_CTX_set_session_id_context(native, name, sizeof name - 1);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  made->use_certificate_chain(asio::buffer(certificate.chain));
  made->use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem);
  return made;
}

// One thread with its sessions.
struct worker {
  session_set sessions;  // outlives the context, whose end drops the sessions that are left
  asio::io_context io{1};
  std::thread thread;
};

}  // namespace

struct lambda::state {
  explicit state(lambda_options given);
  ~state();

  struct listener {
    std::optional<tcp::acceptor> acceptor;
    std::uint16_t port = 0;
    bool secure = true;
  };

  void open(listener& at);
  static asio::awaitable<void> accept(state& self, listener& at);
  // Runs on the thread of the listeners, and waits for it.
  template <class Work>
  void on_listener_thread(Work work);
  void end_connections(bool reset);

  const lambda_options options;
  std::shared_ptr<const certificate_authority> authority;
  registry functions;
  durable_executions durables;
  class account counts;
  signature_verifier verifier;
  std::atomic<std::chrono::seconds> clock_offset;
  std::atomic<bool> throttle_all = false;
  service api;
  session_host host;
  std::vector<std::unique_ptr<worker>> workers;
  std::size_t next_worker = 0;  // on the first worker's thread
  listener main;
  listener plain;
};

lambda::state::state(lambda_options given)
    : options(std::move(given)),
      authority(options.authority ? options.authority
                                  : std::make_shared<const certificate_authority>()),
      counts(options.record, options.count_jobs),
      verifier({options.region, "lambda", std::chrono::minutes(5), options.require_content_sha256},
               options.keys),
      clock_offset(options.clock_offset),
      api(service_parts{options, functions, durables, counts, verifier, clock_offset,
                        throttle_all}),
      host{api, counts, false, {}, options.connections, nullptr} {
  for (auto& [name, body] : built_in_functions()) functions.put({name, body, {}});
  for (auto& [name, body] : wire_functions()) functions.put({name, body, {}});
  host.tls = make_tls(options, make_certificate(*authority, options.certificate));
  if (!options.ca_file.empty()) write_file(options.ca_file, authority->root_pem());

  const int threads = options.threads < 1 ? 1 : options.threads;
  for (int i = 0; i < threads; ++i) workers.push_back(std::make_unique<worker>());
  main.port = options.port;
  main.secure = options.tls;
  open(main);
  if (options.plain_port) {
    plain.port = *options.plain_port;
    plain.secure = false;
    open(plain);
  }
  for (const auto& each : workers) {
    each->thread = std::thread([io = &each->io] {
      const auto work = asio::make_work_guard(*io);
      io->run();
    });
  }
}

lambda::state::~state() {
  for (const auto& each : workers) each->io.stop();
  for (const auto& each : workers) {
    if (each->thread.joinable()) each->thread.join();
  }
  // No thread runs any more: what is left of the sessions goes with the contexts, while all that
  // they refer to is still there.
  main.acceptor.reset();
  plain.acceptor.reset();
  workers.clear();
}

void lambda::state::open(listener& at) {
  asio::io_context& io = workers.front()->io;
  const tcp::endpoint where(asio::ip::address_v4::loopback(), at.port);
  at.acceptor.emplace(io);
  at.acceptor->open(where.protocol());
  at.acceptor->set_option(tcp::acceptor::reuse_address(true));
  at.acceptor->bind(where);
  at.acceptor->listen();
  at.port = at.acceptor->local_endpoint().port();
  asio::co_spawn(io, accept(*this, at), asio::detached);
}

asio::awaitable<void> lambda::state::accept(state& self, listener& at) {
  for (;;) {
    worker& chosen = *self.workers[self.next_worker++ % self.workers.size()];
    error_code failed;
    tcp::socket socket = co_await at.acceptor->async_accept(
        chosen.io, asio::redirect_error(asio::use_awaitable, failed));
    if (failed == asio::error::operation_aborted || !at.acceptor || !at.acceptor->is_open()) {
      co_return;
    }
    if (failed) continue;
    asio::post(chosen.io,
               [&self, &chosen, secure = at.secure, socket = std::move(socket)]() mutable {
                 session::start(std::move(socket), secure, self.host, chosen.sessions);
               });
  }
}

template <class Work>
void lambda::state::on_listener_thread(Work work) {
  std::promise<void> done;
  asio::post(workers.front()->io, [&] {
    try {
      work();
      done.set_value();
    } catch (...) {
      done.set_exception(std::current_exception());
    }
  });
  done.get_future().get();
}

void lambda::state::end_connections(bool reset) {
  for (const auto& each : workers) {
    std::promise<void> done;
    asio::post(each->io, [&] {
      const session_set all = each->sessions;
      for (session* open : all) open->end(reset);
      done.set_value();
    });
    done.get_future().get();
  }
}

lambda::lambda(lambda_options options) : state_(std::make_unique<state>(std::move(options))) {}

lambda::~lambda() = default;

std::uint16_t lambda::port() const { return state_->main.port; }

std::uint16_t lambda::plain_port() const { return state_->plain.port; }

std::string lambda::endpoint() const {
  return (state_->options.tls ? "https://localhost:" : "http://localhost:") +
         std::to_string(port());
}

std::string lambda::plain_endpoint() const {
  return plain_port() == 0 ? "" : "http://localhost:" + std::to_string(plain_port());
}

const certificate_authority& lambda::authority() const { return *state_->authority; }

std::string lambda::ca_pem() const { return state_->authority->root_pem(); }

void lambda::register_function(std::string name, function body, function_options options) {
  state_->functions.put({std::move(name), std::move(body), std::move(options)});
}

void lambda::remove_function(const std::string& name) { state_->functions.remove(name); }

bool lambda::has_function(const std::string& name) const {
  return state_->functions.find(name) != nullptr;
}

void lambda::set_keys(std::vector<access_key> keys) { state_->verifier.set_keys(std::move(keys)); }

void lambda::set_clock_offset(std::chrono::seconds offset) { state_->clock_offset = offset; }

void lambda::stop_listening() {
  state_->on_listener_thread([this] {
    for (state::listener* each : {&state_->main, &state_->plain}) {
      if (each->acceptor) each->acceptor->close();
    }
  });
}

void lambda::listen_again() {
  state_->on_listener_thread([this] {
    state_->open(state_->main);
    if (state_->plain.port != 0) state_->open(state_->plain);
  });
}

void lambda::hang_handshakes(bool on) { state_->host.hang_handshakes = on; }

void lambda::throttle_all(bool on) { state_->throttle_all = on; }

void lambda::set_keep_alive(keep_alive policy) {
  const std::lock_guard lock(state_->host.guard);
  state_->host.connections = policy;
}

void lambda::set_certificate(certificate_kind kind) {
  auto made = make_tls(state_->options, make_certificate(*state_->authority, kind));
  const std::lock_guard lock(state_->host.guard);
  state_->host.tls = std::move(made);
}

void lambda::close_connections() { state_->end_connections(false); }

void lambda::reset_connections() { state_->end_connections(true); }

durable_executions& lambda::durables() { return state_->durables; }

class account& lambda::account() {
  return state_->counts;
}

}  // namespace sandbox
