// What every call to the gateway goes through: which channel it takes, and what its end means.
// Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <set>
#include <string>
#include <utility>

#include "worker/engine/channel.h"
#include "worker/engine/client.h"
#include "worker/engine/completions.h"
#include "worker/engine/rpc_await.h"

namespace worker::engine {

call_context context_until(std::chrono::milliseconds limit);

class wire {
 public:
  wire(boost::asio::any_io_executor loop, channel_settings settings);

  // Of a command; `subject` is the key that it is about, 0 for none.
  template <class Response, class Request>
  boost::asio::awaitable<status> command(const char* name, job_key subject, Request request,
                                         std::chrono::milliseconds limit,
                                         Response* into = nullptr) {
    const bool alone = !suspects_.empty() && suspects_.count({name, subject}) > 0;
    const rpc_target target{alone ? channels_.separate() : channels_.shared(), path_of(name)};
    auto context = context_until(limit);
    auto done =
        co_await await_unary<Response>(events_, target, std::move(context), std::move(request));
    const auto how = done.status.ok() ? done.response.how : reading::whole;
    if (into != nullptr && how == reading::whole) *into = std::move(done.response.message);
    co_return noted({name, subject}, done.status, how, alone);
  }

  template <class Message, class Request>
  boost::asio::awaitable<status> stream(const char* name, call_context context, Request request,
                                        std::function<void(Message&)> take) {
    const rpc_target target{channels_.shared(), path_of(name)};
    const auto done = co_await await_stream<Message>(events_, target, std::move(context),
                                                     std::move(request), std::move(take));
    co_return noted({name, 0}, done.status, done.worst, false);
  }

  [[nodiscard]] const answer_counts& answers() const { return answers_; }
  [[nodiscard]] std::optional<connector::boot_clock::time_point> unreadable_at() const {
    return unreadable_at_;
  }

 private:
  using what_about = std::pair<std::string, job_key>;

  static std::string path_of(const char* name);
  status noted(const what_about& call, const grpc::Status& from, reading how, bool alone);
  status meaning_of(const what_about& call, const grpc::Status& from, reading how, bool alone);

  channels channels_;
  completions events_;
  answer_counts answers_;
  std::optional<connector::boot_clock::time_point> unreadable_at_;
  // gRPC 1.51 gives up the whole connection for one answer over the limit of metadata, and every
  // call on it ends with the same words. A command that met them is repeated over a connection of
  // its own, where they can only be about itself.
  std::set<what_about> suspects_;
};

}  // namespace worker::engine
