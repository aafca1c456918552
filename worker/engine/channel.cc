#include "worker/engine/channel.h"

#include <grpc/grpc.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "connector/base/certificates.h"
#include "connector/base/log.h"
#include "connector/base/small_file.h"
#include "worker/engine/certificate_check.h"
#include "worker/engine/client_identity.h"

namespace worker::engine {

using std::chrono::milliseconds;

namespace {

// A stream pushes jobs larger than the gateway's own limit of 4 MiB (4.5 MiB were measured). A
// limit that is too small here would look like back-pressure.
constexpr int inbound_limit = 64 * 1024 * 1024;

// A connection whose ping is not answered within this time counts as dead.
constexpr milliseconds ping_answer{20'000};

// A restarted gateway may have another address. By default gRPC looks up at most every 30 s.
constexpr int between_look_ups_ms = 1'000;
// Then a silent name server is asked again. By default gRPC waits for two minutes.
constexpr int look_up_limit_ms = 5'000;

// gRPC has no public name for these: the destination of a CONNECT and its further headers.
constexpr const char* http_connect_server = "grpc.http_connect_server";
constexpr const char* http_connect_headers = "grpc.http_connect_headers";

// When only a proxy has answered for so long, the name is looked up again.
constexpr milliseconds max_proxying{60'000};

std::string read_ca_file(const std::string& path, const std::string& named) {
  auto read = connector::read_small_file(path, connector::max_of_a_ca_file);
  if (read.result != connector::file_text::state::read) {
    throw std::runtime_error(
        named + " cannot be read: " + (read.reason.empty() ? "no such file" : read.reason));
  }
  return std::move(read.text);
}

// The gateway's certificate must come from the authority of the CA file when there is one, else
// from a root that this machine trusts.
std::shared_ptr<const gateway_trust> trust_of(const channel_settings& settings) {
  if (!settings.ca_file.empty()) {
    const auto named = "CAMUNDA_CA_CERTIFICATE_PATH: the gateway's CA file " + settings.ca_file;
    return std::make_shared<gateway_trust>(read_ca_file(settings.ca_file, named), named);
  }
  return std::make_shared<gateway_trust>(settings.roots, settings.roots_source);
}

std::shared_ptr<grpc::ChannelCredentials> credentials_of(const channel_settings& settings) {
  if (!settings.tls) return grpc::InsecureChannelCredentials();
  std::optional<client_identity> shown;
  if (!settings.client_certificate.empty()) {
    shown = read_client_identity(settings.client_certificate, settings.client_key);
  }
  return checked_credentials(trust_of(settings), shown);
}

std::vector<std::string> files_of(const channel_settings& settings) {
  std::vector<std::string> out;
  if (!settings.tls) return out;
  for (const auto* path : {&settings.ca_file, &settings.client_certificate, &settings.client_key}) {
    if (!path->empty()) out.push_back(*path);
  }
  return out;
}

void set_limits(grpc::ChannelArguments& args) {
  args.SetMaxReceiveMessageSize(inbound_limit);
  args.SetMaxSendMessageSize(inbound_limit);
  args.SetInt(GRPC_ARG_MAX_METADATA_SIZE, metadata_limit);
}

void set_keep_alive(grpc::ChannelArguments& args, milliseconds keep_alive) {
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(keep_alive.count()));
  // The answer to a ping must arrive before the next ping would be due.
  args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
              static_cast<int>(std::min(keep_alive, ping_answer).count()));
  // Gateways refuse pings without calls (permitKeepAliveWithoutCalls is false there).
  args.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
  args.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
}

void set_connecting(grpc::ChannelArguments& args) {
  // The proxy variables of the environment are AWS's; the gateway is reached directly.
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // Despite its name this is the time limit of one attempt to connect, handshakes included.
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 400);
  args.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, between_look_ups_ms);
  args.SetInt(GRPC_ARG_DNS_ARES_QUERY_TIMEOUT_MS, look_up_limit_ms);
  // Name servers give addresses; they do not decide how calls are made.
  args.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // Every channel has a connection of its own.
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
}

// gRPC connects to the target and asks it for a tunnel to the gateway. The gateway's name stays the
// one that calls and certificates are about.
std::string target_of(const channel_settings& settings, grpc::ChannelArguments& args) {
  const auto& proxy = settings.proxy;
  if (proxy.address.empty()) return settings.address;
  args.SetString(http_connect_server, settings.address);
  args.SetString(GRPC_ARG_DEFAULT_AUTHORITY, settings.address);
  if (!proxy.authorization.empty()) {
    args.SetString(http_connect_headers,
                   "Proxy-Authorization:" + std::string(proxy.authorization.reveal()));
  }
  return proxy.address;
}

// What a call may send before it is read: some 200 pushed jobs. gRPC widens it for a message that
// is larger.
constexpr int window = 48 * 1024;

std::shared_ptr<grpc::Channel> open_channel(
    const channel_settings& settings,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments args;
  set_limits(args);
  set_keep_alive(args, settings.keep_alive);
  set_connecting(args);
  // The window of HTTP/2 stays small. Grown by the probe, it let a stream push 2,000 jobs before
  // the worker could close it: 40 MiB of memory, and 2,000 jobs to release.
  args.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  args.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, window);
  // These call layers do nothing here and cost a tenth of the processor time of small jobs: the
  // worker itself decides what is repeated, gateways compress nothing, channelz is not read.
  args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  args.SetInt(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
  args.SetInt(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  args.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
  if (!settings.user_agent.empty()) args.SetUserAgentPrefix(settings.user_agent);
  if (settings.tls && !settings.authority_override.empty()) {
    args.SetSslTargetNameOverride(settings.authority_override);
  }
  const auto target = target_of(settings, args);
  return grpc::CreateCustomChannel(target, credentials, args);
}

// This client ended the call itself, so the status says nothing of the other end.
bool is_local(const status& answer) {
  return answer.code == status_code::cancelled || answer.code == status_code::deadline_exceeded;
}

}  // namespace

bool proxy_watch::observe(const status& answer, time_point now) {
  if (is_local(answer)) return false;
  if (!is_from_proxy(answer)) {
    since_.reset();
    return false;
  }
  if (!since_) since_ = now;
  if (now - *since_ < max_proxying) return false;
  since_ = now;
  return true;
}

channels::channels(channel_settings settings)
    : settings_(std::move(settings)),
      files_(files_of(settings_)),
      credentials_(credentials_of(settings_)),
      shared_(open_channel(settings_, credentials_)) {}

const std::shared_ptr<grpc::Channel>& channels::shared() {
  take_changed_files();
  return shared_;
}

std::shared_ptr<grpc::Channel> channels::separate() {
  take_changed_files();
  return open_channel(settings_, credentials_);
}

void channels::take_changed_files() {
  if (!files_.changed(settings_.now())) return;
  try {
    credentials_ = credentials_of(settings_);
  } catch (const std::runtime_error& e) {
    connector::log::error(
        "the certificates for the gateway have changed and cannot be used: those before count",
        {{"gateway", settings_.address}, {"reason", e.what()}});
    return;
  }
  shared_ = open_channel(settings_, credentials_);
  connector::log::info("the certificates for the gateway have changed: new calls use the new ones",
                       {{"gateway", settings_.address}});
}

void channels::observe(const status& answer) {
  if (!proxies_.observe(answer, settings_.now())) return;
  connector::log::warning(
      "for a minute only a proxy answers in the gateway's place: its name is looked up again and a "
      "new connection opened",
      {{"gateway", settings_.address},
       {"status", std::string(name_of(answer.code))},
       {"reason", answer.message}});
  shared_ = open_channel(settings_, credentials_);
}

}  // namespace worker::engine
