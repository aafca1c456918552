// One unary call or one server stream of gRPC as an awaitable on the loop. Cancelling the coroutine
// calls TryCancel and waits until gRPC has ended the call. The memory that gRPC writes to belongs
// to the call object, which deletes itself on the loop when the call has ended.
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "worker/engine/completions.h"
#include "worker/engine/read_switch.h"
#include "worker/engine/readable.h"

namespace worker::engine {

using call_context = std::unique_ptr<grpc::ClientContext>;

// Where a call goes: "/package.Service/Method" over that channel.
struct rpc_target {
  std::shared_ptr<grpc::Channel> channel;
  std::string path;
};

template <class Response>
struct unary_result {
  grpc::Status status;
  readable<Response> response;
};

struct stream_result {
  grpc::Status status;
  reading worst = reading::whole;  // of the messages that arrived
};

namespace detail {

// The part that both kinds of call share: the coroutine that waits. It is resumed once, on the
// loop.
template <class Handler>
class waiting_call : public completion_tag {
 public:
  // `cancelled` is called after the call was cancelled.
  waiting_call(completions& events, Handler handler, call_context context,
               std::function<void()> cancelled = nullptr)
      : events_(events),
        work_(boost::asio::prefer(events.loop(), boost::asio::execution::outstanding_work.tracked)),
        handler_(std::move(handler)),
        context_(std::move(context)) {
    events_.call_begins();
    auto slot = boost::asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) {
      slot.assign([this, cancelled = std::move(cancelled)](boost::asio::cancellation_type) {
        context_->TryCancel();
        if (cancelled) cancelled();
        events_.look_soon();
      });
    }
  }

 protected:
  // The call object no longer exists when the coroutine continues.
  template <class Result>
  void end(Result result) {
    auto slot = boost::asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) slot.clear();
    Handler handler = std::move(handler_);
    auto& events = events_;
    delete this;
    events.call_ended();
    std::move(handler)(std::move(result));
  }

  [[nodiscard]] grpc::ClientContext* context() { return context_.get(); }
  // After each step that was begun.
  void look_soon() { events_.look_soon(); }

 private:
  completions& events_;
  boost::asio::any_io_executor work_;  // keeps the loop running until the call has ended
  Handler handler_;
  call_context context_;
};

template <class Response, class Handler>
class unary_call final : public waiting_call<Handler> {
 public:
  using waiting_call<Handler>::waiting_call;

  template <class Request>
  void begin(const rpc_target& target, const Request& request, grpc::CompletionQueue* queue) {
    grpc::TemplatedGenericStub<Request, readable<Response>> stub(target.channel);
    call_ = stub.PrepareUnaryCall(this->context(), target.path, request, queue);
    call_->StartCall();
    call_->Finish(&result_.response, &result_.status, this);
    this->look_soon();
  }

  void completed(bool) override { this->end(std::move(result_)); }

 private:
  unary_result<Response> result_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<readable<Response>>> call_;
};

template <class Request, class Message, class Handler>
class stream_call final : public waiting_call<Handler> {
 public:
  stream_call(completions& events, Handler handler, call_context context,
              std::function<void(Message&)> take, read_switch* reading)
      : waiting_call<Handler>(events, std::move(handler), std::move(context),
                              // A call that waits to read would not notice that it is cancelled.
                              [reading] {
                                if (reading != nullptr) reading->resume();
                              }),
        take_(std::move(take)),
        reading_(reading) {}

  // gRPC's generic stub knows only streams in both directions. This one sends its only message and
  // the end of its side together with the headers: on the wire that is a server stream.
  void begin(const rpc_target& target, const Request& request, grpc::CompletionQueue* queue) {
    grpc::TemplatedGenericStub<Request, readable<Message>> stub(target.channel);
    this->context()->set_initial_metadata_corked(true);
    call_ = stub.PrepareCall(this->context(), target.path, queue);
    call_->StartCall(this);
    call_->WriteLast(request, grpc::WriteOptions(), this);
    this->look_soon();
  }

  void completed(bool ok) override {
    if (at_ == stage::finishing) {
      this->end(std::move(result_));
      return;
    }
    if (ok && at_ == stage::reading) {
      if (message_.how == reading::whole) {
        take_(message_.message);
      } else {
        // Ends the stream; messages that arrive before its end are still taken.
        result_.worst = message_.how;
        this->context()->TryCancel();
      }
      message_.message.Clear();
    }
    if (!ok) {
      at_ = stage::finishing;
      call_->Finish(&result_.status, this);
      this->look_soon();
    } else if (reading_ != nullptr && reading_->paused()) {
      reading_->wait([this] { read(); });
    } else {
      read();
    }
  }

 private:
  void read() {
    at_ = stage::reading;
    call_->Read(&message_, this);
    this->look_soon();
  }

  enum class stage { starting, reading, finishing };
  stage at_ = stage::starting;
  std::function<void(Message&)> take_;
  read_switch* reading_;
  readable<Message> message_;
  stream_result result_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<Request, readable<Message>>> call_;
};

}  // namespace detail

// `request` is read when the call is awaited, and outlives that.
template <class Response, class Request>
boost::asio::awaitable<unary_result<Response>> await_unary(completions& events, rpc_target target,
                                                           call_context context,
                                                           const Request& request) {
  auto initiate = [&events, &request, target = std::move(target),
                   context = std::move(context)](auto handler) mutable {
    using call = detail::unary_call<Response, decltype(handler)>;
    auto* made = new call(events, std::move(handler), std::move(context));
    made->begin(target, request, events.queue());
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&,
                                     void(unary_result<Response>)>(std::move(initiate),
                                                                   boost::asio::use_awaitable);
}

// Calls `take` on the loop with each message that can be read. The first message that cannot be
// read ends the stream. `reading` may be null; else it outlives the call.
template <class Message, class Request>
boost::asio::awaitable<stream_result> await_stream(completions& events, rpc_target target,
                                                   call_context context, const Request& request,
                                                   std::function<void(Message&)> take,
                                                   read_switch* reading) {
  auto initiate = [&events, &target, &context, &request, &take, reading](auto handler) {
    using call = detail::stream_call<Request, Message, decltype(handler)>;
    auto* made = new call(events, std::move(handler), std::move(context), std::move(take), reading);
    made->begin(target, request, events.queue());
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&,
                                                 void(stream_result)>(initiate,
                                                                      boost::asio::use_awaitable);
}

}  // namespace worker::engine
