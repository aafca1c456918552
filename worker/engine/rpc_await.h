// One unary call or one server stream of gRPC as an awaitable on the loop. Cancelling means
// TryCancel and then waiting for gRPC to be done. What gRPC writes to lives in the call itself,
// which deletes itself on the loop when it has ended.
#pragma once

#include <grpcpp/grpcpp.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "worker/engine/completions.h"

namespace worker::engine {

using call_context = std::unique_ptr<grpc::ClientContext>;

template <class Response>
struct unary_result {
  grpc::Status status;
  Response response;
};

namespace detail {

// What both kinds of call share: the coroutine that waits, resumed once, on the loop.
template <class Handler>
class waiting_call : public event {
 public:
  waiting_call(const boost::asio::any_io_executor& loop, Handler handler, call_context context)
      : work_(boost::asio::prefer(loop, boost::asio::execution::outstanding_work.tracked)),
        handler_(std::move(handler)),
        context_(std::move(context)) {
    auto slot = boost::asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) {
      slot.assign([asked = context_.get()](boost::asio::cancellation_type) { asked->TryCancel(); });
    }
  }

 protected:
  // The call is gone when the coroutine goes on.
  template <class Result>
  void end(Result how) {
    auto slot = boost::asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) slot.clear();
    Handler handler = std::move(handler_);
    delete this;
    std::move(handler)(std::move(how));
  }

  [[nodiscard]] grpc::ClientContext* context() { return context_.get(); }

 private:
  boost::asio::any_io_executor work_;  // counts as work, so the loop does not end before gRPC
  Handler handler_;
  call_context context_;
};

template <class Response, class Handler>
class unary_call final : public waiting_call<Handler> {
 public:
  using waiting_call<Handler>::waiting_call;

  template <class Start>
  void begin(Start& start, grpc::CompletionQueue* queue) {
    call_ = start(this->context(), queue);
    call_->StartCall();
    call_->Finish(&result_.response, &result_.status, this);
  }

  void happened(bool) override { this->end(std::move(result_)); }

 private:
  unary_result<Response> result_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> call_;
};

template <class Message, class Handler>
class stream_call final : public waiting_call<Handler> {
 public:
  stream_call(const boost::asio::any_io_executor& loop, Handler handler, call_context context,
              std::function<void(Message&)> take)
      : waiting_call<Handler>(loop, std::move(handler), std::move(context)),
        take_(std::move(take)) {}

  template <class Start>
  void begin(Start& start, grpc::CompletionQueue* queue) {
    call_ = start(this->context(), queue);
    call_->StartCall(this);
  }

  void happened(bool ok) override {
    if (at_ == stage::finishing) {
      this->end(std::move(status_));
      return;
    }
    if (ok && at_ == stage::reading) {
      take_(message_);
      message_.Clear();
    }
    if (ok) {
      at_ = stage::reading;
      call_->Read(&message_, this);
    } else {
      at_ = stage::finishing;
      call_->Finish(&status_, this);
    }
  }

 private:
  enum class stage { starting, reading, finishing };
  stage at_ = stage::starting;
  std::function<void(Message&)> take_;
  Message message_;
  grpc::Status status_;
  std::unique_ptr<grpc::ClientAsyncReader<Message>> call_;
};

}  // namespace detail

// `start(context, queue)` prepares the rpc and gives its reader.
template <class Response, class Start>
boost::asio::awaitable<unary_result<Response>> await_unary(completions& events,
                                                           call_context context, Start start) {
  auto initiate = [&events, &context, &start](auto handler) {
    using call = detail::unary_call<Response, decltype(handler)>;
    auto* made = new call(events.loop(), std::move(handler), std::move(context));
    made->begin(start, events.queue());
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&,
                                                 void(unary_result<Response>)>(
      initiate, boost::asio::use_awaitable);
}

// As above; `take` sees each message on the loop.
template <class Message, class Start>
boost::asio::awaitable<grpc::Status> await_stream(completions& events, call_context context,
                                                  Start start, std::function<void(Message&)> take) {
  auto initiate = [&events, &context, &start, &take](auto handler) {
    using call = detail::stream_call<Message, decltype(handler)>;
    auto* made = new call(events.loop(), std::move(handler), std::move(context), std::move(take));
    made->begin(start, events.queue());
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&,
                                                 void(grpc::Status)>(initiate,
                                                                     boost::asio::use_awaitable);
}

}  // namespace worker::engine
