#include "worker/engine/grpc_calls.h"

#include <string_view>

#include "worker/engine/library_log.h"
#include "worker/engine/library_start.h"

namespace worker::engine {

namespace {

// A command leaves the set when it ends with another text, so only those stay that are never
// repeated.
constexpr std::size_t max_suspects = 1024;

constexpr const char* too_long_text = "the gateway's answer is longer than 64 KiB of metadata";

// gRPC puts a text about sockets and callbacks before the reason that certificate_check gave.
std::string without_preamble(const std::string& message) {
  constexpr std::string_view preamble =
      "Custom verification check failed with error: UNAUTHENTICATED: ";
  const auto at = message.find(preamble);
  return at == std::string::npos ? message : message.substr(at + preamble.size());
}

bool is_too_long(const grpc::Status& from) {
  return from.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
         from.error_message().find("metadata size exceeds limit") != std::string::npos;
}

const char* text_of(reading how) {
  switch (how) {
    case reading::nothing:
      return "the answer cannot be read: it says OK and holds no message";
    case reading::compressed:
      return "the answer cannot be read: it is compressed, which this client did not ask for; look "
             "at the proxies before the gateway";
    case reading::garbled:
      return "the answer cannot be read: its bytes are no message of the gateway's protocol";
    case reading::whole:
      break;
  }
  return "";
}

}  // namespace

grpc_calls::grpc_calls(boost::asio::any_io_executor loop, channel_settings settings, login* by)
    : login_(by), channels_(std::move(settings)), events_(std::move(loop), epoll_of_grpc()) {}

void grpc_calls::set_end(grpc::ClientContext& context, connector::deadline end) {
  context.set_deadline(std::chrono::system_clock::now() +
                       connector::left_until(end, connector::boot_clock::now()));
}

std::string grpc_calls::path_of(const char* name) {
  return std::string("/gateway_protocol.Gateway/") + name;
}

std::unique_ptr<grpc::ClientContext> grpc_calls::make_context() const {
  auto context = std::make_unique<grpc::ClientContext>();
  for (const auto& [name, value] : channels_.settings().metadata) context->AddMetadata(name, value);
  return context;
}

status grpc_calls::status_of(const call_subject& call, const grpc::Status& from, reading how,
                             bool alone) {
  if (how != reading::whole) {
    unreadable_at_ = connector::boot_clock::now();
    return {status_code::internal, text_of(how), response_defect::unreadable};
  }
  if (!is_too_long(from)) {
    suspects_.erase(call);
    return {static_cast<status_code>(from.error_code()), without_preamble(from.error_message())};
  }
  if (alone) {
    suspects_.erase(call);
    return {status_code::resource_exhausted, too_long_text, response_defect::too_long};
  }
  if (suspects_.size() >= max_suspects) suspects_.clear();
  if (call.second != 0) suspects_.insert(call);
  return {status_code::unavailable,
          "the connection was given up: an answer on it was longer than 64 KiB of metadata"};
}

status grpc_calls::record(const call_subject& call, const grpc::Status& from, reading how,
                          bool alone) {
  auto out = status_of(call, from, how, alone);
  ++calls_[{call.first, out.code}];
  channels_.observe(out);
  // Most lines of gRPC are about a call that failed.
  write_library_log();
  return call_login::explained(std::move(out), login_ != nullptr);
}

}  // namespace worker::engine
