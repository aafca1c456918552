// The one way of all calls to the gateway: chooses the channel, makes the call, counts how it ended
// and says what that means. Must outlive its calls. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <set>
#include <string>
#include <utility>

#include "worker/engine/channel.h"
#include "worker/engine/completions.h"
#include "worker/engine/rpc_await.h"
#include "worker/engine/types.h"

namespace worker::engine {

call_context context_until(std::chrono::milliseconds limit);

class grpc_calls {
 public:
  grpc_calls(boost::asio::any_io_executor loop, channel_settings settings);

  // A unary call; `subject` is the key of the job or element that it is about, 0 for none.
  template <class Response, class Request>
  boost::asio::awaitable<status> command(const char* name, job_key subject, Request request,
                                         std::chrono::milliseconds limit,
                                         Response* into = nullptr) {
    const bool alone = !suspects_.empty() && suspects_.count({name, subject}) > 0;
    const rpc_target target{alone ? channels_.separate() : channels_.shared(), path_of(name)};
    auto context = context_until(limit);
    add_metadata(*context);
    auto done =
        co_await await_unary<Response>(events_, target, std::move(context), std::move(request));
    const auto how = done.status.ok() ? done.response.how : reading::whole;
    if (into != nullptr && how == reading::whole) *into = std::move(done.response.message);
    co_return record({name, subject}, done.status, how, alone);
  }

  template <class Message, class Request>
  boost::asio::awaitable<status> stream(const char* name, call_context context, Request request,
                                        std::function<void(Message&)> take) {
    const rpc_target target{channels_.shared(), path_of(name)};
    add_metadata(*context);
    const auto done = co_await await_stream<Message>(events_, target, std::move(context),
                                                     std::move(request), std::move(take));
    co_return record({name, 0}, done.status, done.worst, false);
  }

  [[nodiscard]] const call_counts& calls() const { return calls_; }
  [[nodiscard]] std::optional<connector::boot_clock::time_point> unreadable_at() const {
    return unreadable_at_;
  }

 private:
  using call_subject = std::pair<std::string, job_key>;

  static std::string path_of(const char* name);
  void add_metadata(grpc::ClientContext& context) const;
  status record(const call_subject& call, const grpc::Status& from, reading how, bool alone);
  status status_of(const call_subject& call, const grpc::Status& from, reading how, bool alone);

  channels channels_;
  completions events_;
  call_counts calls_;
  std::optional<connector::boot_clock::time_point> unreadable_at_;
  // gRPC 1.51 closes the whole connection for one answer over the limit of metadata, and every call
  // on it ends with the same text. A command that ended so is repeated over a connection of its
  // own: there the text can only be about its own answer.
  std::set<call_subject> suspects_;
};

}  // namespace worker::engine
