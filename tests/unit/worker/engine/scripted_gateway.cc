#include "tests/unit/worker/engine/scripted_gateway.h"

#include <stdexcept>

namespace worker::engine {

namespace {

grpc::ByteBuffer bytes_of(const std::string& text) {
  const grpc::Slice slice(text);
  return {&slice, 1};
}

std::string text_of(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return {};
  std::string out;
  for (const auto& one : slices) out.append(reinterpret_cast<const char*>(one.begin()), one.size());
  return out;
}

std::string text_of(grpc::string_ref from) { return {from.data(), from.size()}; }

seen_call described(const grpc::GenericCallbackServerContext& context) {
  seen_call out;
  out.method = context.method().substr(context.method().rfind('/') + 1);
  out.authority = context.host();
  for (const auto& name : context.auth_context()->FindPropertyValues("x509_common_name")) {
    out.client_name = text_of(name);
  }
  for (const auto& [name, value] : context.client_metadata()) {
    out.metadata.emplace(text_of(name), text_of(value));
  }
  return out;
}

class call final : public grpc::ServerGenericBidiReactor {
 public:
  call(const scripted_gateway::answers& answer, grpc::GenericCallbackServerContext* context,
       std::atomic<int>& written)
      : answer_(answer),
        written_(written),
        context_(context),
        method_(context->method().substr(context->method().rfind('/') + 1)) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::CANCELLED);
      return;
    }
    plays_ = answer_(method_, text_of(request_));
    go_on();
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      ++written_;
      go_on();
    } else {
      finish_once(grpc::Status::CANCELLED);
    }
  }

  void OnCancel() override {
    if (waits_) finish_once(grpc::Status::CANCELLED);
  }

  void OnDone() override { delete this; }

 private:
  void go_on() {
    if (next_ < plays_.messages.size()) {
      message_ = bytes_of(plays_.messages[next_++]);
      StartWrite(&message_);
    } else if (plays_.never_ends) {
      waits_ = true;
      if (context_->IsCancelled()) finish_once(grpc::Status::CANCELLED);
    } else {
      finish_once(plays_.end);
    }
  }

  void finish_once(const grpc::Status& how) {
    if (!ended_.exchange(true)) Finish(how);
  }

  const scripted_gateway::answers& answer_;
  std::atomic<int>& written_;
  grpc::GenericCallbackServerContext* context_;
  std::string method_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  played plays_;
  std::size_t next_ = 0;
  std::atomic<bool> waits_{false};
  std::atomic<bool> ended_{false};
};

}  // namespace

class scripted_gateway::service final : public grpc::CallbackGenericService {
 public:
  explicit service(answers answer) : answer_(std::move(answer)) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    {
      const std::lock_guard lock(guard_);
      seen_.push_back(described(*context));
    }
    return new call(answer_, context, written_);
  }

  std::vector<seen_call> seen() {
    const std::lock_guard lock(guard_);
    return seen_;
  }

  int written() const { return written_; }

 private:
  answers answer_;
  std::atomic<int> written_{0};
  std::mutex guard_;
  std::vector<seen_call> seen_;
};

scripted_gateway::scripted_gateway(answers answer, grpc_compression_algorithm packed)
    : scripted_gateway(std::move(answer), where{"127.0.0.1", 0}, packed) {}

scripted_gateway::scripted_gateway(answers answer, const where& listen,
                                   grpc_compression_algorithm packed)
    : service_(std::make_unique<service>(std::move(answer))) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(listen.host + ":" + std::to_string(listen.port), listen.credentials,
                           &port_);
  builder.RegisterCallbackGenericService(service_.get());
  builder.SetDefaultCompressionAlgorithm(packed);
  server_ = builder.BuildAndStart();
  if (!server_) throw std::runtime_error("the scripted gateway cannot listen");
}

scripted_gateway::~scripted_gateway() { server_->Shutdown(std::chrono::system_clock::now()); }

std::vector<seen_call> scripted_gateway::seen() const { return service_->seen(); }

int scripted_gateway::written() const { return service_->written(); }

std::string scripted_gateway::address() const { return "127.0.0.1:" + std::to_string(port_); }

}  // namespace worker::engine
