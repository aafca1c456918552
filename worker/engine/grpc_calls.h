// The one way of all calls to the gateway: chooses the channel, makes the call, counts how it ended
// and says what that means. Must outlive its calls. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "worker/engine/call_login.h"
#include "worker/engine/channel.h"
#include "worker/engine/completions.h"
#include "worker/engine/read_switch.h"
#include "worker/engine/rpc_await.h"
#include "worker/engine/types.h"

namespace worker::engine {

class grpc_calls {
 public:
  // gRPC was started (library_start.h). `by` may be null. It outlives the calls.
  grpc_calls(boost::asio::any_io_executor loop, channel_settings settings, login* by);

  // A unary call; `subject` is the key of the job or element that it is about, 0 for none.
  template <class Response, class Request>
  boost::asio::awaitable<status> command(const char* name, job_key subject, Request request,
                                         std::chrono::milliseconds limit,
                                         Response* into = nullptr) {
    const auto end = connector::boot_clock::now() + limit;
    call_login login(login_);
    for (;;) {
      auto context = make_context();
      if (login_ != nullptr) {
        auto refused = co_await login.authorize(*context, end);
        if (refused) co_return *std::move(refused);
      }
      set_end(*context, end);
      const bool alone = !suspects_.empty() && suspects_.count({name, subject}) > 0;
      const rpc_target target{alone ? channels_.separate() : channels_.shared(), path_of(name)};
      auto done = co_await await_unary<Response>(events_, target, std::move(context), request);
      const auto how = done.status.ok() ? done.response.how : reading::whole;
      if (into != nullptr && how == reading::whole) *into = std::move(done.response.message);
      auto ended = record({name, subject}, done.status, how, alone);
      if (!login.again(ended)) co_return ended;
    }
  }

  // Without `limit` the stream may take any time. `reading` may be null: the stream is always read.
  template <class Message, class Request>
  boost::asio::awaitable<status> stream(const char* name,
                                        std::optional<std::chrono::milliseconds> limit,
                                        Request request, std::function<void(Message&)> take,
                                        read_switch* reading = nullptr) {
    const auto end = connector::boot_clock::now() + limit.value_or(longest_login);
    call_login login(login_);
    for (;;) {
      auto context = make_context();
      auto refused = co_await login.authorize(*context, end);
      if (refused) co_return *std::move(refused);
      if (limit) set_end(*context, end);
      bool took = false;
      std::function<void(Message&)> each = [&](Message& one) {
        took = true;
        take(one);
      };
      const rpc_target target{channels_.shared(), path_of(name)};
      const auto done = co_await await_stream<Message>(events_, target, std::move(context), request,
                                                       std::move(each), reading);
      auto ended = record({name, 0}, done.status, done.worst, false);
      // A poll that brought jobs has brought all that was asked for.
      if (took || !login.again(ended)) co_return ended;
    }
  }

  [[nodiscard]] const call_counts& calls() const { return calls_; }
  [[nodiscard]] std::optional<connector::boot_clock::time_point> unreadable_at() const {
    return unreadable_at_;
  }

 private:
  using call_subject = std::pair<std::string, job_key>;

  // A stream waits no longer than this for its login.
  static constexpr std::chrono::milliseconds longest_login{30'000};

  static void set_end(grpc::ClientContext& context, connector::deadline end);
  static std::string path_of(const char* name);
  // With the metadata that every call carries.
  [[nodiscard]] std::unique_ptr<grpc::ClientContext> make_context() const;
  status record(const call_subject& call, const grpc::Status& from, reading how, bool alone);
  status status_of(const call_subject& call, const grpc::Status& from, reading how, bool alone);

  login* login_;
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
