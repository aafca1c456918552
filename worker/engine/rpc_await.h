// Bridge from gRPC's callbacks to the loop: one unary call or one server stream as an awaitable.
// gRPC's threads do one thing, they post. Cancelling means TryCancel and then waiting for gRPC to
// be done, so what a call points to may live in the coroutine that awaits it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace worker::engine {

namespace detail {

// Resumes the waiting coroutine on the loop, once. Copyable, as gRPC's std::function wants.
template <class Handler>
class resumption {
 public:
  resumption(boost::asio::any_io_executor loop, Handler handler, grpc::ClientContext* context)
      : state_(std::make_shared<state>(
            boost::asio::prefer(loop, boost::asio::execution::outstanding_work.tracked),
            std::move(handler))) {
    auto slot = boost::asio::get_associated_cancellation_slot(state_->handler);
    if (slot.is_connected()) {
      slot.assign([context](boost::asio::cancellation_type) { context->TryCancel(); });
    }
  }

  // Any thread.
  void operator()(grpc::Status status) const {
    auto loop = state_->loop;
    boost::asio::post(loop, [s = state_, status = std::move(status)]() mutable {
      auto slot = boost::asio::get_associated_cancellation_slot(s->handler);
      if (slot.is_connected()) slot.clear();
      Handler handler = std::move(s->handler);
      s.reset();
      std::move(handler)(std::move(status));
    });
  }

 private:
  struct state {
    state(boost::asio::any_io_executor l, Handler h) : loop(std::move(l)), handler(std::move(h)) {}
    boost::asio::any_io_executor loop;  // counts as work, so the loop does not end before gRPC
    Handler handler;
  };
  std::shared_ptr<state> state_;
};

// Reads a server stream to its end. Lives until OnDone; deletes itself then.
template <class Message, class Done>
class reader final : public grpc::ClientReadReactor<Message> {
 public:
  reader(boost::asio::any_io_executor loop, std::function<void(Message&)> take, Done done)
      : loop_(std::move(loop)), take_(std::move(take)), done_(std::move(done)) {}

  void start() {
    this->AddHold();  // reads are started from the loop, outside gRPC's own callbacks
    this->StartRead(&message_);
    this->StartCall();
  }

  void OnReadDone(bool ok) override {
    boost::asio::post(loop_, [this, ok] {
      if (!ok) {
        this->RemoveHold();
        return;
      }
      take_(message_);
      message_.Clear();
      this->StartRead(&message_);
    });
  }

  void OnDone(const grpc::Status& status) override {
    done_(status);
    delete this;
  }

 private:
  boost::asio::any_io_executor loop_;
  std::function<void(Message&)> take_;
  Done done_;
  Message message_;
};

}  // namespace detail

// `start(callback)` begins the rpc. `context` must live until this comes back.
template <class Start>
boost::asio::awaitable<grpc::Status> await_unary(boost::asio::any_io_executor loop,
                                                 grpc::ClientContext* context, Start start) {
  auto initiate = [loop, context, start](auto handler) mutable {
    using handler_type = decltype(handler);
    detail::resumption<handler_type> resume(loop, std::move(handler), context);
    start([resume](grpc::Status status) { resume(std::move(status)); });
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&,
                                                 void(grpc::Status)>(initiate,
                                                                     boost::asio::use_awaitable);
}

// `start(reactor)` begins the rpc; `take` sees each message on the loop.
template <class Message, class Start>
boost::asio::awaitable<grpc::Status> await_stream(boost::asio::any_io_executor loop,
                                                  grpc::ClientContext* context, Start start,
                                                  std::function<void(Message&)> take) {
  auto initiate = [loop, context, start, take](auto handler) mutable {
    using handler_type = decltype(handler);
    detail::resumption<handler_type> resume(loop, std::move(handler), context);
    auto* reactor = new detail::reader<Message, detail::resumption<handler_type>>(
        loop, std::move(take), std::move(resume));
    start(reactor);
    reactor->start();
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&,
                                                 void(grpc::Status)>(initiate,
                                                                     boost::asio::use_awaitable);
}

}  // namespace worker::engine
